"""Runs: the same directory, bits and figures as luffy-train and C; rewards of the caller's own; data of any shape."""

import json
import resource
import subprocess
from pathlib import Path

import pytest

import luffy
from luffy.run import ResumeOptions, RunOptions

TINY = dict(
    warmup_steps=6, steps=6, held_out=4, prompts=2, group=4, max_new_tokens=12, allow_cut_traces=True, eval_every=4,
    checkpoint_every=3, threads=1,
)  # fmt: skip
BINARY = Path(__file__).resolve().parents[3] / ".build/release/luffy-train"


def lines(directory):
    timing = ("timing_s/", "perf/", "memory/")
    read = [json.loads(line) for line in (Path(directory) / "metrics.jsonl").read_text().splitlines()]
    return [{name: value for name, value in line.items() if not name.startswith(timing)} for line in read]


def same(one, other):
    for name in ("model/model.safetensors", "state/arrays.bin", "state/manifest.json", "samples.jsonl"):
        assert (Path(one) / name).read_bytes() == (Path(other) / name).read_bytes(), name
    assert lines(one) == lines(other)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    directory = tmp_path_factory.mktemp("run") / "whole"
    steps = list(luffy.Run(output=directory, **TINY))
    return directory, steps


def test_a_run_gives_its_steps(whole):
    directory, steps = whole
    assert [step.number for step in steps] == list(range(1, 13))
    assert [step.stage for step in steps] == ["warmup"] * 6 + ["luffy"] * 6
    assert all(len(step.groups) == (2 if step.stage == "luffy" else 0) for step in steps)
    group = steps[-1].groups[0]
    assert [rollout.source for rollout in group.rollouts] == ["on"] * 3 + ["off"]
    assert len(group.texts) == len(group.rewards) == 4 and group.prompt == group.problem
    assert "eval/pass@1" in steps[7].metrics and "eval/pass@1" not in steps[8].metrics
    for step, line in zip(steps, lines(directory)):
        assert {name: line[name] for name in line if name != "stage"}.items() <= step.metrics.items()


def test_left_and_resumed_anywhere_it_ends_in_the_same_bits(whole, tmp_path):
    for count in (2, 8, 11):
        directory = tmp_path / str(count)
        for step in luffy.Run(output=directory, **TINY):
            if step.number == count:
                break
        result = luffy.Run.resume(directory).train()
        assert result.done and result.steps == 12
        same(whole[0], directory)


def test_a_line_that_cannot_be_written_is_written_by_the_next_call(whole, tmp_path):
    directory = tmp_path / "run"
    run = luffy.Run(output=directory, **TINY)
    events = run.events()
    assert [next(events) for _ in range(2)] == ["step", "step"]
    metrics = directory / "metrics.jsonl"
    before = metrics.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, limits[1]))
    try:
        for _ in range(2):
            with pytest.raises(OSError, match="File too large"):
                run._next()
            assert metrics.read_bytes() == before
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert run._next() == "step" and metrics.read_text().count("\n") == 3
    run.train()
    same(whole[0], directory)


@pytest.mark.skipif(not BINARY.exists(), reason="luffy-train is not built")
def test_luffy_train_and_python_go_on_with_each_other(whole, tmp_path):
    for step in luffy.Run(output=tmp_path / "a", **TINY):
        if step.number == 7:
            break
    subprocess.run([BINARY, "run", "--resume", tmp_path / "a"], check=True, capture_output=True)
    same(whole[0], tmp_path / "a")
    config = tmp_path / "config.json"
    config.write_text(json.dumps(TINY))
    process = subprocess.Popen([BINARY, "run", "--config", config, "--output", tmp_path / "b"], stdout=subprocess.DEVNULL)
    process.wait()
    same(whole[0], tmp_path / "b")
    with luffy.Run.resume(tmp_path / "b", steps=8) as run:
        assert run.train().steps == 14


def test_rewards_replace_the_verdict_and_are_asked_for_again(tmp_path):
    seen = []

    def short(prompts, completions, answer, **columns):
        seen.append((prompts, completions, answer))
        return [None if index == 0 else float(len(text) < 8) for index, text in enumerate(completions)]

    async def half(completions, **columns):
        return [0.5] * len(completions)

    rewards = [luffy.MathReward(), (short, 0.25), half]
    run = luffy.Run(output=tmp_path / "run", rewards=rewards, **TINY)
    steps = []
    for step in run:
        steps.append(step)
        if step.number == 8:
            break
    run.close()
    group = steps[-1].groups[1]
    prompts, completions, answers = seen[-1]
    assert completions == list(group.texts) and set(prompts) == {group.prompt} and set(answers) == {group.answer}
    for index, (text, reward) in enumerate(zip(group.texts, group.rewards)):
        verdict = luffy.verify(group.answer, text, grader="integer", boxed="only").correct
        assert reward == verdict + (0.25 * (len(text) < 8) if index else 0) + 0.5
    assert steps[-1].metrics["rewards/half/mean"] == 0.5
    with pytest.raises(ValueError, match="rewards of its caller's own"):
        luffy.Run.resume(tmp_path / "run")
    # Also before the first reward was set.
    for step in luffy.Run(output=tmp_path / "early", rewards=rewards, **TINY):
        if step.number == 2:
            break
    with pytest.raises(ValueError, match="rewards of its caller's own"):
        luffy.Run.resume(tmp_path / "early")
    whole = luffy.Run(output=tmp_path / "whole", rewards=rewards, **TINY)
    whole.train()
    luffy.Run.resume(tmp_path / "run", rewards=rewards).train()
    same(tmp_path / "whole", tmp_path / "run")


def test_events_let_the_caller_set_rewards(tmp_path):
    run = luffy.Run(output=tmp_path / "run", **TINY)
    kinds = []
    for event in run.events():
        kinds.append(event)
        if event == "groups":
            run.set_rewards(0, [1.0, None, 0.0, 1.0])
            run.set_rewards(1, [None] * 4)
            assert run.groups[0].rewards[0] == 1.0
            with pytest.raises(ValueError, match="needs 4 rewards, not 3"):
                run.set_rewards(0, [1.0, 0.0, 1.0])
            with pytest.raises(ValueError, match="group is 2, there are 2"):
                run.set_rewards(2, [1.0])
    assert kinds.count("groups") == 6 and kinds.count("step") == 12 and kinds[-2:] == ["evaluation", "done"]
    assert all(line["batch/unrewarded_rollouts"] == 5 for line in lines(tmp_path / "run")[6:])
    with pytest.raises(ValueError, match="after LUFFY_RUN_GROUPS"):
        run.set_rewards(0, [1.0])


@pytest.mark.parametrize(
    "reward, message",
    [
        (lambda **_: 1.0, "expected 4 numbers"),
        (lambda **_: [1.0], "expected 4 numbers"),
        (lambda **_: ["good"] * 4, "expected a number or None"),
        (lambda **_: [float("inf")] * 4, "finite"),
    ],
)
def test_rewards_that_are_none_are_named(tmp_path, reward, message):
    with pytest.raises(ValueError, match=message):
        luffy.Run(output=tmp_path / "run", rewards=[reward], **TINY).train()


def test_data_may_be_rows(tmp_path, whole):
    model = whole[0] / "model"
    rows = [
        {"question": f"{n}+{n}=", "result": 2 * n, "solution": f"\\boxed{{{2 * n}}}", "level": n} for n in range(1, 21)
    ]
    options = dict(
        model=model, template="raw", steps=2, prompts=2, group=4, held_out=2, threads=1, dtype="float32",
        columns={"problem": "question", "answer": "result"},
    )  # fmt: skip
    levels = []

    def reward(completions, level, **columns):
        levels.extend(level)
        return [float(level[0] % 2)] * len(completions)

    run = luffy.Run(data=rows, output=tmp_path / "rows", rewards=[reward], **options)
    steps = list(run)
    assert len(levels) == 16 and all(group.columns.keys() == {"level"} for group in steps[0].groups)
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    luffy.Run(data=path, eval_data=rows[:3], output=tmp_path / "file", **options).train()
    with pytest.raises(ValueError, match="has no 'problem'; it has question, result, solution, level"):
        luffy.Run(data=rows, output=tmp_path / "wrong", model=model)
    with pytest.raises(ValueError, match=r"data\[0\] has no 'ask'"):
        luffy.Run(data=rows, output=tmp_path / "wrong", model=model, columns={"problem": "ask"})
    with pytest.raises(TypeError, match="expected a dict"):
        luffy.Run(data=["1+1="], output=tmp_path / "wrong", model=model)


def test_a_finished_run_is_opened_at_its_end(whole):
    with luffy.Run.resume(whole[0]) as run:
        assert run.result.done and list(run) == [] and run.result.steps == 12
        page = Path(run.report())
    assert page.name == "report.html" and "luffy run whole" in page.read_text()
    with pytest.raises(ValueError, match="neither"):
        luffy.report(whole[0] / "model")


def test_two_never_write_one_run(whole, tmp_path):
    run = luffy.Run(output=tmp_path / "run", **TINY)
    for step in run:
        if step.number == 7:
            break
    with pytest.raises(ValueError, match="another process is writing it"):
        luffy.Run.resume(tmp_path / "run")
    run.close()
    with pytest.raises(ValueError, match="holds a checkpoint"):
        luffy.Run(output=tmp_path / "run", **TINY)
    with pytest.raises(ValueError, match="no such run directory"):
        luffy.Run.resume(tmp_path / "none")
    with pytest.raises(ValueError, match="a run that goes on keeps it"):
        luffy.Run.configuration(resume=str(whole[0]), lr=1.0)


def test_keywords_are_the_keys_of_a_run():
    keys = luffy.Run.configuration()
    explicit = {"model", "data", "eval_data", "caller_rewards"}
    assert set(RunOptions.__annotations__) == set(keys) - explicit - {"format"}
    assert set(ResumeOptions.__annotations__) <= set(keys)
    with pytest.raises(TypeError, match="did you mean lr"):
        luffy.Run(learning_rate=1e-3)
    with pytest.raises(ValueError, match="steps: expected a whole number"):
        luffy.Run(steps="many")


def test_a_model_and_tokenizer_of_the_run(tmp_path):
    run = luffy.Run(output=tmp_path / "run", **TINY)
    model, tokenizer = run.model, run.tokenizer
    run.close()
    ids = tokenizer.encode("1+2=")
    assert len(model.score([ids])[0].logprobs) == len(ids)
