"""Evaluation: avg@k, pass@k and maj@k of a model on problems with answers."""

from __future__ import annotations

import ctypes  # only for out-parameters
import json
import os
from dataclasses import dataclass, field
from typing import Any, Callable, Iterable, Iterator, Mapping, Optional, Sequence

import numpy as np

from . import _chat, _checks, _native
from ._errors import ArgumentTypeError
from ._keywords import keywords, suggestion
from ._rows import renamed
from .model import Model, Path
from .tokenizer import Tokenizer, render_prompt
from .verifier import STATUSES, Verdict

Problem = Mapping[str, Any]
#: (problem, response text) → verdict.
Judge = Callable[[Problem, str], Verdict]


@dataclass(frozen=True)
class Estimate:
    """A mean over problems with its 95 % interval: mean ± 1.96·s/√n, cut to [0, 1]; where all problems have one value,
    Wilson's interval for n trials."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Estimate":
        array = _native.vector(values, np.float64, "values")
        out = (ctypes.c_double * 3)()
        _native.call("luffy_estimate", array.ctypes.data, array.size, out)
        return cls(*out)

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
    #: pass@k and the vote of the first k responses, for each k from 1.
    _pass_at: list[float] = field(default_factory=list, repr=False)
    _votes: list[Optional[dict[str, Any]]] = field(default_factory=list, repr=False)

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
        return self._pass_at[k - 1]

    def vote(self, k: Optional[int] = None) -> Optional[Vote]:
        """Of the first k responses (None: all). Those without an answer do not vote; a tie goes to the answer that was
        seen first. None where nobody votes."""
        k = len(self.responses) if k is None else min(k, len(self.responses))
        found = self._votes[k - 1] if k > 0 else None
        return None if found is None else Vote(**found)

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

    def __repr__(self) -> str:
        samples = max((len(problem.responses) for problem in self.problems), default=0)
        return f"Evaluation(problems={len(self.problems)}, samples={samples}, accuracy={self.accuracy})"

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
    problems: Iterable[Problem],
    n: int = 1,
    max_new_tokens: Optional[int] = None,
    temperature: float = 0.6,
    top_p: float = 1.0,
    seed: int = 0,
    template: Optional[str] = None,
    system: Optional[str] = None,
    answers: str = "auto",
    thinking: str = "after",
    answer_form: str = "anywhere",
    judge: Optional[Judge] = None,
    problems_at_once: Optional[int] = None,
    output: Optional[Path] = None,
    columns: Optional[Mapping[str, str]] = None,
    on_problem: Optional[Callable[[EvaluatedProblem], None]] = None,
) -> Evaluation:
    """Samples `n` responses to each problem, judges them and counts.

    `problems`: a list, a generator, a `datasets.Dataset` or any other iterable of dicts. A problem has `problem` and
    `answer`, and `id` where there is one; `columns` maps these names to the data's own: `{"problem": "question"}`.
    `problem` may be a list of messages. `template`: "model" (the chat template of the model's own files), "raw", "chatml",
    "llama3" or "luffy"; None: "model" where that template is known, else "chatml". `max_new_tokens`: None is 8192, or what the longest
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
    problems = _checked(problems, columns)
    prompt_of = _prompts(tokenizer, template, system)
    if max_new_tokens is None:
        longest = max((len(tokenizer.encode(prompt_of(problem))) for problem in problems), default=0)
        limit = model.max_positions
        max_new_tokens = 8192 if limit is None else max(1, min(8192, limit - longest))
    size = problems_at_once or max(1, 256 // max(1, n))
    judged: list[EvaluatedProblem] = []
    options = {"answers": answers, "thinking": thinking, "answer_form": answer_form}
    lines = None if output is None else open(os.fspath(output), "w", encoding="utf-8")
    try:
        with _Book(options) as book:
            for step, start in enumerate(range(0, len(problems), size)):
                part = problems[start : start + size]
                prompts = [prompt_of(problem) for problem in part]
                written = model.generate(
                    [tokenizer.encode(prompt) for prompt in prompts], n=n, max_new_tokens=max_new_tokens,
                    temperature=temperature, top_p=top_p, seed=seed, step=step,
                )  # fmt: skip
                for problem, prompt, rollouts in zip(part, prompts, written):
                    responses = []
                    for rollout in rollouts:
                        text = tokenizer.decode(rollout.ids, skip_special_tokens=True)
                        response = {"text": text, "finish_reason": rollout.finish_reason, "tokens": len(rollout.ids)}
                        if judge is not None:
                            verdict = _verdict(judge(problem, text))
                            response.update(verdict=verdict.status, extracted=verdict.extracted)
                        responses.append(response)
                    found = book.add(problem, prompt, responses)
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


class _Book(_native.Handle):
    """Judged problems, in the library."""

    _destroy_ = "luffy_evaluation_destroy"

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(_native.made("luffy_evaluation_create", json.dumps(options).encode()))
        self._count = 0

    def add(self, problem: Problem, prompt: str, responses: Sequence[Mapping[str, Any]]) -> EvaluatedProblem:
        name = problem.get("id")
        record = {
            "id": None if name is None else str(name), "problem": _question(problem["problem"]),
            "answer": str(problem["answer"]), "prompt": prompt, "responses": responses,
        }  # fmt: skip
        out = ctypes.c_char_p()
        with self.use() as pointer:
            _native.call("luffy_evaluation_add", pointer, json.dumps(record).encode())
            _native.call("luffy_evaluation_problem", pointer, self._count, ctypes.byref(out))
        self._count += 1
        found = json.loads(out.value or b"")
        return EvaluatedProblem(
            found["index"], found["id"], prompt, found["reference"],
            [EvaluatedResponse(**response) for response in found["responses"]],
            found["answer_classes"], found["pass_at"], found["votes"],
        )  # fmt: skip


def _checked(problems: Iterable[Problem], columns: Optional[Mapping[str, str]]) -> list[Problem]:
    """Problems that have what an evaluation reads, under its names."""
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
        if columns:
            problem = found[index] = renamed(place, problem, columns)
        for key in ("problem", "answer"):
            if key not in problem:
                raise _native.LuffyValueError(
                    f"{place} has no {key!r}{suggestion(key, map(str, problem))}; it has "
                    f"{', '.join(map(str, problem))}: name the column, columns={{\"{key}\": \"…\"}}"
                )
        if _chat.is_conversation(problem["problem"]):
            _chat.checked(f"{place}: problem", problem["problem"])
        else:
            _checks.text(f"{place}: problem", problem["problem"])
        answer = problem["answer"]
        if isinstance(answer, bool) or not isinstance(answer, (str, int, float)):
            raise ArgumentTypeError(f"{place}: answer: expected a text or a number, got {type(answer).__name__}")
    return found


def _question(problem: Any) -> str:
    """A text, or what the user said last in a conversation."""
    if isinstance(problem, str):
        return problem
    return next((message["content"] for message in reversed(problem) if message["role"] == "user"), "")


def _prompts(tokenizer: Tokenizer, template: Optional[str], system: Optional[str]) -> Callable[[Problem], str]:
    """What makes a prompt of a problem."""
    if template is None:
        template = "chatml" if tokenizer.chat_template_name is None else "model"
    head = [] if system is None else [{"role": "system", "content": system}]

    def prompt(problem: Problem) -> str:
        given = problem["problem"]
        if template == "model":
            messages = given if _chat.is_conversation(given) else [{"role": "user", "content": given}]
            return _chat.render(tokenizer, _chat.checked("problem", [*head, *messages]), True, None, True)
        if not isinstance(given, str):
            raise ArgumentTypeError(
                f"problem: a list of messages needs the model's own chat template, template=\"model\"; it is {template!r}"
            )
        return render_prompt(template, given, system)

    return prompt


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
