"""An exercise file: TOML to checks. What is wrong in it is said with its line and key.

Its keys are those of `keys`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from actfn.catalogue import lookup
from actfn.errors import ActfnError, UsageError, quoted, suggestion
from actfn.functions.function import Function
from actfn.grading import against, points, properties
from actfn.grading.grade import Check
from actfn.grading.judge import Tolerance
from actfn.grading.keys import CHECK, MOST_POINTS, TOP, spread
from actfn.grading.points import Group
from actfn.grading.submission import REFUSED
from actfn.grading.toml import Text
from actfn.numerics.formats import find_format
from actfn.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from actfn.functions.function import VectorFunction
    from actfn.grading.keys import Key
    from actfn.grading.submission import Submission
    from actfn.grading.toml import Place
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array

_SLOPES_AT = np.linspace(-8, 8, 33)  # where nothing else is said


@dataclass(frozen=True)
class Exercise:
    """A title and what is graded under it."""

    title: str
    checks: Sequence[Check]


def parse(text: str, name: str, folder: Path) -> Exercise:
    """Read an exercise.

    Args:
        text: of the file.
        name: what errors call it.
        folder: where the submission's files are looked for.

    Raises:
        UsageError: it is no TOML, a key is unknown, missing or has a wrong value, or a function does not exist.
    """
    return _Reader(text, name, folder).exercise()


class _Reader:
    """Walks the tables of one file, and knows where in it everything stands."""

    def __init__(self, text: str, name: str, folder: Path) -> None:
        self.text = Text(text, name)
        self.name = name
        self.folder = folder
        self.top = self.text.table()
        self.submissions: dict[str, Submission] = {}

    def exercise(self) -> Exercise:
        self._keys(self.top, TOP, ())
        tables: list[dict[str, Any]] = self.top.get("check", [])
        if not tables:
            message = f"{self.name}: there is no [[check]]"
            raise UsageError(message, hint="'actfn check --example' shows an exercise that works")
        checks: dict[str, Check] = {}
        for place in range(len(tables)):
            found = self._check(place, checks)
            checks[found.groups[0].name] = found
        return Exercise(self.top.get("title", self.name), [*checks.values()])

    def _keys(self, table: dict[str, Any], known: dict[str, Key], path: Place) -> None:
        """Refuse keys that do not exist and values that are not of their kind."""
        for key, value in table.items():
            if key not in known:
                hint = suggestion(key, list(known)) or f"the keys: {', '.join(known)}"
                self._refuse((*path, key), f"unknown key {quoted(key)}", hint)
            if not known[key].kind.holds(value):
                kind = known[key].kind
                hint = f"such as {key} = {kind.example}" if kind.example else ""
                self._refuse((*path, key), f"{key!r} must be {kind.name}", hint)

    def _check(self, place: int, before: Collection[str]) -> Check:
        path: Place = ("check", place)
        table = self.top["check"][place]
        self._keys(table, CHECK, path)
        for key in ("name", "function"):
            if key not in table:
                self._refuse(path, f"this check has no {key!r}")
        if table["name"] in before:
            self._refuse((*path, "name"), f"there are two checks named {quoted(table['name'])}")
        for needed in _listed(table.get("needs")):
            if needed not in before:
                hint = suggestion(needed, sorted(before)) or "it must be the name of a check that stands above"
                self._refuse((*path, "needs"), f"no check above is named {quoted(needed)}", hint)
        form = self._told((*path, "dtype"), lambda: find_format(table.get("dtype", "float64")))
        function = self._function(path, table)
        names = _listed(table.get("property"))
        questions = self._questions(path, table, function, form, names)
        self._properties(path, table, function, names, questions)
        limits = Limits(
            float(table.get("timeout", self.top.get("timeout", Limits.seconds))),
            int(self.top.get("memory", Limits.memory)),
        )
        return Check(
            function=function,
            submission=self._submission(path, "against", table),
            groups=[Group(table["name"], questions)],
            tolerance=Tolerance(table.get("atol"), table.get("rtol"), table.get("ulp")),
            form=form,
            vector=table.get("vector", False) or not isinstance(function, Function),
            properties=names,
            slope_of=self._submission(path, "slope-of", table) if "slope-of" in table else None,
            worth=float(table.get("points", 1)),
            hint=table.get("hint", ""),
            needs=_listed(table.get("needs")),
            limits=limits,
            refused=_listed(self.top["forbid"]) if "forbid" in self.top else REFUSED,
        )

    def _function(self, path: Place, table: dict[str, Any]) -> Function | VectorFunction:
        parameters = {name: float(value) for name, value in table.get("parameters", {}).items()}
        try:
            found = lookup.function(table["function"], **parameters)
        except ActfnError as error:
            if against.is_submission(table["function"], self.folder):
                message = f"{quoted(table['function'])} is no function, but can be graded"
                hint = "'function' is what is right, such as \"sigmoid\"; what is graded stands behind 'against'"
                self._refuse((*path, "function"), message, hint)
            self._refuse((*path, "function"), error.message, error.hint)
        if not table.get("derivative"):
            return found
        if not isinstance(found, Function):
            self._refuse((*path, "derivative"), f"{found.name!r} is a function of a vector: its values are graded only")
        return found.derivative()

    def _questions(
        self,
        path: Place,
        table: dict[str, Any],
        function: Function | VectorFunction,
        form: Format,
        names: Sequence[str],
    ) -> tuple[Array, ...]:
        if "at" in table and "range" in table:
            self._refuse((*path, "range"), "both 'at' and 'range' are given", "leave one out")
        single = isinstance(function, Function) and not table.get("vector")
        if "at" in table:
            at = table["at"] if isinstance(table["at"], list) else [table["at"]]
            nested = isinstance(at[0], list)
            count = sum(map(len, at)) if nested else len(at)
            if count > MOST_POINTS:
                self._refuse((*path, "at"), f"these are {count} numbers", f"a check is asked at {MOST_POINTS} at most")
            if nested and single:
                self._refuse((*path, "at"), "lists of numbers are for functions of a vector, or with vector = true")
            if nested:
                vectors = tuple(form.round(np.array(each, np.float64)) for each in at)
                self._told((*path, "at"), lambda: [function.values(x) for x in vectors])
                return vectors
            numbers = form.round(np.array(at, np.float64))
        elif "range" in table:
            numbers = form.round(spread(table["range"]))
        elif properties.MATCHES_DERIVATIVE in names:
            numbers = form.round(_SLOPES_AT)
        elif names and isinstance(function, Function):
            return points.line(function, form)
        else:
            questions = tuple(x for group in points.grouped(function, form) for x in group.questions)
            if single or not isinstance(function, Function):
                return questions
            numbers = np.concatenate(questions)
        return points.singles(numbers.tolist()) if single else (numbers,)

    def _properties(
        self,
        path: Place,
        table: dict[str, Any],
        function: Function | VectorFunction,
        names: Sequence[str],
        questions: Sequence[Array],
    ) -> None:
        if names and (not isinstance(function, Function) or table.get("vector")):
            self._refuse((*path, "property"), "properties are graded of functions of one number")
        for name in names:
            if name != properties.MATCHES_DERIVATIVE:
                self._told((*path, "property"), partial(properties.find, name))
            elif "slope-of" not in table:
                hint = 'name the function whose slopes they should be: slope-of = "student.py:silu"'
                self._refuse((*path, "property"), f"{name!r} needs 'slope-of'", hint)
        if names and not all(np.isfinite(x).all() for x in questions):
            self._refuse((*path, "at"), "properties are graded at finite points")
        if "slope-of" in table and properties.MATCHES_DERIVATIVE not in names:
            self._refuse((*path, "slope-of"), "'slope-of' is for property = \"matches derivative\"")

    def _submission(self, path: Place, key: str, table: dict[str, Any]) -> Submission:
        if key in table:
            where: Place = (*path, key)
            text = table[key]
        elif key in self.top:
            where, text = (key,), self.top[key]
        else:
            hint = 'write against = "student.py:{function}", or "./program", here or at the top'
            self._refuse(path, f"the check {quoted(table['name'])} does not say against what", hint)
        if "{function}" in text:
            if not table["function"].isidentifier():
                hint = f"write 'against' in this check, for {quoted(table['function'])} cannot stand in its place"
                self._refuse((*path, "function"), "'{function}' in 'against' needs the name of a function", hint)
            text = text.replace("{function}", table["function"])
        if text not in self.submissions:
            self.submissions[text] = self._told(where, lambda: against.submission(text, self.folder))
        return self.submissions[text]

    def _told(self, path: Place, make: Callable[[], Any]) -> Any:
        """What `make` gives; an error of it is told with the line."""
        try:
            return make()
        except ActfnError as error:
            self._refuse(path, error.message, error.hint)

    def _refuse(self, path: Place, message: str, hint: str = "") -> NoReturn:
        raise self.text.error(path, message, hint)


def _listed(value: Any) -> list[str]:
    """A text or a list of texts as a list."""
    return [] if value is None else [value] if isinstance(value, str) else list(value)
