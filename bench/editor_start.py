"""Measures how long the window takes from the first instruction of the interpreter on.

It imports nothing but what the editor itself does, and takes its way as the editor takes it.
"""

import cProfile
import json
import pstats
import sys
import tempfile
import time
from pathlib import Path

from editor_clock import settled

from agentflow_editor.app import build_windows, make_app

IMPORTED = time.thread_time()


def start() -> dict[str, float]:
    """Milliseconds until all is imported, the window is drawn, what was left for later is done."""
    with tempfile.TemporaryDirectory() as settings:
        app = make_app()
        windows = build_windows(app, Path(settings))
        windows.open_flows([])
        app.processEvents()
        shown = time.thread_time()
        settled(app, lambda: None)
        assert windows.front is not None
        assert windows.front.isVisible()
        return {
            "imported": IMPORTED * 1000,
            "shown": shown * 1000,
            "at rest": time.thread_time() * 1000,
        }


def main() -> None:
    """Measure, and print JSON; with `--parts` tell on stderr what took the time after the imports.

    What the imports take `python -X importtime` tells.
    """
    profile = cProfile.Profile()
    found = profile.runcall(start) if "--parts" in sys.argv else start()
    if "--parts" in sys.argv:
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(80)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
