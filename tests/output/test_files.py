"""Pictures as files: SVG and HTML are well-formed and say what they show, images are images."""

import re
import sys
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from actfn.errors import UsageError
from actfn.output import colours
from actfn.output.figure import Bars, Curve, Figure, Mark, Span
from actfn.output.files import ENDINGS, content, ending
from actfn.output.forms import Screen, Theme
from tests.output.test_plots import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"
X = np.linspace(-5, 5, 101)
FIGURE = Figure(
    (Curve("1/x", X, np.divide(1, X, where=X != 0, out=np.full_like(X, np.nan))), Curve("a<b & c", X, X)),
    marks=(Mark(1, 1, "here"), Mark(1, 1, "and here"), Mark(99, 1, "nowhere")),
    spans=(Span(2, 9, "grey"),),
    title="<two> & 'three'",
    x_label="x",
    x_limits=(-5, 5),
    y_limits=(-5, 5),
)


def drawn(figure, theme=Theme.AUTO, suffix=".svg"):
    return content([figure], suffix, Screen(80, 24), theme).decode()


@pytest.mark.parametrize("name", HOSTILE)
def test_svg_is_well_formed_and_stays_in_its_frame(name):
    root = ET.fromstring(drawn(HOSTILE[name]))  # noqa: S314 - our own
    assert (root.get("width"), root.get("height")) == ("800", "480")
    places = [float(number) for path in root.iter(f"{SVG}path") for number in re.findall(r"-?[\d.]+", path.get("d"))]
    assert all(0 <= place <= 800 for place in places)


def test_what_an_svg_shows():
    root = ET.fromstring(drawn(FIGURE))  # noqa: S314 - our own
    texts = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]
    assert {"<two> & 'three'", "1/x", "a<b & c", "grey", "here", "and here", "x", "0"} <= set(texts)
    assert "nowhere" not in texts
    pole, line = root.iter(f"{SVG}path")
    assert pole.get("d").count("M") == 2  # two branches
    assert line.get("d").count("M") == 1
    assert pole.get("stroke") != line.get("stroke")
    boxes = [each for each in root.iter(f"{SVG}rect") if each.get("class") == "behind"]
    assert boxes[0].get("y") != boxes[1].get("y") or boxes[0].get("x") != boxes[1].get("x")


@pytest.mark.parametrize(("label", "texts"), [("here", ["here"]), ("", [])])
def test_a_mark_is_named_if_it_has_a_name(label, texts):
    root = ET.fromstring(drawn(Figure(FIGURE.curves[1:], marks=(Mark(1, 1, label, curve=0),))))  # noqa: S314 - our own
    assert len([*root.iter(f"{SVG}circle")]) == 1
    shown = [text.text for text in root.iter(f"{SVG}text") if text.text != "a<b & c"]
    assert [text for text in shown if not re.fullmatch(r"[-−\d.]+", text)] == texts


def test_colours_begin_where_they_are_to():
    first, second = ET.fromstring(drawn(FIGURE)).iter(f"{SVG}path")  # noqa: S314 - our own
    later = ET.fromstring(drawn(replace(FIGURE, curves=FIGURE.curves[1:], first_colour=1)))  # noqa: S314 - our own
    assert [path.get("stroke") for path in later.iter(f"{SVG}path")] == [second.get("stroke")]
    assert first.get("stroke") != second.get("stroke")


def test_a_colour_that_comes_again_is_dashed():
    many = Figure(tuple(Curve(f"curve {k}", X, X * k) for k in range(24)))
    pens = [
        (path.get("stroke"), path.get("stroke-dasharray"))
        for path in ET.fromstring(drawn(many)).iter(f"{SVG}path")  # noqa: S314 - our own
    ]
    assert len(pens) == len(set(pens)) == 24
    assert content([many], ".png", Screen(80, 24), Theme.AUTO)


def test_a_page_holds_the_same_picture():
    page = drawn(FIGURE, suffix=".html")
    assert page.startswith("<!DOCTYPE html>")
    assert drawn(FIGURE) in page


def test_text_files():
    assert "\x1b[38;5;" in drawn(FIGURE, suffix=".ansi")
    assert "\x1b" not in drawn(FIGURE, suffix=".txt")


@pytest.mark.parametrize(("suffix", "magic"), [(".png", b"\x89PNG"), (".pdf", b"%PDF")])
def test_images(suffix, magic):
    bars = Figure(bars=(Bars("_b", np.arange(3.0), np.array([1, -2.0])),), x_ticks=((0.5, "$a"),), title="t")
    for theme in Theme:
        image = content([FIGURE, bars], suffix, Screen(80, 24), theme)
        assert image.startswith(magic)
    plain = Figure((Curve("f", X, np.exp(X)),), y_log=True)
    assert content([plain], suffix, Screen(40, 20), Theme.AUTO).startswith(magic)


def test_images_of_what_is_not_in_sight():
    """A span beyond the axis is not drawn, and where nothing has a name there is no legend."""
    shown, hidden = (content([replace(FIGURE, spans=spans)], ".png", Screen(80, 24), Theme.AUTO)
                     for spans in [(), (Span(7, 9, "grey"),)])  # fmt: skip
    assert shown == hidden
    assert content([Figure(x_limits=(0, 1), y_limits=(0, 1))], ".png", Screen(), Theme.AUTO).startswith(b"\x89PNG")


def test_without_matplotlib_it_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    with pytest.raises(UsageError, match=r"Matplotlib, which draws \.png files, is not installed") as caught:
        content([FIGURE], ".png", Screen(), Theme.AUTO)
    assert "pip install 'actfn[figures]'" in caught.value.hint


def test_endings():
    assert [ending(f"a.b{each.upper()}") for each in ENDINGS] == list(ENDINGS)
    with pytest.raises(UsageError, match=r"no picture can be saved as 'a\.gif'"):
        ending("a.gif")


def luminance(code):
    parts = [int(code[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return sum(
        weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)
    )


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("place", range(8))
def test_colours_are_seen_on_their_backgrounds(place):
    assert contrast(colours.hexadecimal(Theme.DARK, place), colours.paper(Theme.DARK)[0]) > 4.5
    assert contrast(colours.hexadecimal(Theme.LIGHT, place), "#ffffff") > 3.8
    either = colours.rgb(colours.code(Theme.AUTO, place))
    assert min(contrast(either, "#ffffff"), contrast(either, "#000000")) > 3.3
    assert colours.code(Theme.AUTO, place) == colours.code(Theme.AUTO, place + 8)
