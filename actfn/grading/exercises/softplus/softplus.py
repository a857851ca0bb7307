"""softplus(x) = log(1 + e^x), without overflow. Grade it with: actfn check softplus.toml"""


def softplus(x: float) -> float:
    """The soft version of max(0, x). For large x it is x, for very negative x it is e^x."""
    raise NotImplementedError
