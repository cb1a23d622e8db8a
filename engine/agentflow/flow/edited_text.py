"""edited_text: a file's text with a fix made in it, everything else left as it is."""

from typing import cast

from agentflow.flow.cannot_edit import CannotEditError
from agentflow.flow.text_fixes import Change
from agentflow.flow.toml_document import TomlDocument
from agentflow.flow.toml_values import list_of
from agentflow.flow.where import Keys
from agentflow.problem import Fix

__all__ = ["edited_text"]


def edited_text(text: str, fix: Fix) -> str:
    """The text with a fix made in it, one key or value after the other.

    Raises:
        CannotEditError: it does not say any more what the fix is about.
    """
    document = TomlDocument(text)
    for change in fix.arguments["changes"]:
        _make(document, change)
    return document.text


def _make(document: TomlDocument, change: Change) -> None:
    keys: Keys = tuple(change["keys"])
    if change["do"] == "set":
        document.set(keys, change["value"])
        return
    if not document.has(keys):
        raise CannotEditError("it is not in the text any more")
    if change["do"] == "remove":
        _remove(document, keys)
        return
    if document.has((*keys[:-1], change["name"])):
        raise CannotEditError(f"there is a {change['name']!r} already")
    document.rename(cast("tuple[str, ...]", keys), change["name"])


def _remove(document: TomlDocument, keys: Keys) -> None:
    if not isinstance(keys[-1], int):
        document.remove(keys)
        return
    items = list_of(document.value(keys[:-1])) or []
    document.set(keys[:-1], [it for number, it in enumerate(items) if number != keys[-1]])
