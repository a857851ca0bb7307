"""What can be graded: whatever answers questions. Here are the kinds that run nothing.

A submission answers questions, and that is all it can do: a `Reply` holds numbers, or why there are none. Nobody but
the grader says what is right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from actfn.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.errors import Span
    from actfn.functions.function import Function, VectorFunction
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array

REFUSED = ("actfn", "jax", "scipy", "torch")  # packages that have the answers


@dataclass(frozen=True)
class Place:
    """Where in the file of a submission.

    Attributes:
        line: its number, 0 if that is not known.
        source: what stands there; empty if that is not known.
        span: the part of `source` that is meant.
    """

    line: int = 0
    source: str = ""
    span: Span = (0, 0)


NOWHERE = Place()


@dataclass(frozen=True)
class Reply:
    """The answer to one question.

    Attributes:
        values: the numbers; None where there are none.
        problem: why not, as a sentence without subject: `raised OverflowError: math range error`.
        place: where in the file of the submission.
        everywhere: whether the problem is no matter of the question: the submission cannot even be asked.
        hint: what to do about it.
    """

    values: tuple[float, ...] | None
    problem: str = ""
    place: Place = NOWHERE
    everywhere: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Request:
    """What a submission is asked.

    Attributes:
        questions: the points, each a vector, of one element where the function takes a number.
        vector: whether each is given as a vector and answered by one.
        form: the float format that is graded.
        limits: what answering may take.
        refused: packages that may not be imported.
        bwrap: the path of bubblewrap where programs run in it, else empty.
    """

    questions: Sequence[Array]
    vector: bool
    form: Format
    limits: Limits = field(default_factory=Limits)
    refused: Sequence[str] = REFUSED
    bwrap: str = ""


class Submission(Protocol):
    """Whatever answers questions."""

    @property
    def text(self) -> str:
        """As it was given."""

    @property
    def file(self) -> str:
        """The file it is in, for annotations; empty if there is none."""

    def ask(self, request: Request) -> list[Reply]:
        """A reply for each question, in order."""


@dataclass(frozen=True)
class Formula:
    """An expression, executed as typed in the format that is graded."""

    function: Function | VectorFunction
    file: str = ""

    @property
    def text(self) -> str:
        return self.function.name

    def ask(self, request: Request) -> list[Reply]:
        return [Reply(tuple(self.function.values(x, request.form).tolist())) for x in request.questions]


@dataclass(frozen=True)
class Given:
    """Answers that are there already."""

    replies: Sequence[Reply]
    text: str = "standard input"
    file: str = ""

    def ask(self, request: Request) -> list[Reply]:
        assert len(request.questions) == len(self.replies)
        return list(self.replies)


@dataclass(frozen=True)
class Missing:
    """A submission that was not handed in, or that nothing can run."""

    text: str
    problem: str
    hint: str = ""
    file: str = ""

    def ask(self, request: Request) -> list[Reply]:
        return [Reply(None, self.problem, everywhere=True, hint=self.hint)] * len(request.questions)
