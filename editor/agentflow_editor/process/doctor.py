"""Doctor: names the system libraries that Qt does not find; installs them when run as root."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping

__all__ = ["main", "missing_packages"]

OFFSCREEN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""What any Qt program loads, by the Debian package that has it."""

WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
"""What a real window under X needs besides. Qt's own message blames the wrong one of these."""


def missing_packages(libraries: Mapping[str, str]) -> list[str]:
    """The packages whose library cannot be loaded here."""
    return [package for library, package in libraries.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _install(packages: Iterable[str]) -> bool:
    commands = (["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "-y", *packages])
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return all(subprocess.run(it, env=quiet, check=False).returncode == 0 for it in commands)  # noqa: S603


def main() -> int:
    """Check this machine; 0 when Qt can start on it."""
    if not sys.platform.startswith("linux"):
        return 0
    wanted = OFFSCREEN | (WINDOW if os.environ.get("DISPLAY") else {})
    missing = missing_packages(wanted)
    if missing and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing what Qt needs:", *missing)  # noqa: T201
        _install(missing)
        missing = missing_packages(wanted)
    if missing:
        print("Qt cannot start: system libraries are missing. On Debian or Ubuntu:")  # noqa: T201
        print("  sudo apt install", *missing)  # noqa: T201
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
