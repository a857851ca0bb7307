"""Certified arithmetic: values, derivatives and limits with proven error bounds, computed with Arb (python-flint).

Four answers are told apart: a number, an infinity, undefined, and unresolved. No other package imports python-flint.
"""
