import os
import signal
import threading
import time

import numpy as np
import pytest

import luffy

from conftest import CONFIG


def test_sampled_logprobs_are_the_scorers_bits(model):
    prompts = [[1, 2, 3], list(range(40))]
    for group, prompt in zip(model.generate(prompts, n=3, max_new_tokens=40, temperature=0.9, seed=5), prompts):
        scores = model.score([prompt + rollout.ids for rollout in group], temperature=0.9)
        for rollout, score in zip(group, scores):
            assert rollout.logprobs.tobytes() == score.logprobs[len(prompt) :].tobytes()
            assert rollout.finish_reason == ("stop" if rollout.ids[-1] == 0 else "length")


def test_threads_do_not_change_a_bit(model):
    results = []
    for threads in (1, 2, 3):
        luffy.set_threads(threads)
        results.append([r.logprobs.tobytes() for r in model.generate([[4, 5]], n=4, max_new_tokens=30, seed=1)[0]])
    luffy.set_threads(0)
    assert results[0] == results[1] == results[2]


def test_gradients_are_those_of_the_loss(model):
    sequence = [1, 2, 3, 4, 5, 6]
    weights = np.array([0, 1, -0.5, 2, 0, 0.3], np.float32)
    name = "model.layers.1.mlp.down_proj.weight"
    model.zero_gradients()
    model.backward([sequence], [weights])
    gradient = model.gradient(name)
    value = model.parameter(name)
    place = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)

    def loss(shift):
        changed = value.copy()
        changed[place] += shift
        model.set_parameter(name, changed)
        return float(np.dot(model.score([sequence])[0].logprobs.astype(float), weights))

    numeric = (loss(1e-2) - loss(-1e-2)) / 2e-2
    assert abs(numeric - gradient[place]) < 2e-2 * abs(numeric)


def test_parameters_and_files(model, tmp_path):
    model.save(tmp_path / "saved")
    with luffy.Model.load(tmp_path / "saved") as copy:
        assert copy.config["hidden_size"] == 32
        assert copy.parameter_names() == model.parameter_names()
        for name in model.parameter_names():
            assert np.array_equal(copy.parameter(name), model.parameter(name))
        assert copy.score([[1, 2, 3]])[0].logprobs.tobytes() == model.score([[1, 2, 3]])[0].logprobs.tobytes()


def test_errors_say_what_and_where(model, tmp_path):
    with pytest.raises(ValueError, match="61"):
        model.score([[61]])
    with pytest.raises(luffy.LuffyError, match="nothing.weight"):
        model.parameter("nothing.weight")
    with pytest.raises(ValueError, match="shape"):
        model.set_parameter("model.norm.weight", np.zeros(3))
    with pytest.raises(OSError):
        luffy.Model.load(tmp_path / "absent")
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + bytes(40))
    with pytest.raises(luffy.LuffyError):
        luffy.Model.load(tmp_path / "bad.gguf")
    with pytest.raises(ValueError, match="vocab_size"):
        luffy.Model.create({**CONFIG, "vocab_size": -1})
    with pytest.raises(ValueError, match="dtype"):
        luffy.Model.create(CONFIG, dtype="int4")
    model.set_parameter("model.norm.weight", np.full(32, np.nan))
    with pytest.raises(luffy.NonFiniteError):
        model.score([[1, 2]])


def test_close_is_idempotent_and_final(model):
    model.close()
    model.close()
    with pytest.raises(luffy.ClosedError):
        model.score([[1]])
    with pytest.raises(ValueError):
        model.parameter_names()


def test_memory_goes_back():
    before = luffy.memory_stats()["live"]
    with luffy.Model.create({**CONFIG, "vocab_size": 5000}) as made:
        made.score([[1, 2]])
        assert luffy.memory_stats()["live"] > before
    assert luffy.memory_stats()["live"] == before


def test_interrupt_cancels_a_running_call():
    with luffy.Model.create({**CONFIG, "hidden_size": 256, "intermediate_size": 1024}) as made:
        # A shell that runs this in the background has the signal ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
        timer.start()
        started = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            made.generate([[1, 2, 3]], n=64, max_new_tokens=100_000, stop_ids=[])
        assert time.monotonic() - started < 20
        assert made.score([[1, 2]])[0].logprobs[1] < 0


def test_build_info():
    info = luffy.build_info()
    assert info["version"] == luffy.__version__ and info["abi"] == 0
    assert info["allocator"] in ("mmap", "jemalloc") and info["threads"] >= 1
