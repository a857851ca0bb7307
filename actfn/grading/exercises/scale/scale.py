"""Inputs between -1000 and 1000 saturate a sigmoid. Find a scale for them. Grade it with: actfn check scale.toml"""

import math

SCALE = 1.0


def scaled(z: float) -> float:
    """The sigmoid of a scaled input. No two of 201 inputs may become one float32, and none 0 or 1."""
    return 1 / (1 + math.exp(-max(-700.0, min(700.0, SCALE * z))))
