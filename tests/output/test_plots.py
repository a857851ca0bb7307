import re
import sys

import numpy as np
import pytest

from actfn.errors import UsageError, columns
from actfn.output import plots
from actfn.output.figure import Bars, Curve, Figure, Mark, Span
from actfn.output.forms import Screen, Theme
from actfn.output.lines import cut
from actfn.output.plots import beside, draw

NAN, INF = np.nan, np.inf
ANSI = re.compile(r"\x1b\[[\d;]*m")
X = np.linspace(-5, 5, 321)


def figure(y, x=None, **rest):
    y = np.asarray(y, np.float64)
    x = np.linspace(0, 4, y.size) if x is None else np.asarray(x, np.float64)
    return Figure((Curve("f", x, y),), **rest)


HOSTILE = {
    "nan first": figure([NAN, 1, 2, 3]),
    "nan in the middle": figure([1, NAN, 2, 3]),
    "nan last": figure([1, 2, 3, NAN]),
    "nan alone": figure([NAN]),
    "nan only": figure([NAN, NAN, NAN], x_limits=(0, 1), y_limits=(0, 1)),
    "nan in x": figure([1, 2, 3], [0, NAN, 1]),
    "every other one nan": figure(np.where(np.arange(2000) % 2, NAN, 1.0)),
    "inf": figure([1, INF, 2, -INF, 3]),
    "inf with limits": figure([1, INF, 2, -INF, 3], y_limits=(0, 4)),
    "inf in x": figure([1, 2, 3], [-INF, 0, INF]),
    "the largest float": figure([1e308, -1e308, 1e308]),
    "the largest float with limits": figure([1e308, -1e308, 0.5, 1e308], y_limits=(0, 4)),
    "limits as wide as floats": figure([1, 2, 3], y_limits=(-1e308, 1e308)),
    "1e15 outside": figure([0, 1e15, 2, -1e15], y_limits=(0, 4)),
    "exp to 1e13": figure(np.exp(np.linspace(-1, 30, 200)), y_limits=(0, 4)),
    "1e6 outside": figure([-1e6, 1e6] * 50, y_limits=(0, 4)),
    "1e4 outside": figure([1, 1e4, 1], y_limits=(0, 4)),
    "wholly outside": figure([10, 11, 12], y_limits=(0, 4)),
    "far in x": figure([0, 1, 2], [-1e300, 0.5, 1e300], x_limits=(0, 1)),
    "logarithm of 0": figure([0, 1, 10, -5, 100], y_log=True),
    "logarithm of nothing positive": figure([0, -1, -10], y_log=True),
    "logarithmic x": figure([1, 2, 3], [0, 1, 1000], x_log=True),
    "a little of a decade": figure([3, 3.5, 4], y_log=True),
    "300 decades": figure([1e-300, 1, 1e300], y_log=True),
    "constant": figure([2, 2, 2]),
    "constant and huge": figure([1e300, 1e300]),
    "one point": figure([2]),
    "empty": figure([]),
    "nothing": Figure(),
    "denormal": figure([5e-324, 1e-323, 0]),
    "1e-300": figure([1e-300, 2e-300, 3e-300]),
    "next floats": figure([1, 1 + 2**-52]),
    "100 000 points": figure(np.sin(np.arange(100_000))),
    "bars": Figure(bars=(Bars("b", np.arange(5.0), np.array([1, NAN, -2, INF])),)),
    "bars of nothing": Figure(bars=(Bars("b", np.array([0.0, 1.0]), np.array([NAN])),)),
    "bars outside": Figure(bars=(Bars("b", np.arange(3.0), np.array([1, 2.0])),), x_limits=(5, 6), y_limits=(7, 8)),
    "bars on a logarithmic axis": Figure(bars=(Bars("b", np.arange(3.0), np.array([1, 200.0])),), y_log=True),
    "more bars than columns": Figure(bars=(Bars("b", np.arange(1001.0), np.arange(1000.0)),)),
    "marks": figure([1, 2], marks=(Mark(NAN, 1, "a"), Mark(1, INF, "b"), Mark(1e308, 1, "c"), Mark(1, 1.5, "d" * 500))),
    "spans": figure([1, 2], spans=(Span(-INF, 1, "a"), Span(2, INF, "b"), Span(NAN, 1, "c"), Span(7, 8, "d"))),
    "long texts": figure([1, 2], title="t" * 500, x_label="x" * 500, y_label="y" * 500),
    "wide and unprintable texts": figure([1, 2], title="変数\x1b[31m\n\x07", x_label="ﬀé", marks=(Mark(1, 1, "変数"),)),
    "many curves": Figure(tuple(Curve(f"curve {k}", X, X * k) for k in range(40))),
    "ticks of words": figure([1, 2, 3], x_ticks=((0.0, "zero"), (2.0, "two" * 60), (NAN, "none"), (9.0, "out"))),
}  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (200, 50), (12, 5), (1, 1)], ids=str)
@pytest.mark.parametrize("unicode", [True, False], ids=["unicode", "ascii"])
@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_ends_the_process_and_no_line_is_too_wide(name, size, unicode):
    width, height = size
    colour = width == 80
    shown = draw(HOSTILE[name], Screen(width, height, unicode=unicode), colour=colour)
    lines = ANSI.sub("", shown).split("\n")
    assert max(map(columns, lines)) <= max(width, 4)
    assert unicode or shown.isascii()
    assert colour or "\x1b" not in shown
    assert width < 40 or name == "many curves" or len(lines) == height


def rows(shown):
    """The canvas: what is between the sides of the frame."""
    return [
        line.split("┤")[-1].split("│")[-2 if line.count("│") > 1 else 0] for line in shown.split("\n") if "│" in line
    ]


def test_a_curve_leaves_the_frame_where_it_does():
    shown = draw(figure([0, 100], [0, 4], y_limits=(0, 1), x_limits=(0, 4)), Screen(60, 20), colour=False)
    drawn = [place for row in rows(shown) for place, cell in enumerate(row) if "⠀" < cell <= "⣿"]
    assert max(drawn) <= 1  # it is above the frame from x = 0.04 on


@pytest.mark.parametrize("size", [21, 400, 4000])
def test_a_gap_is_a_gap_however_many_points_there_are(size):
    x = np.linspace(0, 1, size)
    y = np.where(np.abs(x - 0.5) < 0.25, NAN, 0.5)
    shown = draw(Figure((Curve("f", x, y),), y_limits=(0, 1)), Screen(60, 12), colour=False)
    row = next(row for row in rows(shown) if "⠀" < row[0] <= "⣿")
    blank = row.count(" ")
    assert abs(blank / len(row) - 0.5) < 0.1
    assert row.strip().count(" ") == blank  # in the middle


def test_a_single_nan_parts_a_curve_of_many_points():
    x = np.linspace(0, 1, 2001)
    y = np.where(x < 0.5, 1e9, -1e9)
    joined = draw(Figure((Curve("f", x, y),), y_limits=(-1, 1)), Screen(60, 12), colour=False)
    parted = draw(
        Figure((Curve("f", np.insert(x, 1000, 0.5), np.insert(y, 1000, NAN)),), y_limits=(-1, 1)),
        Screen(60, 12),
        colour=False,
    )
    assert sum(any("⠀" < c <= "⣿" for c in row) for row in rows(joined)) > 6
    assert not any("⠀" < c <= "⣿" for row in rows(parted) for c in row)


def test_cutting():
    pieces = cut(np.array([0, 0.5, 1.0]), np.array([-1, 3, -1.0]))
    assert [(list(u), list(v)) for u, v in pieces] == [([0.125, 0.25], [0, 1]), ([0.75, 0.875], [1, 0])]
    assert cut(np.array([-1.0, 2]), np.array([0.5, 0.5]))[0][0].tolist() == [0, 1]
    assert cut(np.array([0.0, 1]), np.array([2.0, 3])) == []
    alone = cut(np.array([0.1, 0.5, 0.9, 0.9]), np.array([0.5, NAN, 0.5, 0.6]))
    assert [u.tolist() for u, _ in alone] == [[0.9, 0.9], [0.1]]
    whole = cut(np.linspace(0, 1, 5), np.full(5, 0.5))
    assert [u.tolist() for u, _ in whole] == [[0, 0.25, 0.5, 0.75, 1]]


def test_curves_are_told_apart_with_and_without_colour():
    several = Figure(tuple(Curve(name, X, np.tanh(X) + k) for k, name in enumerate(("a", "b", "c"))))
    in_colour = draw(several, Screen(), colour=True)
    assert len(set(re.findall(r"38;5;(\d+)", in_colour))) == 3
    legend = draw(several, Screen(), colour=False).split("\n")[0]
    assert legend == "  ⠒⠒ a   ** b   oo c"
    assert draw(several, Screen(unicode=False), colour=False).split("\n")[0] == "  ** a   oo b   ++ c"
    assert len({draw(several, Screen(), colour=True, theme=theme) for theme in Theme}) == 3


def test_a_colour_that_comes_again_comes_with_another_mark():
    many = Figure(tuple(Curve(f"curve {k}", X, X * k) for k in range(24)))
    legend = re.findall(r"(\x1b\[38;5;\d+m)(..)\x1b\[0m curve", draw(many, Screen(200, 40), colour=True))
    assert len(legend) == len(set(legend)) == 24


def test_pictures_side_by_side_can_share_colours():
    curves = tuple(Curve(name, X, np.tanh(X)) for name in ("a", "b", "c"))
    for colour in (True, False):
        whole = draw(Figure(curves), Screen(), colour=colour).split("\n")[0]
        part = draw(Figure(curves[1:], first_colour=1), Screen(), colour=colour).split("\n")[0]
        assert whole.endswith(part.strip())


def test_marks_spans_and_ticks_are_where_they_belong():
    shown = draw(
        figure(
            [0, 1], [0, 1], x_limits=(0, 1), y_limits=(0, 1), title="title",
            marks=(Mark(0, 0, "low"), Mark(1, 1, "high")), spans=(Span(0.4, 0.6, "middle"),), x_label="x",
        ),
        Screen(44, 16),
        colour=False,
    ).split("\n")  # fmt: skip
    assert shown[0].strip() == "title"
    assert shown[1] == "  ⠒⠒ f   ░░ middle"
    assert shown[3].endswith("●│")
    assert "high" in "".join(shown[3:6])
    assert "┤●" in shown[-4]
    assert "low" in "".join(shown[-6:-3])
    assert shown[3].startswith("1.0┤")
    assert shown[-4].startswith("  0┤")
    assert shown[3].count("░") == 9
    assert shown[-2].split() == ["0", "0.5", "1.0"]
    assert shown[-1].strip() == "x"


def test_bars_stand_on_0_and_hang_below_it():
    up = draw(
        Figure(bars=(Bars("b", np.arange(4.0), np.array([1, 2, 4.0])),), y_limits=(0, 4)), Screen(20, 8), colour=False
    )
    heights = [sum(row[column] == "█" for row in rows(up)) for column in (1, 8, 14)]
    assert heights == [1, 2, 4]
    down = draw(
        Figure(bars=(Bars("b", np.arange(3.0), np.array([1, -1.0])),), y_limits=(-1, 1)), Screen(20, 9), colour=False
    )
    assert rows(down)[0][1] == "█"
    assert rows(down)[0][-2] == " "
    assert rows(down)[-1][-2] == "█"


def test_side_by_side_and_in_a_narrow_terminal_one_below_the_other():
    pair = [figure([1, 2], title="left"), figure([1, 2], title="right")]
    wide = beside(pair, Screen(80, 12), colour=True).split("\n")
    assert len(wide) == 12
    assert max(columns(ANSI.sub("", line)) for line in wide) <= 80
    assert wide[0].split() == ["left", "right"]
    narrow = beside(pair, Screen(40, 12), colour=False).split("\n")
    assert len(narrow) == 25


@pytest.mark.parametrize("limits", [(1, 1), (2, 1), (NAN, 1), (0, INF)], ids=str)
def test_limits_that_are_none(limits):
    with pytest.raises(ValueError, match="no limits"):
        figure([1, 2], y_limits=limits)
    with pytest.raises(ValueError, match="logarithmic"):
        figure([1, 2], y_limits=(0, 1), y_log=True)
    with pytest.raises(ValueError, match="shapes"):
        figure([1, 2, 3], [1, 2])


def test_plotext_is_imported_without_its_documentation_and_draws():
    plots._plotext()  # noqa: SLF001 - the stub stands for a module of plotext's own, whose name may change
    assert sys.modules["plotext._doc.doc"].docs is None


def test_without_plotext_it_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "plotext", None)
    with pytest.raises(UsageError, match="plotext, which draws in the terminal, cannot be used here"):
        plots._plotext.__wrapped__()  # noqa: SLF001 - the import itself, which is done once
