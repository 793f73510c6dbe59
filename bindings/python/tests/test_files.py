"""What the files of users look like, and what a save leaves of them."""

import os
import threading

import numpy as np
import pytest

import luffy

from conftest import CONFIG


def test_json_lines_of_any_editor(tmp_path):
    path = tmp_path / "problems.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"problem": "1"}\r\n\r\n  \n{"problem": "2", "problem": "\xe2\x80\xa8"}\r\n')
    assert list(luffy.read_problems(path)) == [{"problem": "1"}, {"problem": "\u2028"}]
    path.write_bytes(b'\r\n{"problem": "1"}\r\n\n{"problem": }\r\n')
    with pytest.raises(ValueError, match="line 4"):
        list(luffy.read_problems(path))


def test_of_equal_keys_the_last_counts():
    configuration = luffy.Model.create(CONFIG, seed=1).config
    objective = luffy.Objective()
    assert configuration["vocab_size"] == CONFIG["vocab_size"]
    assert objective.options


@pytest.mark.parametrize("call", [luffy.Model.load, luffy.Tokenizer.load, luffy.Trainer.load])
def test_a_path_that_is_not_utf8_is_refused(call, tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/m\xff")
    with pytest.raises(ValueError, match="UTF-8"):
        call(path)


def test_nothing_is_made_at_a_path_that_is_not_utf8(model, tmp_path):
    with pytest.raises(ValueError, match="UTF-8"):
        model.save(os.fsdecode(os.fsencode(tmp_path) + b"/m\xff"))
    assert list(tmp_path.iterdir()) == []


def test_a_save_keeps_a_users_files_and_follows_links(model, tmp_path):
    target, link = tmp_path / "model", tmp_path / "latest"
    model.save(target)
    (target / "README.md").write_text("mine")
    (target / "notes").mkdir()
    (target / "notes" / "a.txt").write_text("mine, too")
    link.symlink_to("model")
    other = luffy.Model.create(dict(CONFIG, rope_theta=500000.0), seed=2)
    other.save(link)
    assert link.is_symlink() and (target / "README.md").read_text() == "mine"
    assert (target / "notes" / "a.txt").read_text() == "mine, too"
    loaded = luffy.Model.load(target)
    assert loaded.config["rope_theta"] == 500000.0
    name = loaded.parameter_names()[0]
    np.testing.assert_array_equal(loaded.parameter(name), other.parameter(name))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "model"]


def test_a_directory_with_other_files_is_not_replaced_by_a_state(model, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(luffy.LuffyError, match="thesis.tex"):
        luffy.Trainer(model).save(tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_two_writers_leave_one_whole_model(tmp_path):
    models = [luffy.Model.create(dict(CONFIG, rope_theta=10000.0 * (1 + seed)), seed=seed) for seed in range(2)]
    name = models[0].parameter_names()[0]
    expected = {model.config["rope_theta"]: model.parameter(name).tobytes() for model in models}
    models[0].save(tmp_path / "model")

    def write(model):
        for _ in range(20):
            model.save(tmp_path / "model")

    threads = [threading.Thread(target=write, args=(model,)) for model in models]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        found = luffy.Model.load(tmp_path / "model")
        assert found.parameter(name).tobytes() == expected[found.config["rope_theta"]]
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
