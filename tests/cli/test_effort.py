"""Whatever is typed ends: with an answer, or with a refusal that names the limit. See `actfn.expression.effort`."""

import os
import subprocess
import sys

import pytest

from actfn.expression import effort
from actfn.expression.tokens import MAX_LENGTH
from tests.sweep.heavy import CATALOGUE, HEAVY

SECONDS = 20  # of the processor, many times what a case takes: what never ends is found, whatever the machine does
MEMORY = 1 << 30

CASES = [
    ("show", "nested max"),
    ("show", "conditions of conditionals"),
    ("plot", "sum of exponentials", "--dtype=bfloat16"),
    ("compare", "nested floor", "relu"),
    ("saturation", "remainders", "--dtype=bfloat16"),
    ("saturation", "powers in a row", "--dtype=float64"),
    ("eval", "let products of sines", "0.5", "--exact"),
    ("diff", "and", "2"),
    ("diff", "let kinks", "0.5", "--order=20"),
    ("diff", "nested mish", "0.5", "--order=170"),
    ("diff", "let squares", "0.5", "--order=4", "--dtype=bfloat16"),
    ("diff", "product of different factors", "--order=3"),
    ("diff", "let logistic", "--latex"),
    ("diff", "products of the last two", "0.5"),
    ("show", "sum of fast steps"),
    ("plot", "sum of fast steps"),
    ("compare", "sum of fast choices", "relu"),
]


def ended(*arguments):
    """The status of a run in a process of its own, the bytes that it held, and what it said."""

    process = subprocess.Popen(
        ["sh", "-c", f'ulimit -t {SECONDS}; exec "$@"', "sh", sys.executable, "-m", "actfn", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    said = process.stderr.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_maxrss << 10, said


@pytest.mark.parametrize(
    ("command", "name", "options"),
    [(a, b, c) for a, b, *c in CASES],
    ids=lambda each: " ".join(each) if isinstance(each, list) else each,
)
def test_whatever_is_typed_ends(command, name, options):
    status, held, said = ended(command, HEAVY[name], *options)
    assert status in (0, 2), said
    assert status == 0 or "limit" in said
    assert held < MEMORY


def test_the_corpus_is_what_can_be_typed():
    assert max(map(len, [*HEAVY.values(), *CATALOGUE.values()])) <= MAX_LENGTH


def test_a_refusal_names_the_limit_and_what_to_do(actfn, monkeypatch):
    monkeypatch.setattr(effort, "MOST", 3 * 10**6)
    done = actfn("show", "mish(x)*x")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "actfn: this formula takes more than 3 million operations here, which is the limit\n"
        "hint: give a shorter formula, a lower --order, or one --dtype at a time\n"
    )


@pytest.fixture
def spent(actfn, monkeypatch):
    """The operations that a command takes."""
    monkeypatch.setattr(effort, "forget", lambda: None)

    def of(*arguments):
        assert actfn(*arguments).returncode == 0
        return effort.spent()

    yield of
    monkeypatch.undo()
    effort.forget()


def chain(part, joint, count):
    return joint.join(part.replace("{k}", str(k)) for k in range(count))


@pytest.fixture
def worked(spent):
    """The operations that a command takes, and how many functions Python calls for it, its own and others'."""

    def of(*arguments):
        calls = 0

        def count(frame, event, argument):  # noqa: ARG001 - as a profiler is called
            nonlocal calls
            calls += event in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            operations = spent(*arguments)
        finally:
            sys.setprofile(before)
        return operations, calls

    return of


@pytest.mark.parametrize(
    ("command", "part", "joint", "options"),
    [
        ("plot", "clip(x*{k},-1,1)", "*", ()),
        ("plot", "floor(x-{k}.3)", "+", ()),
        ("show", "silu(gelu(mish(x-{k})))", "+", ()),
        ("diff", "cbrt(x-{k})", "*", ("0.5", "--order=2")),
        ("diff", "mish(x-{k})", "+", ("0.5",)),
        ("diff", "gelu(x-{k})", "+", ("0.5", "--order=3", "--dtype=bfloat16")),
        ("eval", "atan(x-{k})", "+", ("0.5", "--dtype=bfloat16")),
        ("eval", "sin({k}*x)", "*", ("0.5", "--exact")),
    ],
)
def test_what_is_counted_is_in_proportion_to_what_is_done(command, part, joint, options, worked):
    worked(command, chain(part, joint, 2), *options)  # what is made once and kept
    short, long = (worked(command, chain(part, joint, count), *options) for count in (8, 20))
    operations, calls = (there - before for before, there in zip(short, long, strict=True))
    assert operations > 125 * calls  # a call takes 100 ns or more in the mean, and an operation about one


def test_folding_many_short_products_is_counted(worked):
    operations, calls = worked("diff", "tan(" * 60 + "x" + ")" * 60, "0.5", "--order=2")
    assert operations > 40 * calls


@pytest.mark.parametrize(
    ("command", "part", "joint", "options"),
    [
        ("diff", "x>{k}", " and ", ("2.5",)),
        ("diff", "x>{k}", " or ", ("2",)),
        ("diff", "sin({k}*x)", "+", ("2", "--order=3")),
        ("eval", "x", "%", ("2", "--dtype=bfloat16")),
        ("eval", "sin({k}*x)", "+", ("2", "--exact")),
    ],
)
def test_effort_grows_with_the_formula_and_not_with_its_square(command, part, joint, options, spent):
    short, long = (spent(command, chain(part, joint, count), *options) for count in (100, 400))
    assert long < 5 * short


@pytest.mark.parametrize("command", ["show", "saturation"])
@pytest.mark.parametrize("name", ["wave", "tanhsoft", "softshrink_plus"])
def test_the_catalogue_is_far_from_the_limit(command, name, spent):
    assert spent(command, name) < effort.MOST / 2


def test_more_numbers_may_take_more(actfn, monkeypatch):
    monkeypatch.setattr(effort, "MOST", 3 * 10**6)
    many = "\n".join(map(str, range(effort.POINTS * 4)))
    assert actfn("eval", "mish(x)+x*gelu(x)", "-q", stdin=many).returncode == 0


def test_nothing_is_counted_outside_of_a_command(actfn):
    assert actfn("eval", "x", "1").returncode == 0
    effort.charge(10 * effort.MOST)
