"""Functions that let the positive side through and hold the negative one down."""

from actfn.catalogue.activation import Activation

ROWS = (
    Activation(
        name="relu",
        formula="relu(x)",
        aliases=("rectifier", "poslin", "ramp"),
        title="Rectified linear unit",
        source="Fukushima 1969; Nair & Hinton 2010",
        note="The slope at 0 is 0, as in torch.relu and jax.nn.relu; max(0, x) shares it: 0.5.",
    ),
    Activation(
        name="relu6",
        formula="where(x <= 0, 0, where(x >= 6, 6, x))",
        title="ReLU capped at 6",
        source="Krizhevsky 2010",
        note="The slope at 0 and 6 is 0, as in PyTorch.",
    ),
    Activation(
        name="leaky_relu",
        formula="where(x > 0, x, alpha*x)",
        parameters={"alpha": 0.01},
        aliases=("lrelu", "leaky", "vleaky_relu", "lelu"),
        title="Leaky rectified linear unit",
        source="Maas, Hannun & Ng 2013",
        note="alpha is called negative_slope in PyTorch and JAX. Its default is 0.01 in PyTorch, JAX, Flax, ONNX, MLX, "
        "Paddle; 0.2 in tf.nn, keras.activations, Chainer; 0.3 in keras.layers and fastai; 0.25 in MXNet. "
        "The slope at 0 is alpha, as in PyTorch; JAX gives 1.",
    ),
    Activation(
        name="threshold",
        formula="where(x <= threshold, value, x)",
        parameters={"threshold": 0.0, "value": 0.0},
        title="Threshold",
        note="PyTorch, Keras and Burn have no defaults; 0 and 0 make it relu. It jumps where value is not threshold.",
    ),
    Activation(
        name="elu",
        formula="where(x > 0, x, alpha*expm1(x))",
        parameters={"alpha": 1.0},
        aliases=("exponential_linear",),
        title="Exponential linear unit",
        source="Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289",
        note="alpha is 1 everywhere but in MXNet's LeakyReLU(act_type='elu'): 0.25.",
    ),
    Activation(
        name="celu",
        formula="max(0, x) + min(0, alpha*expm1(x/alpha))",
        parameters={"alpha": 1.0},
        aliases=("continuously_differentiable_elu",),
        title="Continuously differentiable ELU",
        source="Barron 2017, arXiv:1704.07483",
        note="For alpha < 0 this is the formula of PyTorch and ONNX; others choose the branch by the sign of x.",
    ),
    Activation(
        name="selu",
        formula="scale*where(x > 0, x, alpha*expm1(x))",
        parameters={"alpha": 1.6732632423543772, "scale": 1.0507009873554805},
        aliases=("scaled_elu",),
        title="Scaled exponential linear unit",
        source="Klambauer et al. 2017, arXiv:1706.02515",
        note="MLX and tinygrad cut the constants to 1.67326 and 1.0507. The slope at 0 is the left one, scale*alpha.",
    ),
    Activation(
        name="softplus",
        formula="softplus(x, beta)",
        parameters={"beta": 1.0},
        aliases=("softrelu", "smooth_relu"),
        title="Softplus",
        source="Dugas et al. 2001",
        note="PyTorch and Paddle return x itself where beta*x > 20, a jump of 2e-9; JAX, Keras, ONNX and MLX do not.",
    ),
)
