"""Certified arithmetic: the only package that knows python-flint."""
