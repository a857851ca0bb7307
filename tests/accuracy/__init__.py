"""Accuracy on record: references from mpmath, what was measured against them, and the test that it stays so.

`python -m tests.accuracy.references` makes the references anew, `python -m tests.accuracy.measure` the record.
"""
