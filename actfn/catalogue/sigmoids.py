"""Functions that rise from one level to another."""

from actfn.catalogue.activation import Activation

ROWS = (
    Activation(
        name="sigmoid",
        formula="sigmoid(x)",
        aliases=("logistic", "logsig", "expit", "σ", "sigmoid_fast"),
        title="Logistic sigmoid",
        source="Verhulst 1845; Rumelhart, Hinton & Williams 1986",
        note="FANN's sigmoid is 1/(1+exp(-2x)) at steepness 1, neat-python's 1/(1+exp(-5x)).",
    ),
    Activation(
        name="log_sigmoid",
        formula="log_sigmoid(x)",
        aliases=("logσ",),
        title="Logarithm of the logistic sigmoid",
        note="MXNet computes log(1/(1+exp(-x))), which is -inf below -88.7 in float32.",
    ),
    Activation(
        name="hard_sigmoid",
        formula="where(x <= -3, 0, where(x >= 3, 1, (x + 3)/6))",
        aliases=("hard_sigmoid_mobilenet", "hardσ"),
        title="Hard sigmoid",
        source="Howard et al. 2019, arXiv:1905.02244",
        note="Slope 1/6 in PyTorch, JAX, Flax, Keras 3, Paddle; 0.2 (clip(0.2*x + 0.5, 0, 1)) in Keras 1 and 2, ONNX, "
        "Chainer, MXNet; 1/2 in BinaryConnect. The slope at -3 and 3 is 0, as in PyTorch and JAX.",
    ),
    Activation(
        name="hard_tanh",
        formula="where(x <= min_val, min_val, where(x >= max_val, max_val, x))",
        parameters={"min_val": -1.0, "max_val": 1.0},
        aliases=("satlins", "linear_piece_symmetric", "clamped"),
        title="Hard hyperbolic tangent",
        source="Collobert 2004",
        note="The slope at the corners is 0 in PyTorch and here, 1 in JAX.",
    ),
    Activation(
        name="tanh",
        formula="tanh(x)",
        aliases=("tansig", "tanh_fast", "sigmoid_symmetric"),
        title="Hyperbolic tangent",
        note="neat-python's tanh is tanh(2.5*x).",
    ),
    Activation(
        name="softsign",
        formula="softsign(x)",
        aliases=("elliot_symmetric", "elliotsig"),
        title="Softsign",
        source="Elliott 1993; Turian, Bergstra & Bengio 2009",
        note="PyTorch, JAX and Keras give nan at ±inf; the limit is ±1.",
    ),
    Activation(name="erf", formula="erf(x)", title="Error function"),
    Activation(
        name="step",
        formula="step(x, threshold)",
        parameters={"threshold": 0.0},
        aliases=("heaviside", "binary_step", "hardlim", "unit_step", "perceptron", "binary"),
        title="Binary step",
        source="McCulloch & Pitts 1943; Rosenblatt 1958",
        note="1 at the threshold, as in MLX and FANN; numpy.heaviside makes the caller choose.",
    ),
)
