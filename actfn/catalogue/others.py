"""Identity, and functions that are no gate, level or rectifier."""

from actfn.catalogue.activation import Activation

ROWS = (
    Activation(name="identity", formula="x", aliases=("linear", "purelin", "none"), title="Identity"),
    Activation(
        name="exponential",
        formula="exp(x)",
        title="Exponential",
        note="The survey's Exponential, and torch-activation's, is exp(-x).",
    ),
    Activation(
        name="gaussian",
        formula="gaussian(x)",
        aliases=("gauss", "radbas", "gaussian_rbf"),
        title="Gaussian",
        note="exp(-x**2) in FANN and MATLAB; exp(-5*x**2) in neat-python; exp(-x**2/2) in ActTensor.",
    ),
    Activation(
        name="sine",
        formula="sin(w0*x)",
        parameters={"w0": 1.0},
        aliases=("siren", "sinusoid"),
        title="Sine",
        source="Sitzmann et al. 2020, arXiv:2006.09661",
        note="w0 is 30 in the SIREN paper, 5 in neat-python.",
    ),
)
