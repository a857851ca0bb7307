"""gelu(x) = x Phi(x), where Phi is the normal distribution function. Grade it with: actfn check gelu.toml"""


def gelu(x: float) -> float:
    """The Gaussian error linear unit of one number: the exact one, with erf or erfc, not the one with tanh."""
    raise NotImplementedError
