"""x times a gate that opens with x."""

from actfn.catalogue.activation import Activation

ROWS = (
    Activation(
        name="silu",
        formula="silu(x, beta)",
        parameters={"beta": 1.0},
        aliases=("swish_1", "sigmoid_linear_unit"),
        title="Sigmoid linear unit",
        source="Hendrycks & Gimpel 2016, arXiv:1606.08415; Elfwing, Uchibe & Doya 2017, arXiv:1702.03118",
        note="Called swish, without a parameter, in Keras, JAX, Paddle and NNlib. PyTorch and JAX give nan at -inf.",
    ),
    Activation(
        name="swish",
        formula="silu(x, beta)",
        parameters={"beta": 1.0},
        aliases=("parametric_swish",),
        title="Swish",
        source="Ramachandran, Zoph & Le 2017, arXiv:1710.05941",
        note="With beta = 1 it is silu. beta is 1 in ONNX, MXNet and keras-contrib, 1.25 in Echo.",
    ),
    Activation(
        name="gelu",
        formula="gelu(x)",
        aliases=("gelu_erf", "gelu_exact", "gelu_none", "gelu_python"),
        title="Gaussian error linear unit",
        source="Hendrycks & Gimpel 2016, arXiv:1606.08415",
        note="gelu is the exact form in PyTorch, keras.activations, tf.nn, Paddle, ONNX, MLX and Burn; jax.nn, Flax, "
        "TensorFlow Addons, tinygrad and NNlib mean gelu_tanh by it. They differ by up to 4.7e-4.",
    ),
    Activation(
        name="gelu_tanh",
        formula="gelu_tanh(x)",
        aliases=("gelu_new", "gelu_fast", "gelu_approx", "gelu_pytorch_tanh", "gelu_accurate", "new_gelu", "fast_gelu",
                 "gelu_sigmoid", "sielu", "gelu_python_tanh", "gelu_approximate"),
        title="GELU, tanh approximation",
        source="Hendrycks & Gimpel 2016, arXiv:1606.08415",
        note="MLX's gelu_fast_approx is quick_gelu, Hugging Face's gelu_fast is this function.",
    ),
    Activation(
        name="quick_gelu",
        formula="silu(x, beta=1.702)",
        aliases=("gelu_fast_approx", "gelu_sigmoid_approx"),
        title="GELU, sigmoid approximation",
        source="Hendrycks & Gimpel 2016, arXiv:1606.08415",
        note="Up to 0.0203 away from gelu, at -2.27.",
    ),
    Activation(
        name="mish",
        formula="mish(x)",
        title="Mish",
        source="Misra 2019, arXiv:1908.08681",
        note="PyTorch, MXNet and Paddle use a softplus with a threshold inside; PyTorch and JAX give nan at -inf.",
    ),
    Activation(
        name="hard_swish",
        formula="where(x <= -3, 0, where(x >= 3, x, x*(x + 3)/6))",
        aliases=("hard_silu", "h_swish"),
        title="Hard swish",
        source="Howard et al. 2019, arXiv:1905.02244",
        note="The slopes at -3 and 3 are 0 and 1 in PyTorch 2.13, JAX and here; -0.5 and 1.5 in PyTorch up to 2.6.",
    ),
)  # fmt: skip
