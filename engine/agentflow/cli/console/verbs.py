"""Verbs: the commands of the command line, each group of them the files of a folder."""

import importlib
import keyword
import pkgutil
from typing import TYPE_CHECKING, Any

import click

from agentflow.cli.console.exit_code import ExitCode

if TYPE_CHECKING:
    from rich_click import RichCommand

__all__ = ["Verb", "VerbGroup"]


class Verb(click.Command):
    """A verb whose help is laid out by rich-click."""

    def get_help(self, ctx: click.Context) -> str:
        # Only here: it is heavier than a small run.
        from rich_click import RichCommand  # noqa: PLC0415

        return _laid_out(ctx, RichCommand(**_declared(self)))


class VerbGroup(click.Group):
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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        verbs = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in verbs:
            # Only here: what compares names is slow to load.
            from agentflow.flow.near import near  # noqa: PLC0415

            meant = near(args[0], verbs)
            fix = f"did you mean {meant!r}?" if meant else f"there are {', '.join(verbs)}"
            ctx.fail(f"no verb is called {args[0]!r}; {fix}")
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            # Who says nothing is told what there is to say; click's versions differ in how.
            click.echo(self.get_help(ctx))
            ctx.exit(ExitCode.USAGE)
        return super().parse_args(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        # Only here, as for a verb.
        from rich_click import RichGroup  # noqa: PLC0415

        named = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        verbs = {name: verb for name, verb in named if verb is not None}
        return _laid_out(ctx, RichGroup(**_declared(self), commands=verbs))


def _declared(command: click.Command) -> dict[str, Any]:
    return {
        "name": command.name,
        "params": command.params,
        "help": command.help,
        "context_settings": command.context_settings,
    }


def _laid_out(ctx: click.Context, command: "RichCommand") -> str:
    settings = command.context_settings
    kind = command.context_class
    return command.get_help(kind(command, parent=ctx.parent, info_name=ctx.info_name, **settings))
