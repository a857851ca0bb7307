import numpy as np
import pytest

from actfn.analysis.histogram import histogram

GENERATOR = np.random.default_rng(1)


@pytest.mark.parametrize(
    "values",
    [
        GENERATOR.standard_normal(1000),
        GENERATOR.standard_cauchy(1000),
        np.maximum(GENERATOR.standard_normal(1000), 0),
        np.array([1.0, 2.0]),
        np.array([0.1, 0.1, 0.1, 5]),
        np.array([5e-324, 1e-323]),
        np.array([1e300, -1e300, 0]),
        np.array([1.0, 1 + 2**-52]),
        np.arange(1e5),
    ],
    ids=["normal", "cauchy", "relu", "two", "atom", "denormal", "huge", "next floats", "many"],
)
@pytest.mark.parametrize("most", [8, 60])
def test_every_number_is_in_one_bin_and_the_bins_are_even(values, most):
    found = histogram(values, most)
    assert found.counts.sum() == values.size
    assert 1 <= found.counts.size <= most
    assert found.edges[0] <= values.min()
    assert found.edges[-1] >= values.max()
    widths = np.diff(found.edges)
    assert widths == pytest.approx(np.full(widths.size, widths[0]), rel=1e-6, abs=1e-15)
    assert found.shares.sum() == pytest.approx(1)


def test_counts_are_those_of_counting_by_hand():
    found = histogram(np.array([1.0, 2, 2, 3, 3, 3]), 10)
    assert found.edges.tolist() == [0.5, 1.5, 2.5, 3.5]
    assert found.counts.tolist() == [1, 2, 3]


def test_edges_are_round_numbers():
    found = histogram(GENERATOR.uniform(-1, 1, 4000), 20)
    assert found.edges == pytest.approx(np.round(found.edges, 1), abs=1e-12)


def test_one_value_none_and_what_is_left_out():
    assert histogram(np.array([3.0, 3.0]), 10).counts.tolist() == [2]
    assert histogram(np.array([0.0]), 10).edges.tolist() == [-0.5, 0.5]
    found = histogram(np.array([1.0, np.nan, np.inf]), 10)
    assert (found.left_out, found.counts.sum()) == (2, 1)
    assert histogram(np.array([np.nan]), 10).counts.tolist() == [0]
