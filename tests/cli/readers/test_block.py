"""Blocks of numbers in parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actfn.cli.readers.block import Block


@given(st.lists(st.integers(0, 7), max_size=9), st.integers(1, 6))
def test_parts_put_together_are_the_lines_of_the_block(counts, most):
    block = Block(np.arange(float(sum(counts))), counts, "s", range(1, len(counts) + 1))
    lines, places, goes_on = [], [], False
    for part, unfinished in block.parts(most):
        assert part.values.size <= most
        for place, line in zip(part.places, part.lines(), strict=True):
            if goes_on:
                assert place == places[-1]
                lines[-1] += line.tolist()
            else:
                lines.append(line.tolist())
                places.append(place)
            goes_on = False
        goes_on = unfinished
    assert lines == [line.tolist() for line in block.lines()]
    assert (places, goes_on) == (list(block.places), False)


@pytest.mark.parametrize("size", [4, 5, 6, 7])
def test_numbers_without_lines_are_parted_too(size):
    block = Block(np.arange(float(size)))
    parts = list(block.parts(3))
    assert np.array_equal(np.concatenate([part.values for part, _ in parts]), block.values)
    assert all(part.counts is None and part.values.size <= 3 and not goes_on for part, goes_on in parts)
