"""The process that becomes a program which is to end with whoever started it.

A function between fork and exec could ask for the same, and hang where a thread holds a lock.
"""

import os
import signal
import sys

from agentflow.agents._parent import end_with

__all__ = ["main"]


def main(parent: str, file: str, *command: str) -> None:
    """Become a program: its file, and its command line; end at once where the parent has ended."""
    end_with(int(parent))
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and programs rely on it
    try:
        os.execv(file, command)  # noqa: S606 - to run it is what we are for
    except OSError as error:
        sys.exit(f"it cannot be started ({error.strerror})")


if __name__ == "__main__":
    main(*sys.argv[1:])
