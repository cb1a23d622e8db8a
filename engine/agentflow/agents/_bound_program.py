"""The process that becomes a program which is to end with whoever started it.

A function between fork and exec could ask for the same, and hang where a thread holds a lock.
"""

import ctypes
import os
import signal
import sys

__all__ = ["main"]

PARENT_DEATH_SIGNAL = 1
"""Linux's PR_SET_PDEATHSIG."""


def main(parent: str, file: str, *command: str) -> None:
    """Become a program: its file, and its command line; end at once where the parent has ended."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != int(parent):
        os._exit(1)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and programs rely on it
    try:
        os.execv(file, command)  # noqa: S606 - to run it is what we are for
    except OSError as error:
        sys.exit(f"it cannot be started ({error.strerror})")


if __name__ == "__main__":
    main(*sys.argv[1:])
