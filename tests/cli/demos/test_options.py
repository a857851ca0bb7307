"""What the options of a demo default to is said once more in its experiment, and in their help."""

import inspect
from dataclasses import MISSING, fields

import pytest

from actfn.cli.demos.actor_critic import actor_critic
from actfn.cli.demos.early_exit import early_exit
from actfn.cli.demos.init_scale import init_scale
from actfn.cli.demos.multivalued import multivalued
from actfn.cli.demos.regression import regression
from actfn.cli.demos.train import train
from actfn.experiments import actor_critic as learner
from actfn.experiments import early_exit as exits
from actfn.experiments import initial_scale, training
from actfn.experiments import multivalued as inversion
from actfn.experiments import regression as walkers

SETTINGS = {
    init_scale: initial_scale.Settings,
    train: training.Settings,
    regression: walkers.Settings,
    multivalued: inversion.Settings,
    early_exit: exits.Settings,
    actor_critic: learner.Settings,
}
DIFFERENT = {(init_scale, "inputs"), (multivalued, "width")}  # as many as units; of a density


@pytest.mark.parametrize("demo", SETTINGS, ids=lambda demo: demo.__name__)
def test_defaults_are_those_of_the_experiment(demo):
    known = {each.name: each.default for each in fields(SETTINGS[demo]) if each.default is not MISSING}
    options = inspect.signature(demo, eval_str=True).parameters
    shared = [name for name in options if name in known and (demo, name) not in DIFFERENT]
    assert "seed" in shared
    for name in shared:
        if options[name].default is None:
            assert f"({known[name]}" in options[name].annotation.__metadata__[0].help
        else:
            assert options[name].default == known[name]
