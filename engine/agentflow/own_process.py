"""Own process: the command that runs a module of this program in a process of its own."""

import sys

__all__ = ["own_command", "own_process_command"]


def own_process_command(module: str, *arguments: str) -> tuple[str, ...]:
    """What to start so that a module of ours runs as `__main__`, with these arguments.

    A bundle has no interpreter beside it; its own program takes `-m` for modules of ours.
    """
    if getattr(sys, "frozen", False):
        return (sys.executable, "-m", module, *arguments)
    # -P: what lies in the working folder must not be taken for a module of the library.
    return (sys.executable, "-P", "-m", module, *arguments)


def own_command() -> tuple[str, ...]:
    """What starts this very command, `agentflow`, once more."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return own_process_command("agentflow")
