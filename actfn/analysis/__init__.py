"""Questions asked of a function: pure, with frozen results."""
