"""What the options of commands are given: by the name of the option, good and bad."""

from actfn.numerics.formats import FORMATS

WHOLE = {  # numbers that a command answers soon with
    "digits": ["1", "20", "60"],
    "order": ["1", "2", "3", "5"],
    "derivative": ["1", "2", "3"],
    "jobs": ["1", "2"],
    "width": ["20", "40", "120"],
    "height": ["8", "20"],
    "seed": ["0", "7", "9" * 19],
    "depth": ["2", "3"],
    "layers": ["1", "2"],
    "steps": ["10", "11"],
    "components": ["1", "2"],
    "blocks": ["2"],
    "adapter": ["0", "2"],
    "inputs": ["1", "3"],
    "ulp": ["0", "4"],
    "memory": ["64", "1024"],
}
LEAST = {"steps": "10", "width": "3", "depth": "2", "inputs": "3", "components": "2"}  # of experiments
REALS = ["0", "1e-9", "0.5", "1", "1e308", "inf", "nan"]
BAD = [
    "", "-1", "0", "1e3", "abc", "9" * 30, "٣", "nan", "inf", " 3 ", "0x10", "💥", "--", "-", "1,2", "None", "\udcff",
    "\x1b[1m",
]  # fmt: skip
RANGES = [
    "-5:5", "0:1:3", "5:-5:4", "1:1", ":", "1:", ":1", "::", "0:1:1", "0:1:99999999999", "nan:1", "inf:0", "0:1:x",
    "1:2:3:4", "1e308:-1e308:7", "-1e308:1e308", "1e-99999999:1e-9999", "-1e400:1", "1/3:2", "1_0:2_0", "0x10:0x20:5",
    "−1:1", "0:1:2.5", "5e-324:1e-323:3", "0:5e-324", "1:1.0000000000000002", "-0:0", "0:-0.0:2", "0:1:٣", "'1':2",
    "-1e150:1e150:9", "1e300:2e300", "0:1e-300:11", "",
]  # fmt: skip
ENVIRONMENTS = [
    {"COLUMNS": "20"}, {"COLUMNS": "0"}, {"COLUMNS": "-5"}, {"COLUMNS": "wide"}, {"COLUMNS": "1"}, {"COLUMNS": "5000"},
    {"LINES": "1"}, {"LINES": "0"}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"FORCE_COLOR": "no"}, {"TERM": "dumb"},
    {"TERM": "linux"},
]  # fmt: skip
PROGRAMS = [
    "cat", "true {x}", "echo {x}", "exit 3 {x}", "echo nan {x}", "awk '{print $1}'", "missing_program", "./missing",
    "~/no", "~nobody/no x",
]  # fmt: skip
OPERANDS = [
    "mine.py:f", "mine.py:none", "mine.py:text", "mine.py:fails", "mine.py:shape", "mine.py:whole", "mine.py:imaginary",
    "mine.py:two", "mine.py:constant", "mine.py:g", "wrong.py:f", "no.py:f", "math:tanh", "math:pi", "numpy:tanh",
    "no.where:f",
]  # fmt: skip
PARAMETERS = ["a", "a", "k", "alpha", "beta", "y", "x", "scale", "é"]
STRANGE_PARAMETERS = ["a", "k", "x", "lambd", "", "e"]
VALUES = ["1,2,3", "0:1:3", "0:1", ",", "1,", "nan", "inf", "=", "1:2:999999999999"]
COLUMNS = ["x", "y", "a b", "é", "", "x,y", "name", "1", "2"]
TEXTS = {
    "dtype": [
        *FORMATS, *FORMATS, *FORMATS, "all", "float16,bfloat16", "FLOAT32", "float", "f32", "float99", ",", "float32,",
    ],
    "file": [
        "in.txt", "in.csv", "in.tsv", "in.ndjson", "in.npy", "in.f64", "in.txt.gz", "none.txt", ".", "", "a\0b",
        "in.csv.gz",
    ],
    "column": COLUMNS,
    "delimiter": [",", ";", "\t", "tab", "|", "é", "ab", '"', "\udcff", " "],
    "as_": ["y", "x", "", "a,b", 'a"b', "\udcff", "a\nb"],
    "save": ["a.txt", "a.ansi", "a.svg", "a.html", "a.SVG", "a", "a.gif", "", "nowhere/a.svg", ".", "a\0.txt"],
    "title": ["T", "", "a\nb", "\udcffé💥", "=<&>"],
    "mark": ["kinks", "zeros", "extrema", "all", "kinks,zeros", ",", "kink", "x"],
    "forbid": ["", "numpy", "a,b", ","],
    "family": ["rectifiers", "periodic", "Sigmoids", "rectifier", "none"],
    "framework": ["torch", "jax", "Keras", "tf", "no", "torhc"],
    "start": ["sigmoid", "gelu", "no", ""],
    "init": ["glorot", "he", "all", "glorot,he", "no", ",", ""],
}  # fmt: skip
WORDS = [
    "eval", "diff", "list", "-h", "--help", "--version", "--", "-", "", "demo", "relu", "1", "--quick", "-q", "evall",
    "💥", "--show-completion", "--install", "-V", "check", "show", "\udcff", "-\x00", "---", "-1",
]  # fmt: skip
