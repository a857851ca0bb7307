"""softmax(x)_i = e^x_i / sum_j e^x_j. Grade it with: actfn check softmax.toml"""

from collections.abc import Sequence


def softmax(x: Sequence[float]) -> Sequence[float]:
    """The softmax of a vector, which comes as a NumPy array. It must not overflow."""
    raise NotImplementedError
