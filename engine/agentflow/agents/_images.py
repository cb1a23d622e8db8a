"""Images that a model is shown: by an address, or out of the flow's own folder."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from agentflow.errors import ToolError

__all__ = ["image_urls"]

MOST_BYTES = 10 * 1024 * 1024
"""The largest file that is shown."""
MOST_IMAGES = 16

_KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}


def image_urls(value: Any, folder: Path | None) -> tuple[str, ...]:
    """The URL of each image that a value of the state names: one, or a list of them.

    Args:
        value: data URLs and http(s) URLs, which stay as they are, and paths, which are read.
        folder: the flow's; a path leads into it and nowhere else.

    Raises:
        ToolError: it names no image, or one that must not be read.
    """
    named = cast("Sequence[Any]", value) if isinstance(value, list) else [value]
    if len(named) > MOST_IMAGES:
        raise ToolError(f"these are more than {MOST_IMAGES} images", fix="show fewer at once")
    return tuple(_url(it, folder) for it in named if it not in (None, ""))


def _url(name: Any, folder: Path | None) -> str:
    if not isinstance(name, str):
        fix = "name a file, an address or a data URL"
        raise ToolError(f"{name!r:.80} names no image", fix=fix)
    if name.startswith(("http://", "https://", "data:image/")):
        return name
    contents = _read(name, folder)
    kind = next((kind for start, kind in _KINDS.items() if contents.startswith(start)), "")
    if contents[:4] == b"RIFF" and contents[8:12] == b"WEBP":
        kind = "webp"
    if not kind:
        raise ToolError(f"{name!r:.80} is no image", fix="take a PNG, JPEG, GIF or WebP file")
    return f"data:image/{kind};base64,{b64encode(contents).decode()}"


def _read(name: str, folder: Path | None) -> bytes:
    if folder is None:
        raise ToolError("a flow that is in no file has no folder", fix="save it first")
    home = folder.resolve()
    try:
        file = (home / name).resolve()
        if not file.is_relative_to(home):
            what = f"{name!r:.80} is outside the flow's own folder"
            raise ToolError(what, fix="move the image in")
        if not file.is_file():
            raise ToolError(f"there is no file {name!r:.80}", fix="look at what the state says")
        if file.stat().st_size > MOST_BYTES:
            raise ToolError(f"{name!r:.80} is larger than 10 MB", fix="make it smaller")
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise ToolError(f"{name!r:.80} cannot be read ({error})", fix="check the file") from None
