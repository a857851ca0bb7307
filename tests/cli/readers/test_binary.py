import io
import math
import tracemalloc

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


def headed(text, *, version=1, length=None, data=b""):
    """A file whose header is a text, and says that it is so long."""
    size = len(text) if length is None else length
    return b"\x93NUMPY" + bytes([version, 0]) + size.to_bytes(2 if version == 1 else 4, "little") + text + data


def array(shape="(24,)", descr="'<f8'", order="False", data=bytes(24 * 8)):
    """A file that says so, whatever it holds."""
    return headed(f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}".encode(), data=data)


NO_ARRAYS = {
    "empty": (b"", "not an array in NumPy's format: it is empty"),
    "text": (b"1\n2\n", r"not an array in NumPy's format: it begins with '1\n2\n'"),
    "archive": (archive(X), "an archive of arrays (.npz), not an array"),
    "ends in the magic": (b"\x93NUM", r"not an array in NumPy's format: it begins with '\x93NUM'"),
    "ends in the version": (b"\x93NUMPY\x01", "not an array in NumPy's format: it ends within the header"),
    "ends in the length": (b"\x93NUMPY\x01\0\1", "not an array in NumPy's format: it ends within the header"),
    "ends in the header": (saved(X)[:50], "not an array in NumPy's format: it ends within the header"),
    "version 0": (headed(b"{}", version=0), "version 0.0 of NumPy's format is not known"),
    "version 4": (headed(b"{}", version=4), "version 4.0 of NumPy's format is not known"),
    "header of 4 GiB": (
        headed(b"{}", version=2, length=0xFFFFFFFF), "a header of 4294967295 bytes is none of an array of numbers",
    ),
    "no end": (headed(b"{'shape': (2"), "not an array in NumPy's format: its header is \"{'shape': (2\""),
    "no dict": (headed(b"[1]"), "not an array in NumPy's format: its header is '[1]'"),
    "no shape": (
        headed(b"{'descr': '<f8', 'order': 1}"),
        "not an array in NumPy's format: its header is \"{'descr': '<f8', 'order': 1}\"",
    ),
    "NUL": (headed(b"{'a\0': 1}"), r"not an array in NumPy's format: its header is " + repr("{'a\0': 1}")),
    "a call": (
        headed(b"__import__('os').getpid()"),
        "not an array in NumPy's format: its header is \"__import__('os').getpid()\"",
    ),
    "-1": (array("(-1,)"), "the array's shape is '(-1,)', not a tuple of whole numbers"),
    "a float": (array("(2.0,)"), "the array's shape is '(2.0,)', not a tuple of whole numbers"),
    "True": (array("(True,)"), "the array's shape is '(True,)', not a tuple of whole numbers"),
    "a number": (array("24"), "the array's shape is '24', not a tuple of whole numbers"),
    "a list": (array("[24]"), "the array's shape is '[24]', not a tuple of whole numbers"),
    "65 axes": (array(str((1,) * 65)), f"the array's shape is '{str((1,) * 65)[:40]}…', not a tuple of whole numbers"),
    "2**64": (array("(18446744073709551616,)"), "no array has the shape '(18446744073709551616,)'"),
    "2**62 of 8 bytes": (array("(4611686018427387904,)"), "no array has the shape '(4611686018427387904,)'"),
    "2**64 in columns": (
        array("(4294967296, 4294967296)", order="True"), "no array has the shape '(4294967296, 4294967296)'",
    ),
    "nothing of 2**64": (array("(0, 18446744073709551616)"), "no array has the shape '(0, 18446744073709551616)'"),
    "no order": (array(order="'x'"), "the array's order is 'x', neither True nor False"),
    "text in it": (saved(np.array(["a"])), "the array holds text, not real numbers"),
    "bytes in it": (saved(np.array([b"a"])), "the array holds text, not real numbers"),
    "complex": (saved(X.astype(complex)), "the array holds complex numbers, not real numbers"),
    "objects": (saved(np.array([{}])), "the array holds Python objects, not real numbers"),
    "records": (saved(np.zeros(2, "f8,i4")), "the array holds records, not real numbers"),
    "records by a text": (array(descr="'f8,f8'"), "the array holds 'f8,f8', not real numbers"),
    "dates": (saved(np.zeros(2, "M8[D]")), "the array holds dates, not real numbers"),
    "durations": (saved(np.zeros(2, "m8[s]")), "the array holds durations, not real numbers"),
    "an array an element": (array(descr="('<f8', (2,))"), "the array holds records, not real numbers"),
    "an unknown dtype": (array(descr="'<f7'"), "the array holds '<f7', not real numbers"),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_ARRAYS)
def test_what_is_no_array_of_numbers(name):
    data, message = NO_ARRAYS[name]
    with pytest.raises(DataError) as caught:
        list(npy(io.BufferedReader(io.BytesIO(data)), "s"))
    assert caught.value.message == f"s: {message}"


DEEP = [
    b"(" * 9999, b"-" * 9000 + b"1", b"1+" * 4999 + b"1", b"[" * 4999 + b"]" * 4999, b"9" * 9999, b"{1:" * 3000,
    b"not " * 2400 + b"1", b"'\\d'", b"{[]: 1}", b"{'shape': " * 90 + b"1" + b"}" * 90, b"\xff" * 100, b"x" * 9000,
]  # fmt: skip


@pytest.mark.parametrize("text", DEEP, ids=range(len(DEEP)))
def test_no_header_is_too_deep(text, recwarn):
    with pytest.raises(DataError, match="its header is"):
        list(npy(io.BytesIO(headed(text)), "s"))
    assert not recwarn.list


@pytest.mark.parametrize("seed", range(200))
def test_whatever_stands_in_a_file_the_error_is_ours(seed):
    rng = np.random.default_rng(seed)
    data = bytearray(saved(np.asarray(X.reshape(6, 4), order="CF"[seed % 2])))
    for _ in range(rng.integers(1, 4)):
        where = rng.integers(6, 128 if seed % 3 else len(data))
        data[where] = rng.choice([rng.integers(256), *b"0129-(),'{}fFL<>"])
    try:
        values = [block.values for block in npy(io.BytesIO(bytes(data[: len(data) - seed % 5])), "s")]
    except DataError as error:
        assert str(error).startswith("s: ")
    else:
        assert sum(map(len, values)) <= 24


def partly(data):
    """The lines of a file, and the message of the error that ends it."""
    lines, blocks = [], npy(io.BytesIO(data), "s")
    try:
        for block in blocks:
            lines += [line.tolist() for line in block.lines()]
    except DataError as error:
        return lines, error.message
    return lines, ""


@pytest.mark.parametrize("shape", [(24,), (6, 4), (4, 6), (2, 3, 4), (3, 2, 2, 2), (24, 1), (1, 24)])
@pytest.mark.parametrize("order", "CF")
@pytest.mark.parametrize("missing", [1, 4, 8, 16, 36, 64, 120, 191, 192])
def test_the_whole_lines_before_an_early_end_are_given(shape, order, missing):
    whole = np.arange(24.0).reshape(shape)
    ordered = np.asarray(whole, order=order)
    lines, message = partly(saved(ordered)[:-missing])
    came = (24 * 8 - missing) // 8
    there = np.isin(ordered, ordered.ravel(order="K")[:came]).reshape(-1, shape[-1] if len(shape) > 1 else 1)
    complete = len(there) if there.all() else int(np.argmin(there.all(1)))
    assert lines == whole.reshape(there.shape)[:complete].tolist()
    within = f", within a number: {-missing % 8} of 8 bytes" if missing % 8 else ""
    assert message == f"s: the array ends after {came} of 24 numbers{within}"


@pytest.mark.parametrize("order", "CF")
@pytest.mark.parametrize("shape", [(1 << 40, 1 << 18), (1 << 58, 1), (1, 1 << 58), (1 << 20, 1 << 20, 1 << 18)])
def test_memory_is_taken_for_what_came_only(shape, order):
    tracemalloc.start()
    with pytest.raises(DataError, match=f"ends after 1000 of {math.prod(shape)} numbers"):
        list(npy(io.BytesIO(array(str(shape), order=str(order == "F"), data=bytes(8000))), "s"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4_000_000


def test_a_line_of_any_length_is_put_together_once():
    """Each byte is copied a few times only, in however many pieces a line comes."""
    copied = 0

    class Counting(Trickle):
        def read1(self, size=-1):
            nonlocal copied
            copied += 1
            return super().read1(size)

    stream = Counting(saved(np.arange(300_000.0).reshape(1, -1)), 1000)
    tracemalloc.start()
    (block,) = npy(stream, "s")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert copied > 2400
    assert block.counts == [300_000]
    assert np.array_equal(block.values, np.arange(300_000.0))
    assert most < 4 * block.values.nbytes


def test_arrays_one_behind_the_other_are_read_on():
    arrays = [X, X.reshape(6, 4), np.empty((0, 3)), X.astype("f4"), np.asfortranarray(X.reshape(4, 6)), np.float64(1)]
    for step in (1, 5, 1000):
        blocks = list(npy(Trickle(b"".join(map(saved, arrays)), step), "s"))
        values = np.concatenate([block.values for block in blocks])
        assert np.array_equal(values, np.concatenate([each.reshape(-1) for each in arrays]))
        places = [place for block in blocks for place in block.places]
        assert places == list(range(1, 24 + 6 + 24 + 4 + 1 + 1))


def test_what_follows_an_array_and_is_none_is_named():
    lines, message = partly(saved(X[:2]) + b"\n")
    assert (lines, message) == ([[X[0]], [X[1]]], r"s: something follows the array of 2 numbers: '\n'")
    lines, message = partly(saved(X[:2]) + saved(X)[:20])
    assert (lines, message) == ([[X[0]], [X[1]]], "s: not an array in NumPy's format: it ends within the header")


def test_headers_as_older_programs_write_them():
    text = b"{'descr': '<f8', 'fortran_order': False, 'shape': (24L,)}\n"
    for version in (1, 2, 3):
        (block,) = npy(io.BytesIO(headed(text, version=version, data=X.tobytes())), "s")
        assert np.array_equal(block.values, X)


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


@pytest.mark.parametrize("shape", [(1000, 3000), (3, 1_000_000), (40, 25, 3000), (1_000_000, 3)])
def test_columns_are_gathered_in_the_memory_of_a_few_lines(shape):
    array = np.ones(shape, np.uint8, order="F")
    data = io.BytesIO(saved(array))
    size = 0
    tracemalloc.start()
    for block in npy(data, "s"):
        size += block.values.size
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == array.size
    assert most < 4 * array.nbytes + 64 * max(shape[-1], 1 << 15)
