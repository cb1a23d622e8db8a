"""Places in a file as dotted keys: "orchestration.mixed.stages[0].agents[1]"."""

import re

__all__ = ["Keys", "dotted", "keys_of"]

Keys = tuple[str | int, ...]
"""The keys and indices that lead to a value, from the outermost table."""

_PART = re.compile(
    r'\.?(?:(?P<bare>[A-Za-z0-9_-]+)|"(?P<quoted>(?:[^"\\]|\\.)*)")|\[(?P<index>\d+)\]'
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def dotted(keys: Keys) -> str:
    """Keys as a reader of TOML writes them; those that need quotes get them."""
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            text += ("." if text else "") + (key if _BARE.fullmatch(key) else _quoted(key))
    return text


def keys_of(where: str) -> Keys:
    """The keys of a place; what `dotted` has written reads as what it was given."""
    keys: list[str | int] = []
    for part in _PART.finditer(where):
        if part["index"] is not None:
            keys.append(int(part["index"]))
        elif part["quoted"] is not None:
            keys.append(re.sub(r"\\(.)", r"\1", part["quoted"]))
        else:
            keys.append(part["bare"])
    return tuple(keys)


def _quoted(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
