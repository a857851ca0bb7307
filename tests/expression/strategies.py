"""Random trees, and random texts that Python reads as well."""

from hypothesis import strategies as st

from actfn.expression.primitives import CONSTANTS, FUNCTIONS, INFIX, PREFIX, TABLE
from actfn.expression.tree import apply, number, variable

NUMBERS = st.one_of(
    st.sampled_from([0.0, 1.0, 2.0, 0.5, -1.0, -0.0, 1e22, 1e-7, float("inf"), float("-inf"), float("nan")]),
    st.floats(allow_nan=False),
)
NAMES = st.sampled_from(["x", "g", "score", "x1", "é"])
ROWS = [*INFIX.values(), *PREFIX.values(), *(row for row in TABLE if row.arguments and not row.operator)]


def trees(leaves=None):
    """Trees over the whole table."""
    leaves = leaves or st.one_of(
        NUMBERS.map(number), NAMES.map(variable), st.sampled_from(list(CONSTANTS.values())).map(apply)
    )

    def extend(children):
        return st.sampled_from(ROWS).flatmap(
            lambda row: st.tuples(*[children] * len(row.arguments)).map(lambda args: apply(row, *args))
        )

    return st.recursive(leaves, extend, max_leaves=25)


def texts():
    """Expressions in x and y that mean the same in Python, with every operator and random blanks and parentheses."""
    leaf = st.one_of(
        st.sampled_from(["x", "y", "0", "1", "2.5", ".5", "3.", "1e2", "1_0", "2E-1"]),
        st.integers(0, 9).map(str),
    )
    blank = st.sampled_from(["", " "])

    def extend(children):
        binary = st.sampled_from(["+", "-", "*", "/", "%", "**", "<", "<=", ">", ">=", "==", "!=", " and ", " or "])
        return st.one_of(
            st.tuples(children, blank, binary, blank, children).map("".join),
            st.tuples(children, binary, children, binary, children).map("".join),
            children.map(lambda inner: f"({inner})"),
            children.map(lambda inner: f"-{inner}"),
            children.map(lambda inner: f"+{inner}"),
            children.map(lambda inner: f"(not {inner})"),
            st.tuples(children, children, children).map(lambda t: f"{t[0]} if {t[1]} else {t[2]}"),
            st.tuples(children, children).map(lambda t: f"max({t[0]}, {t[1]})"),
            st.tuples(children, children, children).map(lambda t: f"min({t[0]}, {t[1]}, {t[2]})"),
            children.map(lambda inner: f"abs({inner})"),
        )

    return st.recursive(leaf, extend, max_leaves=12)


assert FUNCTIONS["max"].associative
