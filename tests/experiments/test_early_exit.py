"""What the demo of early exits claims, over several seeds; and that work is skipped, not only counted."""

import numpy as np
import pytest

import actfn
from actfn.experiments import early_exit
from actfn.experiments.early_exit import NEVER, ExitNetwork, Settings, measure, multiplications
from actfn.experiments.losses import cross_entropy
from actfn.numerics.formats import FORMATS
from tests.experiments.test_network import numerical

RELU = actfn.function("relu")
QUICK = {"steps": 400, "rows": 1500, "fresh": 1000}


@pytest.fixture(scope="module", params=range(3))
def result(request):
    return measure(RELU, Settings(**QUICK, seed=request.param))


def test_the_best_threshold_saves_much_for_little(result):
    assert result.best.work <= 0.65
    assert result.best.accuracy >= result.whole.accuracy - 0.01
    assert result.whole.accuracy > 0.9
    assert result.whole.work == 1


def test_a_higher_threshold_works_more_and_leaves_later(result):
    work = [point.work for point in result.sweep]
    assert work == sorted(work)
    assert work[0] < work[-1]
    first = [point.leaving[0] for point in result.sweep]
    assert first == sorted(first, reverse=True)
    assert (first[0], result.sweep[0].accuracy) == (1.0, result.exits[0])
    assert all(sum(point.leaving) == pytest.approx(1) for point in result.sweep)


def test_temperature_and_format_matter(result):
    sharp, true, soft = result.temperatures
    assert sharp.work < true.work < soft.work
    assert sharp.accuracy <= true.accuracy
    by_format = {point.form: point.leaving[0] for point in result.formats}
    assert by_format["float8_e4m3fn"] > by_format["bfloat16"] > by_format["float64"] - 1e-12


@pytest.fixture
def network():
    return ExitNetwork(RELU, Settings(blocks=4, width=8, adapter=3), np.random.default_rng(0))


def test_who_has_left_takes_no_part(network, monkeypatch):
    rows = {id(block): [] for block in network.blocks}
    forward = early_exit.Residual.forward
    monkeypatch.setattr(
        early_exit.Residual, "forward", lambda self, x: rows[id(self)].append(len(x)) or forward(self, x)
    )
    points = 3 * np.random.default_rng(1).standard_normal((200, 2))
    answer = network.run(points, 0.8)
    seen = [sum(rows[id(block)]) for block in network.blocks]
    assert seen == [int((answer.left >= place).sum()) for place in range(4)]
    assert seen[-1] < 200
    base = multiplications(network.stem)
    each = multiplications(network.blocks[0]) + multiplications(network.classifiers[0])
    assert np.array_equal(answer.work, base + (answer.left + 1) * each)


def test_answers_are_those_of_the_classifier_where_it_left(network):
    points = 3 * np.random.default_rng(2).standard_normal((50, 2))
    answer = network.run(points, 0.7, form=FORMATS["float32"])
    stream, _ = network.stem.forward(points)
    for place, (block, classifier) in enumerate(zip(network.blocks, network.classifiers, strict=True)):
        stream, _ = block.forward(stream)
        logits, _ = classifier.forward(stream)
        here = answer.left == place
        assert np.array_equal(answer.labels[here], logits.argmax(axis=1)[here])


def test_never_runs_the_last_classifier_only(network):
    points = np.ones((3, 2))
    answer = network.run(points, NEVER)
    assert answer.left.tolist() == [3, 3, 3]
    assert answer.work.tolist() == [network.whole_work] * 3


def test_gradients_of_all_exits(network):
    rng = np.random.default_rng(3)
    points, labels = rng.standard_normal((6, 2)), rng.integers(0, 2, 6)

    def loss():
        stream, _ = network.stem.forward(points)
        total = 0.0
        for block, classifier in zip(network.blocks, network.classifiers, strict=True):
            stream, _ = block.forward(stream)
            total += cross_entropy(classifier.forward(stream)[0], labels).value / 4
        return total

    assert network.learn(points, labels) == pytest.approx(loss())
    for parameter in network.parameters:
        assert parameter.gradient == pytest.approx(numerical(loss, parameter.value), rel=1e-4, abs=1e-8)
