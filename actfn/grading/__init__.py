"""Exercises: run a submission at arm's length, compare what it answers, report."""
