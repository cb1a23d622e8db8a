"""Process groups: starts programs so that they, and what they start, can be ended together."""

import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from agentflow.errors import SetupError
from agentflow.own_process import own_process_command

__all__ = ["bound_to_us", "child_environment", "ending", "kill_group", "program_file"]

_PASSED_ON = (
    *("HOME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LOGNAME", "SYSTEMROOT", "TEMP"),
    *("TMP", "TMPDIR", "TZ", "USER"),
)
"""What a program needs to know of where it runs; no other variable is its business unasked."""


def child_environment(named: Mapping[str, str]) -> dict[str, str]:
    """What a program sees of the environment: how to run at all, and what the flow hands it.

    Programs beside the running Python go first: "python" is the one that this package runs in.
    """
    # The process's own and not the flow's, which notes what it is asked for as secret.
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    return {**kept, "PATH": path, **named}


def program_file(name: str, folder: Path, environ: Mapping[str, str], where: str) -> str:
    """The file of a program: one beside the flow where the name has a folder, else of the PATH.

    Raises:
        SetupError: there is none.
    """
    if os.sep in name:
        found = shutil.which(folder / name)
        place = "beside the flow"
    else:
        found = shutil.which(name, path=environ.get("PATH"))
        place = "on the PATH"
    if found is None:
        what = f"there is no program {name!r} {place}"
        raise SetupError(f"{where}: {what}; install it, or name another")
    return found


def bound_to_us(file: str, command: Sequence[str]) -> Sequence[str]:
    """A command line that runs a program which does not outlive this process, where possible."""
    if sys.platform != "linux":
        return (file, *command[1:])
    return own_process_command("agentflow.agents._bound_program", str(os.getpid()), file, *command)


def kill_group(pid: int) -> None:
    """End a process that was started in a session of its own, and all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)


def ending(code: int) -> str:
    """How a process ended, by its exit code: "ended with exit code 1"."""
    if code < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
