"""The demos as a person runs them."""

import json
import os
import pty
import subprocess

import pytest

from tests.conftest import PLAIN, PROGRAM

DEMOS = {
    "init-scale": ["sigmoid", "--init", "uniform01,glorot", "--width", "32"],
    "train": ["relu", "1.2**max(0,x-2)", "--steps", "60"],
    "regression": ["--steps", "20"],
    "multivalued": ["--steps", "40"],
    "early-exit": ["--steps", "30"],
    "actor-critic": ["--steps", "60"],
}


def test_the_list_has_a_line_for_each(actfn):
    done = actfn("demo")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(DEMOS)
    assert all(line.endswith(".") for line in done.stdout.splitlines())


@pytest.mark.parametrize("demo", DEMOS)
def test_records_on_standard_output_and_words_on_standard_error(demo, actfn):
    done = actfn("demo", demo, *DEMOS[demo], "--quick", "--json")
    assert done.returncode == 0
    records = json.loads(done.stdout)
    assert len({tuple(record) for record in records}) == 1
    assert done.stderr.rstrip().endswith(".")
    assert "nan" not in done.stderr
    quiet = actfn("demo", demo, *DEMOS[demo], "--quick", "--json", "--quiet")
    assert quiet.stderr == ""
    timed = {"seconds"}
    first, second = ([{k: v for k, v in each.items() if k not in timed} for each in found] for found in (
        records, json.loads(quiet.stdout),
    ))  # fmt: skip
    assert first == second  # a seed is a result


@pytest.mark.parametrize("demo", DEMOS)
def test_a_report_is_tables_pictures_and_words(demo, actfn):
    done = actfn("demo", demo, *DEMOS[demo], "--quick", "--plot")
    assert (done.returncode, done.stderr) == (0, "")
    assert "───" in done.stdout
    assert "┌───" in done.stdout
    assert done.stdout.rstrip().endswith(".")
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize("demo", ["init-scale", "train", "multivalued", "early-exit", "actor-critic"])
def test_ascii_and_narrow(demo):
    environment = PLAIN | {"PYTHONIOENCODING": "ascii", "COLUMNS": "40"}
    done = subprocess.run(
        [*PROGRAM, "demo", demo, *DEMOS[demo], "--quick", "--plot"], capture_output=True, check=False, env=environment
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
    assert b"?" not in done.stdout


def test_of_many_blocks_some_share_a_column(actfn):
    done = actfn("demo", "early-exit", "--blocks", "12", "--steps", "5", "--quick", "-q")
    header = next(line for line in done.stdout.splitlines() if line.startswith("         "))
    assert header.split()[-6:] == ["1", "2", "3", "4", "5-11", "12"]
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_another_seed_is_another_result(actfn):
    first, second = (
        actfn("demo", "multivalued", "--steps", "5", "--format", "csv", "-q", "--seed", seed).stdout for seed in "12"
    )
    assert first.splitlines()[0] == second.splitlines()[0]
    assert first != second


def test_progress_is_shown_on_a_terminal_only():
    main, side = pty.openpty()
    done = subprocess.Popen(
        [*PROGRAM, "demo", "regression", "--steps", "60"],
        stdout=subprocess.PIPE,
        stderr=side,
        env=PLAIN | {"TERM": "xterm"},
    )
    os.close(side)
    shown = b""
    while True:
        try:
            part = os.read(main, 4096)
        except OSError:  # the terminal is closed at the program's end
            break
        if not part:
            break
        shown += part
    answer, _ = done.communicate()
    os.close(main)
    assert b"output none" in shown
    assert b"%" in shown
    assert b"\x1b" not in answer


def test_init_scale_as_the_first_question_has_it(actfn):
    done = actfn(
        "demo",
        "init-scale",
        "sigmoid",
        "--init",
        "uniform01,glorot",
        "--depth",
        "3",
        "--width",
        "256",
        "--dtype",
        "float32",
    )
    assert "uniform01 (uniform on [0, 1), as rand() is) is saturated from layer" in done.stdout
    assert "More digits move the threshold" in " ".join(done.stdout.split())
    assert "glorot (std sqrt(2/(inputs + outputs)))" in done.stdout


def test_a_scale_of_ones_own_stands_alone_or_beside(actfn):
    def inits(*options):
        done = actfn("demo", "init-scale", "tanh", "--quick", "-q", "--format", "csv", *options)
        return list(dict.fromkeys(line.split(",")[0] for line in done.stdout.splitlines()[1:]))

    assert inits("--scale", "0.1") == ["scale 0.1"]
    assert inits("--scale", "0.1", "--init", "he") == ["he", "scale 0.1"]
    assert inits("--init", "all")[-1] == "orthogonal"


def test_of_a_deep_network_some_layers_are_shown_and_all_recorded(actfn):
    command = ("demo", "init-scale", "relu", "--init", "he", "--depth", "40", "--width", "16", "-q")
    words = [line.split()[0] for line in actfn(*command).stdout.splitlines() if line]
    shown = [word for word in words if word.isdigit()]
    assert shown[:3] == ["1", "2", "3"]
    assert shown[-1] == "40"
    assert len(shown) <= 12
    assert len(json.loads(actfn(*command, "--json").stdout)) == 40


def test_a_wide_terminal_shows_more(actfn):
    narrow = actfn("demo", "init-scale", "--quick", "-q").stdout
    wide = actfn("demo", "init-scale", "--quick", "-q", env={"COLUMNS": "120"}).stdout
    assert max(map(len, narrow.splitlines())) <= 80
    assert max(map(len, wide.splitlines())) <= 120
    assert ("distribution" in wide, "distribution" in narrow) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["x**3", "--depth", "40", "--init", "normal"],
            "normal is exploding: the sums leave the floats in layer 6, and the gradient on its way back too: a step",
        ),
        (["x**3", "--depth", "40", "--init", "normal"], "theory finds no scale that keeps 40 layers of this healthy;"),
        (
            ["log(x)", "--init", "he"],
            "log(x) has no value at 43 % of the sums of layer 1, and nan goes on from there: an",
        ),
        (["relu", "--depth", "20", "--init", "small"], "What would help: theory expects a healthy network with he."),
        (
            ["sigmoid", "--init", "he", "--depth", "4"],
            "None of these networks needs help: signal and gradient reach every layer.",
        ),
    ],
    ids=["beyond floats", "nothing helps", "no value", "something helps", "healthy"],
)
def test_what_is_wrong_and_what_would_help(arguments, said, actfn):
    assert said in " ".join(actfn("demo", "init-scale", *arguments, "--quick").stdout.split())


def test_parameters_reach_the_function(actfn):
    done = actfn("demo", "init-scale", "leaky_relu", "-p", "alpha=1", "--init", "lecun", "--quick", "--json", "-q")
    assert {record["dead"] for record in json.loads(done.stdout)} == {0.0}


@pytest.mark.parametrize("demo", ["regression", "multivalued", "early-exit", "actor-critic"])
def test_where_the_floats_are_left_that_is_said(demo, actfn):
    done = actfn("demo", demo, "log", *DEMOS[demo], "--quick")
    assert done.returncode == 0
    assert "With log the network left the floats" in done.stdout


def test_both_demos_with_other_tasks(actfn):
    circle = actfn("demo", "multivalued", "--problem", "circle", "--steps", "20", "--plot")
    assert "radius 0.30" in circle.stdout
    assert "each of 12 sectors" in " ".join(circle.stdout.split())
    car = actfn("demo", "actor-critic", "--task", "mountain-car", "--steps", "250", "--width", "exp(x)")
    assert "of fresh episodes reach the goal" in " ".join(car.stdout.split())


def test_a_mean_behind_tanh_is_told_to_be_bounded(actfn):
    done = actfn("demo", "actor-critic", "--mean", "tanh", "--quick", "--no-plot")
    assert "behind tanh the mean cannot take every value" in " ".join(done.stdout.split())


def test_training_that_leaves_the_floats_is_told(actfn):
    done = actfn("demo", "train", "relu", "exp(exp(x))", "--steps", "40", "--no-plot")
    assert done.returncode == 0
    assert "exp(exp(x))" in done.stdout
    assert "left the floats" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("demo", "option"),
    [("train", "--rate"), ("regression", "--goal"), ("early-exit", "--threshold"), ("actor-critic", "--entropy")],
)
def test_a_number_that_is_none_is_refused(demo, option, actfn):
    done = actfn("demo", demo, option, "nan")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"actfn: {option} takes a finite number, not nan\n"


def test_a_network_that_left_the_floats_is_in_no_ranking(actfn):
    done = actfn("demo", "train", "exp(x)", "exp(x)", "relu", "--rate", "5", "--steps", "5", "--no-plot")
    words = " ".join(done.stdout.split())
    assert "At step 5 relu classifies" in words
    assert "The loss left the floats with exp(x) and exp(x)." in words
    assert "exp(x) comes to" not in words
    alone = actfn("demo", "train", "exp(x)", "--rate", "5", "--steps", "5", "--no-plot")
    assert "classifies" not in alone.stdout


def test_weights_of_0_carry_no_signal(actfn):
    done = actfn("demo", "init-scale", "tanh", "--scale", "0", "--quick")
    assert "the sums are alike from the first layer on" in " ".join(done.stdout.split())


def test_a_goal_that_nobody_reaches(actfn):
    done = actfn("demo", "regression", "--goal", "0.1", "--steps", "20")
    assert "The error is below 0.1 kg with neither." in " ".join(done.stdout.split())
