"""The activation functions that have names: rows of data by family, and the lookup."""
