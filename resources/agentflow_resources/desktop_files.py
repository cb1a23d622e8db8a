"""Desktop files: what makes a Linux desktop know the editor, its icon and its kind of file."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import PurePosixPath
from string import Template

__all__ = ["ICON_SIZES", "desktop_files", "icon_file"]

ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256)
"""Pixels of the drawn icons; other sizes are drawn from the scalable one."""
_NAME = "agentflow-studio"
_HOME = files("agentflow_resources") / "desktop"


def desktop_files(command: Sequence[str]) -> dict[PurePosixPath, bytes]:
    """Every file, by its place below the person's data folder (XDG_DATA_HOME).

    Args:
        command: what starts `agentflow`; the desktop entry calls it with `edit` and the files.
    """
    entry = Template(_HOME.joinpath(f"{_NAME}.desktop").read_text(encoding="utf-8"))
    icons = PurePosixPath("icons/hicolor")
    return {
        PurePosixPath(f"applications/{_NAME}.desktop"): entry.substitute(
            command=" ".join(map(_quoted, command))
        ).encode(),
        PurePosixPath(f"mime/packages/{_NAME}.xml"): _read(f"{_NAME}-mime.xml"),
        PurePosixPath(f"metainfo/{_NAME}.metainfo.xml"): _read(f"{_NAME}.metainfo.xml"),
        icons / f"scalable/apps/{_NAME}.svg": _read(f"{_NAME}.svg"),
        **{icons / f"{size}x{size}/apps/{_NAME}.png": icon_file(size) for size in ICON_SIZES},
    }


def icon_file(size: int) -> bytes:
    """The application's icon, a PNG picture, in one of the drawn sizes."""
    return _read(f"{_NAME}-{size}.png")


def _read(name: str) -> bytes:
    return _HOME.joinpath(name).read_bytes()


def _quoted(word: str) -> str:
    """A word of an Exec line: quoted, then escaped once more as every value of the file is."""
    for sign in '\\"`$':
        word = word.replace(sign, f"\\{sign}")
    return '"' + word.replace("%", "%%").replace("\\", "\\\\") + '"'
