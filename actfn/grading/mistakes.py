"""The typical mistakes and complaints of submissions, with the hint for each. Data: `hints` recognises them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """A way to compute a function that goes wrong somewhere.

    Attributes:
        function: the catalogue's name of the function that was asked for.
        order: of the derivative asked for.
        formula: what is computed instead, as typed.
        hint: what happens, and what to write instead.
    """

    function: str
    order: int
    formula: str
    hint: str


MISTAKES = (
    Mistake("sigmoid", 0, "1/(1+exp(-x))", "exp(-x) overflows below -709.78: for negative x use exp(x)/(1+exp(x))"),
    Mistake("sigmoid", 0, "(1+tanh(x))/2", "(1+tanh(x))/2 is sigmoid(2*x): tanh(x/2) is meant"),
    Mistake(
        "sigmoid",
        1,
        "1/(1+exp(-x))*(1-1/(1+exp(-x)))",
        "s*(1-s) loses its digits where s is near 1: use s(x)*s(-x)",
    ),
    Mistake("tanh", 1, "1-tanh(x)**2", "1-tanh(x)**2 loses its digits where tanh(x) is near 1: 1/cosh(x)**2 does not"),
    Mistake(
        "softplus", 0, "max(x,0)+log(1+exp(-abs(x)))", "log(1+u) loses the digits of a small u: log1p(u) keeps them"
    ),
    Mistake("softplus", 0, "log(1+exp(x))", "exp(x) overflows above 709.78: max(x, 0) + log1p(exp(-abs(x))) does not"),
    Mistake(
        "log_sigmoid",
        0,
        "log(1/(1+exp(-x)))",
        "sigmoid is 0 or 1 far out: use min(x, 0) - log1p(exp(-abs(x)))",
    ),
    Mistake("silu", 0, "x/(1+exp(-x))", "exp(-x) overflows below -709.78: for negative x use x*exp(x)/(1+exp(x))"),
    Mistake(
        "silu", 1, "1/(1+exp(-x))*(1+x*(1-1/(1+exp(-x))))", "1-s loses its digits where s is near 1: s(-x) is the same"
    ),
    Mistake("gelu", 0, "0.5*x*(1+erf(x/sqrt(2)))", "1+erf(u) loses its digits for negative u: erfc(-u) is the same"),
    Mistake("gelu", 0, "0.5*x*erfc(-x)", "the normal distribution is erfc(-x/sqrt(2))/2: a root of 2 is missing"),
    Mistake("elu", 0, "where(x>0,x,exp(x)-1)", "exp(x)-1 loses its digits near 0: expm1(x) keeps them"),
    Mistake("mish", 0, "x*tanh(log(1+exp(x)))", "log(1+exp(x)) overflows above 709.78, and is 0 below -37: use log1p"),
)

OVERFLOWS = "an exponential or a power overflows here: where its exponent is large, use a form in which it is negative"
COMPLAINTS = (  # what a failure says somewhere, and the hint
    ("math range error", OVERFLOWS),
    ("Numerical result out of range", OVERFLOWS),
    ("ZeroDivisionError", "something is divided by 0 here: this point wants a branch of its own"),
    ("math domain error", "log or sqrt has no value for what it is given here"),
    ("returned None", "is there a 'return' on every path?"),
    ("returned True", "float(...) makes a number of it"),
    ("returned False", "float(...) makes a number of it"),
    ("EOFError", "nobody answers input(): code that asks belongs below if __name__ == '__main__'"),
    ("truth value of an array", "an array takes no branch of an 'if': NumPy's where chooses for each element"),
    ("is refused here", "write it yourself: what has the answer may not be used"),
    ("printed ", "print the number alone, a line for each"),
    ("MemoryError", "it takes more memory than it may"),
    ("did not answer within", "does a loop never end?"),
)
