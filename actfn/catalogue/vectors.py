"""Functions of a vector."""

from actfn.catalogue.activation import VectorActivation
from actfn.numerics import vectors

ROWS = (
    VectorActivation(
        name="softmax",
        formula="exp(x_i)/sum_j exp(x_j)",
        kernel=vectors.softmax,
        jacobian=vectors.softmax_jacobian,
        title="Softmax",
        source="Bridle 1990",
    ),
    VectorActivation(
        name="log_softmax",
        formula="x_i - log(sum_j exp(x_j))",
        kernel=vectors.log_softmax,
        jacobian=vectors.log_softmax_jacobian,
        title="Logarithm of softmax",
    ),
)
