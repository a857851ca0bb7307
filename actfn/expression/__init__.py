"""The little language: text, trees, the table of primitives, and everything derived from the table."""
