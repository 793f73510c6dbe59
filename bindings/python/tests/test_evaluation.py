import json
import math

import pytest

import luffy
from luffy.choices import listed_options
from luffy.evaluation import _Book


def problem(texts, reference="2", question="q", **options):
    responses = [{"text": text, "finish_reason": "stop", "tokens": 3} for text in texts]
    return _Book(options).add({"problem": question, "answer": reference}, question, responses)


def test_options_say_how_responses_are_judged():
    texts = ["26 + 28 is a goal of 54", "The answer is 54.", r"\boxed{54}", "<think>54"]
    assert [r.correct for r in problem(texts, "54").responses] == [True, True, True, True]
    assert [r.correct for r in problem(texts, "54", answer_form="anchored").responses] == [False, True, True, False]
    assert [r.correct for r in problem(texts, "54", answer_form="boxed").responses] == [False, False, True, False]
    assert [r.correct for r in problem(texts, "54", thinking="required").responses] == [False] * 4
    with pytest.raises(ValueError, match="did you mean boxed"):
        problem(texts, answer_form="boxd")


def test_pass_at_k_is_the_share_of_subsets():
    found = problem(["2", "3", "4", r"\boxed{2}", "no idea"])
    assert found.right == 2
    for k in range(1, 6):
        assert found.pass_at(k) == pytest.approx(1 - math.comb(3, k) / math.comb(5, k))
    with pytest.raises(ValueError, match="k: 6"):
        found.pass_at(6)


def test_votes_count_equivalent_answers():
    half = problem([r"\boxed{3}", r"\boxed{\frac{1}{2}}", "the answer is 0.5", "$3$", r"\boxed{1/2}", "?"], "1/2")
    assert half.answer_classes == [0, 1, 1, 0, 1, None]
    assert half.vote() == luffy.Vote(half.responses[1].extracted, 3, True)
    # A tie goes to what was seen first.
    assert half.vote(4).right is False and half.vote(4).votes == 2
    assert problem(["?"]).vote() is None
    assert luffy.Evaluation([half, problem(["2", "3"])]).accuracy.mean == pytest.approx((3 / 6 + 1 / 2) / 2)
    assert luffy.Evaluation([half]).majority_at(6).mean == 1


def test_intervals():
    estimate = luffy.Estimate.of([0, 1, 1, 0.5])
    deviation = math.sqrt(sum((v - 0.625) ** 2 for v in (0, 1, 1, 0.5)) / 3 / 4)
    assert estimate.mean == 0.625 and estimate.low == pytest.approx(0.625 - 1.959964 * deviation)
    assert estimate.high == 1
    # Wilson: 0 of 10.
    assert luffy.Estimate.of([0.0] * 10).high == pytest.approx(0.2775, abs=1e-4)
    assert luffy.Estimate.of([]) == luffy.Estimate(0, 0, 1)


def test_letters():
    question = "Which?\n\nA) An apple\nB) Two\npears\nC) Nothing"
    assert listed_options(question) == (["A", "B", "C"], ["An apple", "Two\npears", "Nothing"])
    assert listed_options("A) alone") == ([], []) and listed_options("1. Do\n2. this") == ([], [])
    found = problem(["The answer is B", "(C)", "\\boxed{B}", "B", "two pears"], "B", question)
    assert [r.verdict for r in found.responses] == ["right", "wrong", "right", "right", "right"]
    assert found.vote().answer == "B" and found.vote().votes == 4
    digits = problem(["the answer is 2", "1"], "2", "Which?\n1) one\n2) two")
    assert [r.verdict for r in digits.responses] == ["right", "wrong"]


class Letters:
    """As much of a tokenizer as an evaluation asks for."""

    def encode(self, text):
        return [1 + ord(c) % 60 for c in text]

    def decode(self, ids, skip_special_tokens=False):
        return " ".join(str(i) for i in ids)


def test_a_model_is_evaluated(model, tmp_path):
    problems = [{"id": i, "problem": f"problem {i}", "answer": str(i)} for i in range(5)]
    seen = []
    arguments = dict(n=3, max_new_tokens=4, template="raw", problems_at_once=2)
    found = luffy.evaluate(
        model, Letters(), problems, output=tmp_path / "out.jsonl", on_problem=seen.append, **arguments
    )
    assert seen == found.problems and [len(p.responses) for p in seen] == [3] * 5
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [line["right"] for line in lines] == [p.right for p in seen]
    assert lines == [p.to_dict() for p in seen]
    assert luffy.evaluate(model, Letters(), problems, **arguments).problems == found.problems
    everything = luffy.evaluate(
        model, Letters(), problems, judge=lambda p, text: luffy.Verdict("right", text.split()[0]), **arguments
    )
    assert everything.accuracy.mean == everything.pass_at(3).mean == everything.majority_at(3).mean == 1
    with pytest.raises(ValueError, match="answers"):
        luffy.evaluate(model, Letters(), problems, answers="digit")
    with pytest.raises(ValueError, match="line 1"):
        (tmp_path / "bad.jsonl").write_text("{\n")
        list(luffy.read_problems(tmp_path / "bad.jsonl"))


def test_benchmark_files_are_read(shared):
    kinds = {"arc_challenge": 1172, "math500": 0, "aime24": 0, "gsm8k_test": 0}
    for name, letters in kinds.items():
        problems = list(luffy.read_problems(shared / "benchmarks" / f"{name}.jsonl"))
        assert sum(p["answer"] in listed_options(p["problem"])[0] for p in problems) == letters
