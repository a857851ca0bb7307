"""Command lines: every command with its options, read from the program itself, and what goes wrong with them."""

import re
from dataclasses import dataclass, field

import click

from actfn.cli.commands import COMMANDS
from actfn.grading.exercises import example
from actfn.numerics.formats import FORMATS
from tests.sweep import streams, texts

SHARES = {
    "eval": 32, "diff": 22, "evaluate": 2, "differentiate": 2, "plot": 9, "list": 4, "show": 4, "compare": 6,
    "saturation": 3, "check": 6, "demo": 3, "": 1,
}  # fmt: skip
WHOLE = {  # numbers that a command answers soon with
    "digits": ["1", "20", "60"], "order": ["1", "2", "3", "5"], "derivative": ["1", "2", "3"], "jobs": ["1", "2"],
    "width": ["20", "40", "120"], "height": ["8", "20"], "seed": ["0", "7", "9" * 19], "depth": ["2", "3"], "layers": ["1", "2"],
    "steps": ["10", "11"], "components": ["1", "2"], "blocks": ["2"], "adapter": ["0", "2"], "inputs": ["1", "3"],
    "ulp": ["0", "4"], "memory": ["64", "1024"],
}  # fmt: skip
STREAM = ("--file", "--input", "--column", "--as")
REALS = ["0", "1e-9", "0.5", "1", "1e308", "inf", "nan"]
BAD = ["", "-1", "0", "1e3", "abc", "9" * 30, "٣", "nan", "inf", " 3 ", "0x10", "💥", "--", "-", "1,2", "None", "\ud800", "\x1b[1m"]
ENVIRONMENTS = [
    {"COLUMNS": "20"}, {"COLUMNS": "0"}, {"COLUMNS": "-5"}, {"COLUMNS": "wide"}, {"COLUMNS": "1"}, {"COLUMNS": "5000"},
    {"LINES": "1"}, {"LINES": "0"}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"FORCE_COLOR": "no"}, {"TERM": "dumb"}, {"TERM": "linux"},
]  # fmt: skip
PROGRAMS = ["cat", "true {x}", "echo {x}", "exit 3 {x}", "echo nan {x}", "awk '{print $1}'", "missing_program", "./missing", "~/no", "~nobody/no x"]
OPERANDS = ["mine.py:f", "mine.py:none", "mine.py:text", "mine.py:fails", "mine.py:shape", "mine.py:whole", "mine.py:imaginary",
            "mine.py:two", "mine.py:constant", "mine.py:g", "wrong.py:f", "no.py:f", "math:tanh", "math:pi", "numpy:tanh", "no.where:f"]  # fmt: skip
SAVED = ["a.txt", "a.ansi", "a.svg", "a.html", "a.SVG", "a", "a.gif", "", "nowhere/a.svg", ".", "a\0.txt"]


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
        return Case(place, nothing(rng))
    asked = COMMANDS[name].load(name)
    words = [name]
    if isinstance(asked, click.Group):
        demo = rng.choice(list(asked.commands))
        words, asked = [name, demo], asked.commands[demo]
    small = words[0] == "demo"
    kind = rng.choice(streams.KINDS) if rng.random() < 0.25 else "text"
    options = [param for param in asked.params if isinstance(param, click.Option)]
    many = 1 if small else rng.choice([0, 0, 1, 1, 2, 2, 5])
    chosen = [option(rng, each, small=small) for each in rng.sample(options, min(many, len(options)))]
    given = [[each] for each in arguments(rng, words[-1], asked)]
    reads = name in ("eval", "diff", "evaluate", "differentiate")
    if reads and rng.random() < 0.8:  # numbers from one place only
        if len(given) > 1 or kind == "text":
            chosen, kind = [each for each in chosen if each[0].partition("=")[0] not in STREAM], "text"
        if len(given) > 1 or kind != "text":
            chosen = [each for each in chosen if not each[0].startswith("--range")]
    if reads and kind != "text":
        chosen += [["--input", kind]] if rng.random() < 0.8 else []
        chosen += [["--column", rng.choice(["x", "x", "x", *streams.COLUMNS])]] if rng.random() < 0.8 else []
    if small:
        chosen += [["--quick"], *fast(rng, options)]
    if name == "saturation" and rng.random() < 0.8:
        chosen += [["--dtype", rng.choice(["float16", "bfloat16", "float8_e4m3fn", "float32"])]]
    parts = [*given, *chosen]
    if rng.random() < 0.3:
        rng.shuffle(parts)
    line = [*words, *(word for part in parts for word in part)]
    if rng.random() < 0.1:
        line = [*line, rng.choice(BAD)] if small else damaged(rng, line)
    found = files(rng, line)
    stdin = streams.content(rng, kind) if rng.random() < 0.8 else b""
    environment = rng.choice(ENVIRONMENTS) if rng.random() < 0.1 else {}
    encoding = rng.choice(["ascii", "latin-1", "utf-16"]) if rng.random() < 0.05 else "utf-8"
    return Case(place, tuple(harmless(line)), stdin, found, environment, encoding)


def formula(rng, place):
    """A derivative that is printed, read back, and must have the same exact value."""
    text = texts.grown(rng, 3, ["x"]) if rng.random() < 0.7 else rng.choice(texts.NAMED)
    return Case(place, ("diff", "--json", "-q", f"--order={rng.choice('1112')}", "--", text), follow=repr(rng.uniform(-3, 3)))


def arguments(rng, name, asked):
    """What stands without an option."""
    functions = [texts.function(rng)]
    names = {param.name for param in asked.params if isinstance(param, click.Argument)}
    if "functions" in names:
        functions = [texts.function(rng) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))]
        if name == "compare":
            functions += [texts.function(rng)]
            functions += [rng.choice(OPERANDS)] if rng.random() < 0.3 else []
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
    text = rng.choice(BAD) if rng.random() < 0.06 else value(rng, param, small=small)
    if spelled.startswith("--") and (rng.random() < 0.3 or param.name == "derivative"):
        return [spelled] if param.name == "derivative" and rng.random() < 0.5 else [f"{spelled}={text}"]
    return [spelled, text]


def value(rng, param, *, small):
    """A value for an option, by its type or its name."""
    if isinstance(param.type, click.Choice):
        return rng.choice(list(param.type.choices))
    if isinstance(param.type, click.IntRange):
        return rng.choice([*WHOLE[param.name], str(param.type.min)])
    if isinstance(param.type, click.types.FloatParamType):
        return rng.choice(REALS)
    if "FUNCTION" in (param.metavar or ""):
        return texts.function(rng)
    ranges = [repr(rng.uniform(-9, 0)) + ":" + repr(rng.uniform(0, 9)) + rng.choice(["", ":2", ":17", ":501"])]
    pools = {
        "param": [*[f"{rng.choice(['a', 'a', 'k', 'alpha', 'beta', 'y', 'x', 'scale', 'é'])}={rng.choice(texts.GOOD_NUMBERS)}"] * 9,
                  f"{rng.choice(['a', 'k', 'x', 'lambd', '', 'e'])}={texts.number(rng)}",
                  f"alpha={rng.choice(['1,2,3', '0:1:3', '0:1', ',', '1,', 'nan', 'inf', '=', '1:2:999999999999'])}", "alpha"],
        "range_": [*ranges * 20, *texts.RANGES], "ylim": [*ranges * 20, *texts.RANGES], "at": [texts.number(rng)],
        "dtype": [*FORMATS, *FORMATS, *FORMATS, "all", "float16,bfloat16", "FLOAT32", "float", "f32", "float99", ",", "float32,"],
        "file": ["in.txt", "in.csv", "in.tsv", "in.ndjson", "in.npy", "in.f64", "in.txt.gz", "none.txt", ".", "", "a\0b", "in.csv.gz"],
        "column": streams.COLUMNS, "as_": ["y", "x", "", "a,b", 'a"b', "\ud800", "a\nb"], "save": SAVED, "title": ["T", "", "a\nb", "\ud800é💥", "=<&>"],
        "mark": ["kinks", "zeros", "extrema", "all", "kinks,zeros", ",", "kink", "x"], "against": against(rng), "forbid": ["", "numpy", "a,b", ","],
        "family": ["rectifiers", "periodic", "Sigmoids", "rectifier", "none"], "framework": ["torch", "jax", "Keras", "tf", "no", "torhc"],
        "start": ["sigmoid", "gelu", "no", ""], "init": ["glorot", "he", "all", "glorot,he", "no", ",", ""], "width": ["softplus", "exp(x)"],
    }  # fmt: skip
    text = rng.choice(pools[param.name])
    return texts.mutated(rng, text) if rng.random() < 0.08 and not small else text


def fast(rng, options):
    """The options that make an experiment as small as it can be."""
    least = {"steps": "10", "width": "3", "depth": "2", "inputs": "3", "components": "2"}
    return [[f"--{each.name}={least[each.name]}"] for each in options
            if each.name in least and not (each.name == "width" and each.metavar == "FUNCTION")]  # fmt: skip


def against(rng):
    """What `check` is given to grade."""
    pick = rng.random()
    if pick < 0.3:
        return [rng.choice(PROGRAMS)]
    if pick < 0.6:
        return [rng.choice(OPERANDS)]
    return [texts.function(rng).replace("{", "").replace("}", "")]


def files(rng, line):
    """The files that a command line names."""
    wanted = {name: data for name, data in streams.files(rng).items() if any(name in word for word in line)}
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
    changed = rng.choice([[], [word, word], [texts.mutated(rng, word)], [word[:-1]], [word.upper()], [word, rng.choice(BAD)]])
    line = [*line[:place], *changed, *line[place + 1 :]]
    if rng.random() < 0.2:
        rng.shuffle(line)
    return line


def nothing(rng):
    """Words that are hardly a command line."""
    words = ["eval", "diff", "list", "-h", "--help", "--version", "--", "-", "", "demo", "relu", "1", "--quick", "-q", "evall", "💥"]
    words += ["--show-completion", "--install", "-V", "check", "show", "\ud800", "-\x00", "---", "-1"]
    return tuple(rng.choice(words) for _ in range(rng.randint(0, 4)))


def harmless(line):
    """The words without what would write elsewhere or take the whole machine for a while."""
    kept = [word.replace("/tmp", "").replace("/dev", "") for word in line if "install-completion" not in word]
    return [re.sub(r"(:[0-9]{4})[0-9]{1,5}$", r"\1", word) for word in kept]
