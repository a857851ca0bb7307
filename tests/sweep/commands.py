"""Command lines: every command with its options, read from the program itself, and what goes wrong with them."""

import os
import re
from dataclasses import dataclass, field
from functools import cache

import click

from actfn.cli.commands import COMMANDS
from actfn.grading.exercises import example
from tests.sweep import pools, streams, texts

SHARES = {
    "eval": 38, "diff": 26, "evaluate": 2, "differentiate": 2, "plot": 8, "list": 4, "show": 2, "compare": 3,
    "saturation": 1, "check": 6, "demo": 1.5, "": 2,
}  # fmt: skip
STREAM = ("--file", "--input", "--column", "--as", "--delimiter", "--no-header")


@dataclass(frozen=True)
class Case:
    """A run of the program. `place` says where it comes from; `follow` what else is asked, with its answer."""

    place: str
    arguments: tuple[str, ...]
    stdin: bytes = b""
    files: dict[str, bytes] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    follow: str = ""


def case(rng, place):
    """The command line that a generator of random numbers gives."""
    if rng.random() < 0.06:
        return formula(rng, place)
    name = rng.choices(list(SHARES), list(SHARES.values()))[0]
    if not name:
        return Case(place, tuple(rng.choice(pools.WORDS) for _ in range(rng.randint(0, 4))))
    asked = command(name)
    words = [name]
    if isinstance(asked, click.Group):
        demo = rng.choice(list(asked.commands))
        words, asked = [name, demo], asked.commands[demo]
    kind = rng.choice(streams.KINDS) if rng.random() < 0.25 else "text"
    small = name == "demo"
    parts = [[each] for each in arguments(rng, words[-1], asked)]
    if small:
        parts += experiment(rng, asked)
    elif "file" in {param.name for param in asked.params}:
        kind, given = reader(rng, asked, kind, points=len(parts) > 1)
        parts += given
    else:
        parts += chosen(rng, asked)
    if name == "saturation" and rng.random() < 0.8:
        parts += [["--dtype", rng.choice(["float16", "bfloat16", "float8_e4m3fn", "float32"])]]
    if rng.random() < 0.3:
        rng.shuffle(parts)
    line = [*words, *(word for part in parts for word in part)]
    if rng.random() < 0.1:
        line = [*line, rng.choice(pools.BAD)] if small else damaged(rng, line)
    stdin = streams.content(rng, kind) if rng.random() < 0.8 else b""
    environment = rng.choice(pools.ENVIRONMENTS) if rng.random() < 0.1 else {}
    encoding = rng.choice(["ascii", "latin-1", "utf-16"]) if rng.random() < 0.05 else "utf-8"
    return Case(place, tuple(harmless(line)), stdin, files(rng, line), environment, encoding)


@cache
def command(name):
    """The command of a name."""
    return COMMANDS[name].load(name)


def chosen(rng, asked):
    """Some options."""
    options = [param for param in asked.params if isinstance(param, click.Option)]
    return [option(rng, each) for each in rng.sample(options, min(rng.choice([0, 0, 1, 1, 2, 2, 5]), len(options)))]


def reader(rng, asked, kind, *, points):
    """What a stream holds, and the options of a command that may read it; mostly numbers from one place only."""
    given = chosen(rng, asked)
    if rng.random() < 0.8:
        if points or kind == "text":
            given, kind = [each for each in given if each[0].partition("=")[0] not in STREAM], "text"
        if points or kind != "text":
            given = [each for each in given if not each[0].startswith("--range")]
    if kind != "text":
        given += [["--input", kind]] if rng.random() < 0.8 else []
        given += [["--column", rng.choice(["x", "x", "x", *pools.COLUMNS])]] if rng.random() < 0.8 else []
    return kind, given


def experiment(rng, asked):
    """Options that make an experiment as small as it can be, and one more."""
    options = [param for param in asked.params if isinstance(param, click.Option)]
    small = [each for each in options if each.name in pools.LEAST and each.metavar != "FUNCTION"]
    one = option(rng, rng.choice(options), small=True)
    return [one, ["--quick"], *([f"--{each.name}={pools.LEAST[each.name]}"] for each in small)]


def formula(rng, place):
    """A derivative that is printed, read back, and must have the same exact value."""
    text = texts.grown(rng, 3, ["x"]) if rng.random() < 0.7 else rng.choice(texts.NAMED)
    return Case(
        place, ("diff", "--json", "-q", f"--order={rng.choice('1112')}", "--", text), follow=repr(rng.uniform(-3, 3))
    )


def arguments(rng, name, asked):
    """What stands without an option."""
    names = {param.name for param in asked.params if isinstance(param, click.Argument)}
    if "quick" in {param.name for param in asked.params}:  # evaluated thousands of times
        return rng.choice([[], [rng.choice(texts.NAMED)], [texts.grown(rng, 2, ["x"])]])
    functions = [texts.function(rng)]
    if "functions" in names:
        functions = [texts.function(rng) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))]
        if name == "compare":
            functions += [texts.function(rng)]
            functions += [rng.choice(pools.OPERANDS)] if rng.random() < 0.3 else []
    elif "text" in names:
        return rng.choice([[], [rng.choice(texts.NAMED)[:3]], [texts.mutated(rng, rng.choice(texts.NAMED))]])
    elif rng.random() < 0.02:
        functions = []
    if name == "check":
        functions = ["e.toml"] if rng.random() < 0.3 else functions
        return functions + ([] if rng.random() < 0.8 else [texts.number(rng)])
    if "x" in names and rng.random() < 0.6:
        good = [repr(round(rng.uniform(-9, 9), 2)), rng.choice(texts.GOOD_NUMBERS)]
        functions += good if rng.random() < 0.6 else [texts.number(rng) for _ in range(rng.randint(1, 4))]
        functions += ["-"] if rng.random() < 0.03 else []
    return functions


def option(rng, param, *, small=False):
    """An option with a value, mostly one that it takes."""
    spelled = rng.choice([*param.opts, *param.secondary_opts])
    if param.is_flag:
        return [spelled]
    text = rng.choice(pools.BAD) if rng.random() < 0.06 else value(rng, param, small=small)
    if spelled.startswith("--") and (rng.random() < 0.3 or param.name == "derivative"):
        return [spelled] if param.name == "derivative" and rng.random() < 0.5 else [f"{spelled}={text}"]
    return [spelled, text]


def value(rng, param, *, small):
    """A value for an option, by its type or its name."""
    if isinstance(param.type, click.Choice):
        return rng.choice(list(param.type.choices))
    if isinstance(param.type, click.types.IntParamType):
        return rng.choice([*pools.WHOLE[param.name], str(getattr(param.type, "min", 0))])
    if isinstance(param.type, click.types.FloatParamType):
        return rng.choice(pools.REALS)
    if "FUNCTION" in (param.metavar or ""):
        return texts.function(rng)
    text = MADE[param.name](rng) if param.name in MADE else rng.choice(pools.TEXTS[param.name])
    return texts.mutated(rng, text) if rng.random() < 0.08 and not small else text


def parameter(rng):
    """A value of `-p`."""
    pick = rng.random()
    if pick < 0.8:
        return f"{rng.choice(pools.PARAMETERS)}={rng.choice(texts.GOOD_NUMBERS)}"
    if pick < 0.9:
        return f"{rng.choice(pools.STRANGE_PARAMETERS)}={texts.number(rng)}"
    return f"alpha={rng.choice(pools.VALUES)}" if pick < 0.97 else "alpha"


def range_(rng):
    """A value of `--range`."""
    if rng.random() < 0.3:
        return rng.choice(pools.RANGES)
    return f"{rng.uniform(-9, 0)!r}:{rng.uniform(0, 9)!r}{rng.choice(['', ':2', ':17', ':501'])}"


def against(rng):
    """What `check` is given to grade."""
    pick = rng.random()
    if pick < 0.3:
        return rng.choice(pools.PROGRAMS)
    if pick < 0.6:
        return rng.choice(pools.OPERANDS)
    return texts.function(rng).replace("{", "").replace("}", "")


MADE = {"param": parameter, "range_": range_, "ylim": range_, "at": texts.number, "against": against}


def files(rng, line):
    """The files that a command line names."""
    wanted = {name: streams.file(rng, name) for name in streams.FILES if any(name in word for word in line)}
    if any(".toml" in word for word in line):
        text = example()
        for _ in range(rng.choice([0, 1, 1, 2])):
            rows = text.splitlines(keepends=True)
            place = rng.randrange(len(rows))
            rows[place] = rng.choice([texts.mutated(rng, rows[place]), "", rows[place] * 2])
            text = "".join(rows)
        wanted["e.toml"] = text.replace("`", "").replace("{x}", "").encode("utf-8", "replace")
    return wanted


def damaged(rng, line):
    """The words with one lost, doubled, moved, mistyped or put in."""
    place = rng.randrange(len(line))
    word = line[place]
    changed = rng.choice(
        [[], [word, word], [texts.mutated(rng, word)], [word[:-1]], [word.upper()], [word, rng.choice(pools.BAD)]]
    )
    line = [*line[:place], *changed, *line[place + 1 :]]
    if rng.random() < 0.2:
        rng.shuffle(line)
    return line


def harmless(line):
    """The words without what would write elsewhere or take the whole machine for a while."""
    kept = [
        (word if word[:1] != os.sep else f"x{word}").replace(f"={os.sep}", f"=x{os.sep}")
        for word in line
        if "install-completion" not in word
    ]
    return [re.sub(r"(:[0-9]{4})[0-9]{1,5}$", r"\1", word) for word in kept]
