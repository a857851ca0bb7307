"""Which framework calls which function what: every spelling, and where it means other defaults or another formula.

A spelling finds the row of its name, case and underscores aside, unless `own` says what the framework means by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from actfn.catalogue.rows import find
from actfn.errors import UnknownNameError, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Framework:
    """A framework or library.

    Attributes:
        key: the name it is asked for by.
        title: its name and the version that was read.
        modules: what stands before the dot or colon of a qualified name, and the spellings behind it.
        own: what a spelling means, where that is not the row of its name: a row, or an expression in x, after the row's
            name where it does not begin with it; the spelling may be qualified by its module.
        synonyms: further names of the framework.
    """

    key: str
    title: str
    modules: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What it can be asked for by, without case."""
        return tuple(name.casefold() for name in (self.key, *self.synonyms))

    @cached_property
    def spellings(self) -> tuple[Spelling, ...]:
        return tuple(
            Spelling(self, module, name, self.own.get(f"{module}.{name}", self.own.get(name, "")))
            for module, names in self.modules.items()
            for name in names.split()
        )


@dataclass(frozen=True)
class Spelling:
    """A framework's name of a function. `own` is what it means by it, empty where that is the row of the name."""

    framework: Framework
    module: str
    name: str
    own: str

    @property
    def qualified(self) -> str:
        return f"{self.module}.{self.name}"

    @cached_property
    def row(self) -> str:
        """The name of the row it stands for; empty where there is none."""
        names = re.findall(r"[a-z_]\w*", self.own) or [self.name.rpartition(".")[2]]
        return next((row.name for row in map(find, names) if row), "")

    @property
    def has_own_values(self) -> bool:
        """Whether the framework means other defaults, or another formula, than the row has."""
        return not find(self.meaning)

    @property
    def meaning(self) -> str:
        """The row, or the expression in x, that gives the framework's own values."""
        return self.own.rpartition(": ")[2] or self.row


_GELU_IS_TANH = {"gelu": "gelu_tanh"}
_SELU_CUT = {"selu": "selu(x, alpha=1.67326, scale=1.0507)"}
_JAX = (
    "celu elu gelu glu hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu log_sigmoid log_softmax relu relu6 selu "
    "sigmoid silu soft_sign softmax softplus swish tanh"
)
_JAX_OWN = {**_GELU_IS_TANH, "hard_silu": "hard_swish", "soft_sign": "softsign", "swish": "silu"}

FRAMEWORKS = (
    Framework(
        "torch", "PyTorch 2.13",
        {
            "torch.nn": "Identity Threshold ReLU RReLU Hardtanh ReLU6 Sigmoid Hardsigmoid Tanh SiLU Mish Hardswish ELU "
            "CELU SELU GLU GELU Hardshrink LeakyReLU LogSigmoid Softplus Softshrink PReLU Softsign Tanhshrink Softmin "
            "Softmax Softmax2d LogSoftmax",
            "torch.nn.functional": "threshold relu hardtanh hardswish relu6 elu selu celu leaky_relu prelu rrelu glu "
            "gelu logsigmoid hardshrink tanhshrink softsign softplus softmin softmax softshrink gumbel_softmax "
            "log_softmax tanh sigmoid hardsigmoid silu mish",
        },
        synonyms=("pytorch", "F"),
    ),
    Framework(
        "keras", "Keras 3.15",
        {
            "keras.activations": "celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh"
            " leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu swish soft_shrink softmax "
            "softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus tanh tanh_shrink threshold",
            "keras.layers": "ELU LeakyReLU PReLU ReLU Softmax",
        },
        {
            "hard_silu": "hard_swish", "linear": "identity", "swish": "silu", "sparse_sigmoid": "hard_sigmoid_binary",
            "leaky_relu": "leaky_relu(x, alpha=0.2)", "LeakyReLU": "leaky_relu(x, alpha=0.3)",
            "PReLU": "prelu(x, alpha=0)",
        },
    ),
    Framework(
        "tf.keras", "Keras 2.15, tf.keras",
        {
            "tf.keras.activations": "elu exponential gelu hard_sigmoid linear mish relu selu sigmoid softmax softplus "
            "softsign swish tanh",
        },
        {"hard_sigmoid": "hard_sigmoid_02", "linear": "identity", "swish": "silu"},
        ("keras2",),
    ),
    Framework(
        "tf", "TensorFlow",
        {
            "tf.nn": "crelu elu gelu leaky_relu log_softmax relu relu6 selu sigmoid silu swish softmax softplus "
            "softsign tanh",
            "tf.math": "log_sigmoid sigmoid softplus tanh",
        },
        {"swish": "silu", "leaky_relu": "leaky_relu(x, alpha=0.2)"},
        ("tensorflow",),
    ),
    Framework(
        "tfa", "TensorFlow Addons",
        {
            "tfa.activations": "gelu hardshrink lisht mish rrelu snake softshrink sparsemax tanhshrink",
            "tfa.layers": "Maxout TLU GELU Snake Sparsemax",
        },
        {**_GELU_IS_TANH, "GELU": "gelu_tanh"},
        ("tensorflow_addons",),
    ),
    Framework(
        "jax", "JAX 0.10.2",
        {"jax.nn": f"{_JAX} identity mish sparse_plus sparse_sigmoid squareplus"},
        {**_JAX_OWN, "sparse_sigmoid": "hard_sigmoid_binary"},
    ),
    Framework(
        "flax", "Flax 0.12.8",
        {"flax.nnx": f"{_JAX} identity PReLU", "flax.linen": f"{_JAX} PReLU"},
        {**_JAX_OWN, "PReLU": "prelu(x, alpha=0.01)"},
        ("nnx", "linen"),
    ),
    Framework(
        "onnx", "ONNX 1.23",
        {
            "onnx": "Celu Clip Elu Erf Exp Gelu HardSigmoid HardSwish Hardmax Identity LeakyRelu LogSoftmax Mish PRelu "
            "Relu Selu Shrink Sigmoid Softmax Softplus Softsign SwiGLU Swish Tanh ThresholdedRelu",
            "onnx.rnn": "Relu Tanh Sigmoid Affine LeakyRelu ThresholdedRelu ScaledTanh HardSigmoid Elu Softsign "
            "Softplus",
        },
        {
            "Clip": "hard_tanh(x, min_val=-inf, max_val=inf)", "Exp": "exponential", "HardSigmoid": "hard_sigmoid_02",
            "Selu": "selu(x, alpha=1.6732631921768188, scale=1.0507010221481323)",
        },
    ),
    Framework(
        "ort", "ONNX Runtime, contributed operators",
        {"ort": "BiasGelu BiasSoftmax BiasSplitGelu FastGelu Gelu QuickGelu"},
        {"BiasGelu": "gelu", "BiasSoftmax": "softmax", "BiasSplitGelu": "geglu", "FastGelu": "gelu_tanh"},
        ("onnxruntime",),
    ),
    Framework(
        "hf", "Hugging Face transformers 5.23",
        {
            "transformers": "gelu gelu_10 gelu_fast gelu_new gelu_python gelu_pytorch_tanh gelu_python_tanh "
            "gelu_accurate hardswish laplace leaky_relu linear mish quick_gelu relu relu2 relu6 sigmoid silu "
            "sqrtsoftplus swish tanh prelu xielu",
        },
        {
            "gelu_fast": "gelu_tanh", "gelu_new": "gelu_tanh", "gelu_python": "gelu", "gelu_pytorch_tanh": "gelu_tanh",
            "gelu_python_tanh": "gelu_tanh", "gelu_accurate": "gelu_tanh", "linear": "identity",
            "relu2": "relu_squared", "swish": "silu",
        },
        ("ACT2FN", "huggingface"),
    ),
    Framework(
        "timm", "timm 1.0.31",
        {
            "timm": "silu swish mish relu relu6 leaky_relu elu prelu celu selu gelu gelu_tanh quick_gelu sigmoid tanh "
            "hard_sigmoid hardsigmoid hard_swish hardswish hard_mish identity metaformer.StarReLU layers.SwiGLU",
        },
        {"swish": "silu", "metaformer.StarReLU": "star_relu(x, s=1, b=0)"},
    ),
    Framework(
        "mxnet", "MXNet 1.9 and 2.0",
        {
            "mxnet": "relu sigmoid log_sigmoid mish tanh softrelu softsign rrelu leaky prelu elu selu gelu_erf "
            "gelu_tanh hard_sigmoid softmax log_softmax softmin masked_softmax",
            "mxnet.gluon": "LeakyReLU PReLU ELU SELU Swish GELU SiLU",
        },
        {
            "softrelu": "softplus", "leaky": "leaky_relu(x, alpha=0.25)", "gelu_erf": "gelu",
            "hard_sigmoid": "hard_sigmoid_02", "mxnet.elu": "elu(x, alpha=0.25)",
            "rrelu": "rrelu(x, lower=0.125, upper=0.334)",
        },
        ("mx",),
    ),
    Framework(
        "echo", "Echo, development version",
        {
            "echo": "Aria2 BReLU APL Swish Elish ISRU Maxout NLReLU SoftClipping SoftExponential SQNL SReLU Funnel SLAF"
            " AReLU FReLU DICE MPeLU TanhSoft ProbAct XUnit EIS Seagull Snake Sine Siren ESwish Mish ELiSH HardELiSH "
            "FlattenTSwish ISRLU CELU MaxOut",
        },
        {
            "Aria2": "aria2: sigmoid(0.5*x)", "BReLU": "bipolar_relu", "Siren": "sine(x, w0=30)",
            "SoftExponential": "soft_exponential(x, alpha=0)", "ESwish": "eswish(x, beta=1.735)",
            "FlattenTSwish": "flatten_t_swish(x, t=0)",
        },
    ),
    Framework(
        "echoai", "Echo 0.1.3",
        {
            "echoAI": "weighted_tanh mish silu aria2 beta_mish eswish swish elish hard_elish mila sineReLU fts sqnl "
            "isru bent_id isrlu soft_clipping brelu apl maxout soft_exponential srelu",
        },
        {
            "aria2": "aria2: sigmoid(x)**1.5", "fts": "flatten_t_swish(x, t=0)", "bent_id": "bent_identity",
            "brelu": "bipolar_relu", "swish": "swish(x, beta=1.25)", "sineReLU": "sine_relu(x, eps=0.01)",
            "soft_exponential": "soft_exponential(x, alpha=0)",
        },
    ),
    Framework(
        "fastai", "fastai 2.8.12",
        {
            "fastai.layers": "swish Swish SwishJit mish Mish MishJit sigmoid sigmoid_ vleaky_relu sigmoid_range "
            "SigmoidRange",
        },
        {
            "swish": "silu", "Swish": "silu", "SwishJit": "silu", "MishJit": "mish", "sigmoid": "sigmoid_clamped",
            "sigmoid_": "sigmoid_clamped", "vleaky_relu": "leaky_relu(x, alpha=0.3)",
        },
    ),
    Framework(
        "paddle", "PaddlePaddle 3.3.1",
        {
            "paddle.nn.functional": "celu elu gelu glu gumbel_softmax hardshrink hardsigmoid hardswish hardtanh "
            "leaky_relu log_sigmoid log_softmax maxout mish prelu relu relu6 rrelu selu sigmoid silu softmax softplus "
            "softshrink softsign swiglu swish tanh tanhshrink thresholded_relu",
            "paddle.nn": "CELU ELU GLU GELU Hardshrink Hardswish Tanh Hardtanh PReLU RReLU ReLU ReLU6 SELU LeakyReLU "
            "Sigmoid Hardsigmoid Softplus Softshrink Softsign Swish Mish Tanhshrink ThresholdedReLU Silu LogSigmoid "
            "Softmax LogSoftmax Maxout Softmax2D",
        },
        {"swish": "silu", "Swish": "silu"},
        ("paddlepaddle",),
    ),
    Framework(
        "mlx", "MLX",
        {
            "mlx.nn": "celu elu gelu gelu_approx gelu_fast_approx glu hard_shrink hard_tanh hardswish leaky_relu "
            "log_sigmoid log_softmax mish prelu relu relu2 relu6 selu sigmoid silu softmax softmin softplus softshrink "
            "softsign step tanh",
        },
        {
            "gelu_approx": "gelu_tanh", "gelu_fast_approx": "quick_gelu", "relu2": "relu_squared", **_SELU_CUT,
        },
    ),
    Framework(
        "tinygrad", "tinygrad 0.14",
        {
            "tinygrad": "relu sigmoid relu6 hardswish hardsigmoid hardtanh leaky_relu tanh quick_gelu gelu swish silu "
            "elu celu selu softplus mish logsigmoid sinh cosh erf asinh softsign softmax log_softmax",
        },
        {**_GELU_IS_TANH, **_SELU_CUT, "swish": "silu"},
    ),
    Framework(
        "candle", "candle",
        {
            "candle": "Gelu NewGelu Relu Relu2 Relu6 Silu Sigmoid HardSigmoid Swiglu Swish Mish HardSwish Elu "
            "LeakyRelu GeluPytorchTanh PReLU selu softmax log_softmax",
        },
        {"NewGelu": "gelu_tanh", "Relu2": "relu_squared", "Swish": "silu", "GeluPytorchTanh": "gelu_tanh"},
    ),
    Framework(
        "nnlib", "NNlib.jl, Flux.jl",
        {
            "NNlib": "σ sigmoid hardσ hardsigmoid hardtanh relu leakyrelu relu6 rrelu elu gelu gelu_tanh gelu_sigmoid "
            "gelu_erf swish hardswish selu celu softplus softsign logσ logsigmoid logcosh mish tanhshrink softshrink "
            "trelu thresholdrelu lisht tanh_fast sigmoid_fast softmax logsoftmax glu Maxout",
        },
        {
            "σ": "sigmoid", "hardσ": "hard_sigmoid", "gelu": "gelu_tanh", "gelu_sigmoid": "gelu_tanh",
            "gelu_erf": "gelu", "swish": "silu", "logσ": "log_sigmoid", "trelu": "thresholded_relu",
            "thresholdrelu": "thresholded_relu", "tanh_fast": "tanh", "sigmoid_fast": "sigmoid",
        },
        ("flux",),
    ),
    Framework(
        "burn", "Burn",
        {
            "burn": "Celu Elu Gelu GLU HardShrink HardSigmoid HardSwish Hardtanh LeakyRelu LogSigmoid Mish PRelu Relu "
            "Relu6 RRelu Selu Shrink Sigmoid Silu SoftShrink Softplus Softsign SwiGlu Tanh Tanhshrink Threshold "
            "ThresholdedRelu gelu_approximate softmax softmin quiet_softmax log_softmax",
        },
        {
            "HardSigmoid": "hard_sigmoid_02", "gelu_approximate": "gelu_tanh",
            "Shrink": "shrink(x, lambd=0.5, bias=0.5)",
        },
    ),
    Framework(
        "chainer", "Chainer 7",
        {
            "chainer.functions": "clipped_relu relu6 crelu elu hard_sigmoid leaky_relu log_softmax maxout prelu relu "
            "rrelu selu sigmoid softmax softplus swish tanh",
        },
        {
            "hard_sigmoid": "hard_sigmoid_02", "clipped_relu": "clipped_relu(x, cap=20)",
            "leaky_relu": "leaky_relu(x, alpha=0.2)",
        },
    ),
    Framework(
        "keras-contrib", "keras-contrib",
        {"keras_contrib": "PELU SReLU SineReLU Swish squash"},
        {"squash": "squash(x, c=0.5)"},
    ),
    Framework(
        "dl4j", "DL4J, ND4J",
        {
            "dl4j": "CUBE ELU HARDSIGMOID HARDTANH IDENTITY LEAKYRELU RATIONALTANH RELU RELU6 RRELU SIGMOID SOFTMAX "
            "SOFTPLUS SOFTSIGN TANH RECTIFIEDTANH SELU SWISH THRESHOLDEDRELU",
        },
        {"HARDSIGMOID": "hard_sigmoid_02", "SWISH": "silu"},
        ("nd4j",),
    ),
    Framework(
        "sklearn", "scikit-learn 1.9",
        {"sklearn": "identity exp tanh logistic relu softmax"},
        {"exp": "exponential", "logistic": "sigmoid"},
        ("scikit-learn",),
    ),
    Framework(
        "neat", "neat-python 2.0",
        {
            "neat": "sigmoid tanh sin gauss relu elu lelu selu softplus identity clamped inv log exp abs hat square "
            "cube",
        },
        {
            "sigmoid": "sigmoid(clip(5*x, -60, 60))", "tanh": "tanh(clip(2.5*x, -60, 60))",
            "sin": "sine(clip(5*x, -60, 60))", "gauss": "gaussian: exp(-5*clip(x, -3.4, 3.4)**2)",
            "softplus": "0.2*softplus(clip(5*x, -60, 60))", "lelu": "leaky_relu(x, alpha=0.005)",
            "clamped": "hard_tanh", "exp": "exponential(clip(x, -60, 60))", "log": "log_clamped",
        },
        ("neat-python",),
    ),
    Framework(
        "fann", "FANN",
        {
            "fann": "FANN_LINEAR FANN_THRESHOLD FANN_THRESHOLD_SYMMETRIC FANN_SIGMOID FANN_SIGMOID_STEPWISE "
            "FANN_SIGMOID_SYMMETRIC FANN_SIGMOID_SYMMETRIC_STEPWISE FANN_GAUSSIAN FANN_GAUSSIAN_SYMMETRIC FANN_ELLIOT "
            "FANN_ELLIOT_SYMMETRIC FANN_LINEAR_PIECE FANN_LINEAR_PIECE_SYMMETRIC FANN_SIN_SYMMETRIC FANN_COS_SYMMETRIC "
            "FANN_SIN FANN_COS FANN_GAUSSIAN_STEPWISE FANN_LINEAR_PIECE_RECT FANN_LINEAR_PIECE_RECT_LEAKY",
        },
        {
            # the sum is multiplied by the steepness first, which is 0.5 by default
            "FANN_LINEAR": "identity(0.5*x)", "FANN_THRESHOLD": "step", "FANN_THRESHOLD_SYMMETRIC": "sign",
            "FANN_SIGMOID": "sigmoid", "FANN_SIGMOID_STEPWISE": "sigmoid", "FANN_SIGMOID_SYMMETRIC": "tanh(0.5*x)",
            "FANN_SIGMOID_SYMMETRIC_STEPWISE": "tanh(0.5*x)", "FANN_GAUSSIAN": "gaussian(0.5*x)",
            "FANN_GAUSSIAN_SYMMETRIC": "gaussian_symmetric(0.5*x)", "FANN_ELLIOT": "elliott(0.5*x)",
            "FANN_ELLIOT_SYMMETRIC": "softsign(0.5*x)", "FANN_LINEAR_PIECE": "clipped_relu(0.5*x)",
            "FANN_LINEAR_PIECE_SYMMETRIC": "hard_tanh(0.5*x)", "FANN_SIN_SYMMETRIC": "sine(0.5*x)",
            "FANN_COS_SYMMETRIC": "cosine(0.5*x)", "FANN_SIN": "sin_01(0.5*x)", "FANN_COS": "cos_01(0.5*x)",
            "FANN_GAUSSIAN_STEPWISE": "gaussian(0.5*x)", "FANN_LINEAR_PIECE_RECT": "relu(0.5*x)",
            "FANN_LINEAR_PIECE_RECT_LEAKY": "leaky_relu(0.5*x)",
        },
    ),
)  # fmt: skip


def framework(name: str) -> Framework:
    """The framework of a name. Raises UnknownNameError."""
    for each in FRAMEWORKS:
        if name.casefold() in (*each.names, *(module.casefold() for module in each.modules)):
            return each
    keys = [each.key for each in FRAMEWORKS]
    message = f"unknown framework {name!r}"
    raise UnknownNameError(message, hint=suggestion(name, keys) or f"the frameworks: {', '.join(keys)}")
