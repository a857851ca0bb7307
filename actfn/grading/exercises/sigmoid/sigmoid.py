"""sigmoid(x) = 1/(1 + e^-x), at every float. Grade it with: actfn check sigmoid.toml"""


def sigmoid(x: float) -> float:
    """The logistic function of one number. It must not fail for any float, and keep its digits."""
    raise NotImplementedError
