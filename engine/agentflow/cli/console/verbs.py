"""VerbGroup: a command whose verbs are the files of a folder."""

import importlib
import keyword
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
        verbs = (info.name for info in modules if not info.ispkg and info.name != "base")
        return sorted(name.rstrip("_") for name in verbs)  # No module can be called `import`.

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        return importlib.import_module(f"{self._package}.{module}").VERB
