"""silu(x) = x sigmoid(x), and its derivative. Grade them with: actfn check silu.toml"""


def silu(x: float) -> float:
    """The sigmoid linear unit of one number."""
    raise NotImplementedError


def dsilu(x: float) -> float:
    """The derivative of silu. sigmoid(x) near 1 leaves no digits to 1 - sigmoid(x): sigmoid(-x) has them."""
    raise NotImplementedError
