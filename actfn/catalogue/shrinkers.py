"""Functions that pull a number towards 0, and small ones to 0."""

from actfn.catalogue.activation import Activation

ROWS = (
    Activation("tanhshrink", "x - tanh(x)",
               title="Tanhshrink",
               note="Frameworks compute x - tanh(x) directly, which is 0 in float32 for |x| below 1e-4."),
    Activation("softshrink", "where(x > lambd, x - lambd, where(x >= -lambd, 0, x + lambd))", {"lambd": 0.5},
               title="Soft shrinkage", aliases=("soft_threshold",), source="Donoho 1995",
               note="The slope at ±lambd is 0. TensorFlow Addons takes the two ends as lower and upper."),
    Activation("hardshrink", "where(abs(x) <= lambd, 0, x)", {"lambd": 0.5},
               title="Hard shrinkage", aliases=("hard_threshold",), source="Donoho & Johnstone 1994"),
    Activation("shrink", "where(x < -lambd, x + bias, where(x <= lambd, 0, x - bias))", {"lambd": 0.5, "bias": 0.0},
               title="Shrinkage with a bias", source="ONNX Shrink",
               note="bias is 0 in ONNX, which makes it hardshrink; in Burn 0.5, which makes it softshrink."),
    Activation("softshrink_plus",
               "x + 0.5*(hypot(x - a, sqrt(eps)) - hypot(x + a, sqrt(eps)))",
               {"a": 0.5, "eps": 0.01},
               title="Smooth soft shrinkage", source="Kunc & Kléma 4.55.5"),
)  # fmt: skip
