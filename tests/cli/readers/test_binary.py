import io

import numpy as np
import pytest

from actfn.cli.readers.binary import npy, raw
from actfn.errors import DataError
from actfn.numerics.formats import FORMATS
from actfn.output.binary import Npy, Raw
from actfn.output.table import Numbers, Table, number_column
from tests.cli.readers.test_text import Trickle

X = np.linspace(-3, 3, 24)


def saved(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def archive(array):
    stream = io.BytesIO()
    np.savez(stream, x=array)
    return stream.getvalue()


@pytest.mark.parametrize("step", [1, 7, 8, 100, 1 << 16])
@pytest.mark.parametrize("dtype", ["<f8", "<f4"])
def test_raw_numbers_wherever_the_stream_is_cut(dtype, step):
    found = [block.values for block in raw(Trickle(X.astype(dtype).tobytes(), step), "s", dtype)]
    assert np.array_equal(np.concatenate(found), X.astype(dtype))


@pytest.mark.parametrize("step", [13, 1 << 16])
@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", "<f2", "<i4", "|u1", "?"])
@pytest.mark.parametrize("shape", [(24,), (6, 4), (2, 3, 4), (), (0,), (0, 3)])
@pytest.mark.parametrize("order", "CF")
def test_arrays_of_numpy(dtype, shape, order, step):
    array = np.asarray(X[: int(np.prod(shape))].reshape(shape).astype(dtype), order=order)
    stream = io.BufferedReader(io.BytesIO(saved(array)), step)
    blocks = list(npy(stream, "s"))
    lines = [line for block in blocks for line in block.lines()]
    assert np.array_equal(np.concatenate([np.empty(0), *lines]), array.reshape(-1))
    assert {len(line) for line in lines} <= {shape[-1] if len(shape) > 1 else 1}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x93NUMPY\x01\x00\x14\x00{'shape': (2, 3), }  \n", "not an array"),
        (b"\x93NUMPY\x01\x00\x08\x00{'a': (2", "not an array"),
        (b"1\n2\n", "not an array"),
        (saved(X)[:-4], "ends within a number"),
        (saved(X)[:-8], "ends after 23 of 24 numbers"),
        (saved(np.array(["a"])), "not real numbers"),
        (saved(X.astype(complex)), "not real numbers"),
        (saved(np.array([{}])), "holds object, not real numbers"),
        (saved(np.asfortranarray(X.reshape(6, 4)))[:-8], "ends after 23 of 24 numbers"),
        (archive(X), "an archive of arrays"),
    ],
)
def test_what_is_no_array_of_numbers(data, message):
    with pytest.raises(DataError, match=message):
        list(npy(io.BufferedReader(io.BytesIO(data)), "s"))


def test_a_raw_stream_that_ends_within_a_number():
    with pytest.raises(DataError, match="5 of 8 bytes"):
        list(raw(io.BytesIO(bytes(13)), "s", "<f8"))


def table(values, form="float64", counts=None):
    numbers = Numbers(np.asarray(values), FORMATS[form], counts)
    return Table((number_column("value", numbers.values, numbers.form),), ("value",), numbers=numbers)


@pytest.mark.parametrize(
    ("pieces", "shape", "dtype"),
    [
        ([table(X), table(X)], (48,), "float64"),
        ([table(X, counts=[4] * 6), table(X, counts=[4] * 6)], (12, 4), "float64"),
        ([table(X, counts=[4] * 6), table(X, counts=[3] * 8)], (48,), "float64"),
        ([table(X.astype("f4").astype("f8"), "float32")], (24,), "float32"),
        ([table([0.5], "bfloat16")], (1,), "float64"),
        ([], (0,), "float64"),
    ],
)
def test_an_array_is_written_with_its_shape(pieces, shape, dtype):
    stream = io.BytesIO()
    out = Npy(stream)
    for piece in pieces:
        out.write(piece)
    out.finish()
    stream.seek(0)
    array = np.load(stream)
    assert (array.shape, array.dtype) == (shape, dtype)
    expected = np.concatenate([np.empty(0), *(piece.numbers.values for piece in pieces)])
    assert np.array_equal(array.reshape(-1), expected)


def test_raw_numbers_are_written_as_they_are():
    stream = io.BytesIO()
    Raw(stream, "<f4").write(table(X))
    assert stream.getvalue() == X.astype("<f4").tobytes()
