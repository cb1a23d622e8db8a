"""The helper process of the local model: serves it on loopback until its parent lets go of it.

Native code runs here, apart from everything else, so that nothing it does can hurt the program. The
key comes on standard input, the address goes to standard output, and the process ends when its
standard input does.
"""

import ctypes
import importlib
import os
import signal
import sys
from typing import Any

PARENT_DEATH_SIGNAL = 1
"""Linux's PR_SET_PDEATHSIG."""
CONTEXT = 4096
"""Tokens of a conversation, question and answer together."""


def main() -> None:
    """Serve the model whose file is named on the command line."""
    _die_with_parent()
    # The wheel's OpenMP spins at barriers: beside one busy process that is ten times slower.
    os.environ["GOMP_SPINCOUNT"] = "0"
    xllamacpp: Any = importlib.import_module("xllamacpp")
    key = sys.stdin.readline().strip()
    params = xllamacpp.CommonParams()
    params.model.path = sys.argv[1]
    params.n_ctx = CONTEXT
    # One question at a time and no remembered beginnings: batches of other shapes round otherwise,
    # and the same question would not always get the same answer.
    params.n_parallel = 1
    params.cache_prompt = False
    params.n_predict = 512
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = max(1, (os.cpu_count() or 2) // 2)
    params.verbosity = -1
    params.warmup = False
    params.port = 0
    params.api_keys = [key]
    params.endpoint_slots = False
    params.ui = False
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)  # noqa: T201 - what the parent waits for
    sys.stdin.read()
    os._exit(0)  # the native threads have nothing to clean up, and do not end by themselves


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)


if __name__ == "__main__":
    main()
