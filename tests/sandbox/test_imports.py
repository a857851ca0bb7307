"""While imports are sealed, no module comes from a file."""

import importlib
import sys

import pytest

from actfn.sandbox import imports


def test_nothing_is_imported_from_a_file(tmp_path, monkeypatch):
    (tmp_path / "surely_not_imported.py").write_text("raise AssertionError")
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    with imports.sealed():
        for name in ("surely_not_imported", "this", "encodings.cp037"):
            with pytest.raises(ImportError, match="was not imported before code of others ran"):
                importlib.import_module(name)
        with pytest.raises(LookupError):
            "x".encode("cp1006")
        import math  # what is there already, and what is part of Python, can be had

        assert math
        importlib.import_module("_tracemalloc")
    assert set(sys.modules) - before <= {"_tracemalloc"}


def test_afterwards_everything_can_be_imported(tmp_path, monkeypatch):
    (tmp_path / "imported_afterwards.py").write_text("answer = 42")
    monkeypatch.syspath_prepend(tmp_path)
    finders = [*sys.meta_path]
    with pytest.raises(ZeroDivisionError), imports.sealed():
        _ = 1 / 0
    assert sys.meta_path == finders
    assert importlib.import_module("imported_afterwards").answer == 42
