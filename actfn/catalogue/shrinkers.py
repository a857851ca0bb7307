"""Functions that pull a number towards 0, and small ones to 0."""

from actfn.catalogue.activation import Activation

ROWS = (
    Activation(
        name="tanhshrink",
        formula="tanhshrink(x)",
        title="Tanhshrink",
        note="Frameworks compute x - tanh(x) directly, which is 0 in float32 for |x| below 1e-4.",
    ),
    Activation(
        name="softshrink",
        formula="where(x > lambd, x - lambd, where(x >= -lambd, 0, x + lambd))",
        parameters={"lambd": 0.5},
        aliases=("soft_threshold",),
        title="Soft shrinkage",
        source="Donoho 1995",
        note="The slope at ±lambd is 0.",
    ),
    Activation(
        name="hardshrink",
        formula="where(abs(x) <= lambd, 0, x)",
        parameters={"lambd": 0.5},
        aliases=("hard_threshold",),
        title="Hard shrinkage",
        source="Donoho & Johnstone 1994",
    ),
)
