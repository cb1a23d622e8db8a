"""Where the bundle begins: the editor when nothing is asked for, else the command `agentflow`.

`-m MODULE` runs a module of ours: the processes in which Python agents and the local model run are
this same program, since a bundle has no interpreter beside it.
"""

import multiprocessing
import os
import runpy
import sys

from agentflow.cli import main

OWN = ("agentflow.", "agentflow_editor.")


def start() -> int:
    """Do what the command line says."""
    _give_back_library_path()
    words = sys.argv[1:]
    if len(words) > 1 and words[0] == "-m" and words[1].startswith(OWN):
        sys.argv = [words[1], *words[2:]]
        runpy.run_module(words[1], run_name="__main__", alter_sys=False)
        return 0
    return main(words or ["edit"])


def _give_back_library_path() -> None:
    # The bundle's libraries are found already; programs that an agent starts need the system's.
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(start())
