"""The door to the editor, which is an extra and may not be installed."""

import importlib
import os
import sys
from types import ModuleType

from agentflow.errors import NoEditorError

__all__ = ["editor_module", "without_display"]

_PARTS = {"agentflow_editor", "PySide6", "shiboken6", "NodeGraphQt", "Qt", "qasync", "qtawesome"}


def editor_module(name: str, verb: str) -> ModuleType:
    """A module of the editor, imported now and by no static import: the engine is headless.

    Raises:
        NoEditorError: it is not installed, or Qt cannot be loaded on this machine.
    """
    os.environ.setdefault("QT_API", "pyside6")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _PARTS:
            raise
        fix = "install it: pip install 'agentflow-studio[editor]'"
        raise NoEditorError(
            f"agentflow {verb}", f"the editor is not installed ({error.name})", fix
        ) from None
    except ImportError as error:
        if ".so" not in str(error):
            raise
        fix = "python -m agentflow_editor.process.doctor names the missing packages"
        raise NoEditorError(f"agentflow {verb}", f"Qt cannot be loaded ({error})", fix) from None


def without_display() -> bool:
    """Whether there is no screen that a window could stand on."""
    if not sys.platform.startswith("linux"):
        return False
    return not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
