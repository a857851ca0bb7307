"""What can be chosen by name. Imports nothing heavy: the command line names these when it starts."""

from enum import StrEnum


class Inputs(StrEnum):
    """What goes into a network that has not learnt yet."""

    UNIFORM = "uniform01"  # as pixels and rand() are
    NORMAL = "normal"  # mean 0, standard deviation 1


class Shape(StrEnum):
    """Two classes in a square of side 2 around 0, of which none is a straight line away from the other."""

    SPIRALS = "spirals"
    XOR = "xor"
    RINGS = "rings"
    SINE = "sine"


class Problem(StrEnum):
    """What is to be inverted."""

    SQUARE = "square"  # y = x^2, asked for x
    CIRCLE = "circle"  # r = |(x1, x2)|, asked for the point


class TaskName(StrEnum):
    """What is to be controlled."""

    LINEAR = "linear-quadratic"
    CAR = "mountain-car"


class Method(StrEnum):
    """How weights are learnt."""

    ADAM = "adam"
    SGD = "sgd"
