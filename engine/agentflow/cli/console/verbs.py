"""VerbGroup: a command whose verbs are the files of a folder."""

import importlib
import pkgutil
from typing import Any

import click
from rich_click import RichGroup

__all__ = ["VerbGroup"]


class VerbGroup(RichGroup):
    """The verbs of a package, each imported only when it is asked for, so none waits."""

    def __init__(self, *args: Any, package: str = "agentflow.cli", **settings: Any) -> None:
        """`package` is what the verbs' modules stand in; packages in it, and `base`, are none."""
        super().__init__(*args, **settings)
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        modules = pkgutil.iter_modules(importlib.import_module(self._package).__path__)
        return sorted(info.name for info in modules if not info.ispkg and info.name != "base")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        return importlib.import_module(f"{self._package}.{cmd_name}").VERB
