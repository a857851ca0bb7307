"""The floors of the house: an import may point down or along, never up."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "actfn"
FLOORS = {
    "errors": 0,
    "numerics": 0,
    "sandbox": 1,
    "expression": 1,
    "exact": 2,
    "functions": 3,
    "catalogue": 4,
    "analysis": 5,
    "experiments": 5,
    "grading": 5,
    "output": 6,
    "cli": 7,
}
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE)
ONLY_IN = {
    "typer": "cli",
    "click": "cli",
    "rich": "output",
    "plotext": "output",
    "matplotlib": "output",
    "flint": "exact",
}


def imported(path):
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_point_down(path):
    floor = FLOORS[path.parts[0]]
    upward = [
        name for name in imported(path) if name.startswith("actfn.") and FLOORS.get(name.split(".")[1], -1) > floor
    ]
    assert not upward


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_libraries_stay_on_their_floor(path):
    homes = {name.split(".")[0] for name in imported(path)} & ONLY_IN.keys()
    allowed = {library for library in homes if path.parts[0] in (ONLY_IN[library], "cli")}
    assert homes == allowed


def test_the_test_sees_an_import_that_points_up():
    assert FLOORS["cli"] > FLOORS["expression"]
    assert "actfn.expression.tree.Tree" in set(imported(Path("expression/parser.py")))
