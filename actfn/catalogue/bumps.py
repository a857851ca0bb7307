"""Functions that are highest, or lowest, about one place."""

from actfn.catalogue.activation import Activation

ROWS = (
    Activation("gaussian", "exp(-x**2)",
               title="Gaussian", aliases=("radbas", "gaussian_rbf"), note="exp(-x**2/2) in ActTensor."),
    Activation("gaussian_symmetric", "2*gaussian(x) - 1", title="Gaussian from -1 to 1", source="FANN"),
    Activation("hat", "max(0, 1 - abs(x))",
               title="Triangle", aliases=("mReLU", "mirrored_relu", "tent", "tribas", "triangular"),
               note="torch-activation's Hat is the triangle on 0 to a."),
    Activation("mexican_hat", "let g = gaussian(x/2); 2/sqrt(3)*pi**(-0.25)*((1 - x)*g)*((1 + x)*g)",
               title="Mexican hat", aliases=("ricker", "mexican_hat_wavelet"),
               note="(1 - x**2)*exp(-x**2/2), scaled to unit energy."),
    Activation("pmaf",
               "let t = abs(x) - a; let g = gaussian(t/2); 2/sqrt(3)*pi**(-0.25)*((1 - t)*g)*((1 + t)*g)",
               {"a": 4.0},
               title="Piecewise Mexican hat", aliases=("PiecewiseMexicanHat",), source="Kunc & Kléma 3.23"),
    Activation("prbf",
               "where(x >= a, gaussian((x - 2*a)/b), where(x <= -a, gaussian((x + 2*a)/b), gaussian(x/b)))",
               {"a": 3.0, "b": 1.0},
               title="Piecewise radial basis function", aliases=("PiecewiseRadialBasisFunction",),
               source="Kunc & Kléma 3.24"),
    Activation("wave", "let g = gaussian(sqrt(a/2)*x); ((1 - x)*g)*((1 + x)*g)", {"a": 1.0},
               title="Wave", source="Kunc & Kléma 3.41", note="(1 - x**2)*exp(-a*x**2)."),
    Activation("polyexp",
               "let g = gaussian(sqrt(d/2)*x); a*(x*g)**2 + b*(x*g)*g + c*g**2",
               {"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0},
               title="Polynomial times Gaussian", source="Kunc & Kléma 3.38"),
    Activation("modified_weibull", "(x/a)**(b - 1)*exp(-(x/c)**d)", {"a": 1.0, "b": 2.0, "c": 1.0, "d": 2.0},
               title="Modified Weibull", source="Kunc & Kléma 4.39"),
)  # fmt: skip
