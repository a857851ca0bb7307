"""Changes are found to the last ordinal, however many places the label is asked for at a time."""

import numpy as np
import pytest

from actfn.numerics.bisection import changes

FAR = 1 << 62


@pytest.mark.parametrize("at_once", [1, 7, 64, 5000])
@pytest.mark.parametrize("count", [0, 1, 3, 30])
def test_thresholds_are_found_where_they_are(count, at_once):
    thresholds = np.sort(np.random.default_rng(count).integers(-FAR, FAR, count))
    samples = np.unique(np.concatenate([[-FAR, FAR], thresholds - 1000, thresholds + 1000]))
    found = changes(lambda places: np.searchsorted(thresholds, places, side="right"), samples, 100, at_once=at_once)
    assert found == [(place - 1, place, below, below + 1) for below, place in enumerate(thresholds.tolist())]


@pytest.mark.parametrize("most", [1, 5, 50])
def test_what_is_asked_ahead_of_need_changes_no_answer(most):
    """Of a label that changes back and forth everywhere the same changes are followed."""

    def label(places):
        return places * 2654435761 >> 7 & 1

    samples = np.unique(np.random.default_rng(5).integers(-(10**9), 10**9, 40))
    one_by_one = changes(label, samples, most, at_once=1)
    assert len(one_by_one) >= min(most, 10)
    assert changes(label, samples, most, at_once=64) == one_by_one
