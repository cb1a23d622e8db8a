"""Parent: a process that is to end with the one that started it."""

import ctypes
import os
import signal
import sys

__all__ = ["end_with"]

_PARENT_DEATH_SIGNAL = 1
"""Linux's PR_SET_PDEATHSIG."""


def end_with(parent: int) -> None:
    """Have this process end with its parent, and at once where that has ended already.

    Only Linux has that.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
