"""`actfn demo`: small networks that answer what people ask about activations. The demos are registered here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from actfn.cli.classes import HelpedCommand, HelpedGroup
from actfn.cli.demos.actor_critic import actor_critic
from actfn.cli.demos.early_exit import early_exit
from actfn.cli.demos.init_scale import init_scale
from actfn.cli.demos.multivalued import multivalued
from actfn.cli.demos.regression import regression
from actfn.cli.demos.train import train

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(cls=HelpedGroup, rich_markup_mode=None, pretty_exceptions_enable=False)

_DEMOS: dict[str, Callable[..., None]] = {
    "init-scale": init_scale,
    "train": train,
    "regression": regression,
    "multivalued": multivalued,
    "early-exit": early_exit,
    "actor-critic": actor_critic,
}
for name, command in _DEMOS.items():
    app.command(name, cls=HelpedCommand)(command)


@app.callback(invoke_without_command=True)
def demo(context: typer.Context) -> None:
    """Show on small networks what an activation and the first weights do. Without a name: the list.

    Try:
      actfn demo init-scale sigmoid --init uniform01,glorot
      actfn demo train relu tanh sigmoid --data spirals
    """
    if context.invoked_subcommand is None:
        width = max(map(len, _DEMOS))
        for name, command in _DEMOS.items():
            typer.echo(f"{name.ljust(width)}  {(command.__doc__ or '').splitlines()[0]}")
