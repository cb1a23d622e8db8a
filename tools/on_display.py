"""Runs a command on a display of its own, with a window manager, as it would run on a desktop.

Nobody sees it: the display is a memory (Xvfb). What was started for it is ended with the command.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

NEEDED = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool"}
"""The programs, and Debian's packages that they are in."""
SCREEN = "1440x900x24"
PATIENCE = 15.0
"""Seconds that the window manager has to begin."""


def main(command: Sequence[str]) -> int:
    """Run the command; its exit code, or 1 where there is no display to run it on."""
    missing = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    if missing:
        print(f"A display of its own needs {', '.join(missing)}: apt install {' '.join(missing)}")
        return 1
    with _display() as name:
        env = {**os.environ, "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
        env.pop("WAYLAND_DISPLAY", None)
        with _running(["openbox", "--sm-disable"], env=env):
            _wait_for_manager(env)
            return subprocess.run(command, env=env, check=False).returncode


@contextmanager
def _display() -> Iterator[str]:
    """The name of a new display; the server itself chooses one that is free."""
    told, tell = os.pipe()
    server = ["Xvfb", "-displayfd", str(tell), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with _running(server, pass_fds=(tell,)):
        os.close(tell)
        with os.fdopen(told) as answer:
            yield f":{answer.readline().strip()}"


@contextmanager
def _running(
    command: Sequence[str], env: Mapping[str, str] | None = None, pass_fds: Sequence[int] = ()
) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=env, pass_fds=pass_fds, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for_manager(env: Mapping[str, str]) -> None:
    """Wait until there is one that can say which desktop is shown."""
    end = time.monotonic() + PATIENCE
    ask = ["xdotool", "get_desktop"]
    while subprocess.run(ask, env=env, capture_output=True, check=False).returncode:
        if time.monotonic() > end:
            raise TimeoutError("the window manager does not begin")
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
