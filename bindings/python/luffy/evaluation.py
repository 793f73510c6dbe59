"""Evaluation: avg@k, pass@k and maj@k of a model on problems with answers."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator, Mapping, Optional, Sequence

import numpy as np

from . import _checks, _native
from ._errors import ArgumentTypeError
from ._keywords import keywords, suggestion
from .choices import listed_options
from .model import Model, Path
from .tokenizer import Tokenizer, render_prompt
from .verifier import STATUSES, Verdict, VerifyOptions, verify

Problem = Mapping[str, Any]
#: (problem, response text) → verdict.
Judge = Callable[[Problem, str], Verdict]
#: Two extracted answers → whether they are one answer.
Equivalence = Callable[[str, str], bool]

_Z = 1.959964


@dataclass(frozen=True)
class Estimate:
    """A mean over problems with its 95 % interval: mean ± 1.96·s/√n, cut to [0, 1]; where all problems have one value,
    Wilson's interval for n trials."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Estimate":
        n = len(values)
        if n == 0:
            return cls(0.0, 0.0, 1.0)
        mean = sum(values) / n
        if all(value == values[0] for value in values):
            square = _Z * _Z / n
            center = (mean + square / 2) / (1 + square)
            half = _Z / (1 + square) * math.sqrt(max(0.0, mean * (1 - mean)) / n + square / (4 * n))
        else:
            variance = sum((value - mean) ** 2 for value in values) / (n - 1)
            center, half = mean, _Z * math.sqrt(variance / n)
        return cls(mean, max(0.0, center - half), min(1.0, center + half))

    def __str__(self) -> str:
        return f"{100 * self.mean:.1f} % [{100 * self.low:.1f}, {100 * self.high:.1f}]"


@dataclass(frozen=True)
class EvaluatedResponse:
    """One response and what was made of it."""

    text: str
    extracted: Optional[str]
    #: "right", "wrong" or "unparsed".
    verdict: str
    finish_reason: str
    tokens: int

    @property
    def correct(self) -> bool:
        return self.verdict == "right"


@dataclass(frozen=True)
class Vote:
    """The answer that most responses gave; `right` is the verdict on the first response that gave it."""

    answer: str
    votes: int
    right: bool


@dataclass
class EvaluatedProblem:
    """All responses to one problem."""

    index: int
    id: Optional[str]
    prompt: str
    reference: str
    responses: list[EvaluatedResponse]
    #: For each response the first one with an equivalent answer; None without an answer.
    answer_classes: list[Optional[int]] = field(default_factory=list)

    @property
    def right(self) -> int:
        return sum(response.correct for response in self.responses)

    @property
    def accuracy(self) -> float:
        return self.right / max(1, len(self.responses))

    def pass_at(self, k: int) -> float:
        """1 − C(n − c, k) / C(n, k), the unbiased estimate (arXiv 2107.03374)."""
        n = len(self.responses)
        if not 1 <= k <= n:
            raise _native.LuffyValueError(f"k: {k} is not in 1 … {n}, the number of responses")
        return 1 - math.comb(n - self.right, k) / math.comb(n, k)

    def vote(self, k: Optional[int] = None) -> Optional[Vote]:
        """Of the first k responses (None: all). Those without an answer do not vote; a tie goes to the answer that was
        seen first. None where nobody votes."""
        votes: dict[int, int] = {}
        for first in self.answer_classes[:k]:
            if first is not None:
                votes[first] = votes.get(first, 0) + 1
        if not votes:
            return None
        winner = max(votes, key=lambda first: (votes[first], -first))
        response = self.responses[winner]
        return Vote(response.extracted or "", votes[winner], response.correct)

    def to_dict(self) -> dict[str, Any]:
        """The line that `luffy-train eval --output` writes."""
        vote = self.vote()
        return {
            "index": self.index, "id": self.id, "prompt": self.prompt, "reference": self.reference,
            "samples": len(self.responses), "right": self.right,
            "majority": None if vote is None else {"answer": vote.answer, "votes": vote.votes, "right": vote.right},
            "responses": [dict(vars(response)) for response in self.responses],
        }  # fmt: skip


@dataclass
class Evaluation:
    """Every response to every problem."""

    problems: list[EvaluatedProblem]

    @property
    def accuracy(self) -> Estimate:
        """avg@k: the mean share of right responses."""
        return Estimate.of([problem.accuracy for problem in self.problems])

    def pass_at(self, k: int) -> Estimate:
        """The chance that one of k responses is right."""
        return Estimate.of([problem.pass_at(k) for problem in self.problems])

    def majority_at(self, k: int) -> Estimate:
        """maj@k: the share of problems whose first k responses vote for a right answer."""
        for problem in self.problems:
            problem.pass_at(k)  # refuses a k beyond the responses
        votes = [problem.vote(k) for problem in self.problems]
        return Estimate.of([1.0 if vote is not None and vote.right else 0.0 for vote in votes])


@keywords()
def evaluate(
    model: Model,
    tokenizer: Tokenizer,
    problems: Sequence[Problem],
    n: int = 1,
    max_new_tokens: Optional[int] = None,
    temperature: float = 0.6,
    top_p: float = 1.0,
    seed: int = 0,
    template: str = "chatml",
    system: Optional[str] = None,
    answers: str = "auto",
    thinking: str = "after",
    answer_form: str = "anywhere",
    judge: Optional[Judge] = None,
    problems_at_once: Optional[int] = None,
    output: Optional[Path] = None,
    on_problem: Optional[Callable[[EvaluatedProblem], None]] = None,
) -> Evaluation:
    """Samples `n` responses to each problem, judges them and counts.

    A problem has `problem` and `answer`, and `id` where there is one. `max_new_tokens`: None is 8192, or what the longest
    prompt leaves of the model's positions. `answers`: "math", "letter", or "auto": by letter
    where the problem lists options and the answer is one of their labels. `answer_form`: what counts as an answer,
    "anywhere", "anchored" (a box or "answer is …") or "boxed". `judge` replaces the verifier and returns a
    `Verdict`; then answers are one in a vote where their texts are equal. `output`: a JSON line for each problem, written as soon as it is judged.
    `problems_at_once` (None: 256 responses) is part of the seed.
    """
    _checks.choice("answers", answers, ("auto", "math", "letter"))
    _checks.integer("n", n, 1)
    if problems_at_once is not None:
        _checks.integer("problems_at_once", problems_at_once, 1)
    problems = _checked(problems)
    if max_new_tokens is None:
        longest = max((len(tokenizer.encode(_prompt(problem, template, system))) for problem in problems), default=0)
        limit = model.max_positions
        max_new_tokens = 8192 if limit is None else max(1, min(8192, limit - longest))
    size = problems_at_once or max(1, 256 // max(1, n))
    judged: list[EvaluatedProblem] = []
    lines = None if output is None else open(os.fspath(output), "w", encoding="utf-8")
    try:
        for step, start in enumerate(range(0, len(problems), size)):
            part = problems[start : start + size]
            prompts = [_prompt(problem, template, system) for problem in part]
            written = model.generate(
                [tokenizer.encode(prompt) for prompt in prompts], n=n, max_new_tokens=max_new_tokens,
                temperature=temperature, top_p=top_p, seed=seed, step=step,
            )  # fmt: skip
            for problem, prompt, rollouts in zip(part, prompts, written):
                grader, same = (
                    _grader(problem, answers, thinking, answer_form) if judge is None else (judge, str.__eq__)
                )
                responses = []
                for rollout in rollouts:
                    text = tokenizer.decode(rollout.ids, skip_special_tokens=True)
                    verdict = _verdict(grader(problem, text))
                    responses.append(
                        EvaluatedResponse(
                            text, verdict.extracted, verdict.status, rollout.finish_reason, len(rollout.ids)
                        )
                    )
                name = problem.get("id")
                found = EvaluatedProblem(
                    len(judged), None if name is None else str(name), prompt, str(problem["answer"]), responses,
                    _classes([response.extracted for response in responses], same),
                )  # fmt: skip
                judged.append(found)
                if lines is not None:
                    lines.write(json.dumps(found.to_dict(), ensure_ascii=False) + "\n")
                    lines.flush()
                if on_problem is not None:
                    on_problem(found)
    finally:
        if lines is not None:
            lines.close()
    return Evaluation(judged)


def _checked(problems: Sequence[Problem]) -> list[Problem]:
    """Problems that have what an evaluation reads."""
    if isinstance(problems, (Mapping, str, bytes)):
        raise ArgumentTypeError("problems: expected a list of problems, got one: write [problem]")
    found = list(problems)
    for index, problem in enumerate(found):
        place = f"problems[{index}]"
        if not isinstance(problem, Mapping):
            raise ArgumentTypeError(
                f"{place}: expected a dict, got {type(problem).__name__}: write "
                '{"problem": "What is 1 + 1?", "answer": "2"}'
            )
        for key in ("problem", "answer"):
            if key not in problem:
                hint = suggestion(key, map(str, problem)) or f"; it has {', '.join(map(str, problem))}"
                raise _native.LuffyValueError(f"{place} has no {key!r}{hint}")
        _checks.text(f"{place}: problem", problem["problem"])
        answer = problem["answer"]
        if isinstance(answer, bool) or not isinstance(answer, (str, int, float)):
            raise ArgumentTypeError(f"{place}: answer: expected a text or a number, got {type(answer).__name__}")
    return found


def _prompt(problem: Problem, template: str, system: Optional[str]) -> str:
    return render_prompt(template, problem["problem"], system)


def _verdict(given: object) -> Verdict:
    """What a judge returned, where it is a verdict."""
    if isinstance(given, Verdict):
        return given
    if isinstance(given, (bool, np.bool_)):
        instead = 'luffy.Verdict("right" if … else "wrong")'
    elif isinstance(given, str) and given in STATUSES:
        instead = f"luffy.Verdict({given!r})"
    else:
        instead = f"luffy.Verdict(status), where status is one of {', '.join(STATUSES)}"
    raise ArgumentTypeError(f"judge returned {given!r}: it returns a verdict: write {instead}")


def read_problems(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file. A byte order mark, CRLF and blank lines are no part of them."""
    with open(path, encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as failure:
                    raise _native.LuffyValueError(f"{path}, line {number}: {failure}") from None


def _grader(problem: Problem, answers: str, thinking: str, answer_form: str = "anywhere") -> tuple[Judge, Equivalence]:
    """What judges responses to a problem, and what compares their answers."""
    reference = str(problem["answer"])
    options: VerifyOptions = {"grader": "math"}
    if answers != "math":
        label = reference.strip().upper()
        labels, texts = listed_options(str(problem["problem"]))
        if label in labels and label.isdigit():
            options = {"grader": "integer"}
        elif label in labels:
            options = {"grader": "choice", "choice_texts": texts}
        elif answers == "letter":
            options = {"grader": "choice", "choice_count": max(4, min(26, ord(label[:1] or "A") - ord("A") + 1))}

    read: VerifyOptions = {**options, "thinking": thinking}

    def judge(_: Problem, response: str) -> Verdict:
        return verify(reference, response, **read)

    def same(first: str, second: str) -> bool:
        if first == second or options["grader"] == "choice":
            return first == second
        return verify(first, f"\\boxed{{{second}}}", **options).correct

    return judge, same


def _classes(answers: Sequence[Optional[str]], same: Equivalence) -> list[Optional[int]]:
    """For each answer the first one that it is equivalent to."""
    firsts: list[tuple[int, str]] = []
    classes: list[Optional[int]] = []
    for index, answer in enumerate(answers):
        if answer is None:
            classes.append(None)
            continue
        found = next((first for first, text in firsts if same(text, answer)), None)
        if found is None:
            firsts.append((index, answer))
        classes.append(index if found is None else found)
    return classes
