"""The command: calls its verbs, and turns what they raise into a message and an exit code."""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

import click

from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import VerbGroup
from agentflow.errors import AgentFlowError, FlowCheckError, FlowFileError

__all__ = ["edit", "main"]


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        ctx.find_object(Sink).result(f"agentflow {version('agentflow-studio')}")  # pyright: ignore[reportOptionalMemberAccess] - main hands it in
        ctx.exit()


@click.group(
    "agentflow",
    cls=VerbGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and exit.",
)
def _group() -> None:
    """Check, run, draw, translate and begin flows of agents."""


def main(args: Sequence[str] | None = None) -> int:
    """Do what the command line says; nothing that was raised on purpose leaves it.

    Args:
        args: the words after `agentflow`; None takes the process's own.

    Returns:
        The exit code: 0 done, 1 the run failed, 2 usage, 3 the flow has errors, 130 interrupted.
    """
    _open_streams()
    sink = Sink(sys.stdout, sys.stderr)
    try:
        code = _group.main(args, prog_name="agentflow", standalone_mode=False, obj=sink)
        sys.stdout.flush()
    except click.ClickException as error:
        sink.error(_usage(error))
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except AgentFlowError as error:
        sink.error(str(error))
        return (
            ExitCode.INVALID
            if isinstance(error, (FlowFileError, FlowCheckError))
            else ExitCode.FAILED
        )
    except BrokenPipeError:
        # Whoever read our output has had enough.
        _drop_output()
        return ExitCode.FAILED
    except OSError as error:
        sink.error(f"the machine refused: {error}")
        _drop_output()
        return ExitCode.FAILED
    return code if isinstance(code, int) else ExitCode.SUCCESS


def _drop_output() -> None:
    # What is still in the buffer would make Python complain once more on its way out.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_streams() -> None:
    # A parent may have closed them; what is opened next would take their numbers otherwise.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - for the whole process


def edit() -> int:
    """The command `agentflow-editor`: `agentflow edit`, which says what is missing if it must."""
    return main(["edit", *sys.argv[1:]])


def _usage(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "agentflow"
    message = " ".join(error.format_message().split()).rstrip(".")
    return f"{command}: {message}; see {command} --help"
