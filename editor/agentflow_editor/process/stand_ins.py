"""Stand-ins: light modules in place of the heavy ones that NodeGraphQt and qtawesome ask for.

Both libraries reach Qt through a layer that loads every module of Qt it can find, and NodeGraphQt
compares version numbers by `distutils`, which is gone from Python 3.12 and for which setuptools is
loaded instead. Together that is half of the time that the window takes to appear. Importing this
module puts these in place; whatever is loaded already stays.
"""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import Any

import PySide6
from PySide6 import QtCore, QtGui, QtSvg, QtWidgets

__all__ = ["Version"]


class Version(tuple[int, ...]):
    """A version number in parts that are compared as numbers, as `LooseVersion` is."""

    __slots__ = ()

    def __new__(cls, text: str) -> "Version":
        return super().__new__(cls, (int(it) for it in text.split(".") if it.isdigit()))


def _module(name: str, **contents: Any) -> ModuleType:
    made = ModuleType(name)
    made.__spec__ = ModuleSpec(name, None)  # or whoever looks for the module is told it is broken
    made.__dict__.update(contents)
    return made


def _widgets() -> ModuleType:
    """Qt 5's order, which NodeGraphQt was written for: actions and undo are found with widgets."""

    def found(name: str) -> Any:
        return getattr(QtWidgets if hasattr(QtWidgets, name) else QtGui, name)

    return _module("Qt.QtWidgets", __getattr__=found)


def _header() -> SimpleNamespace:
    def resize(header: QtWidgets.QHeaderView, *arguments: Any) -> None:
        header.setSectionResizeMode(*arguments)

    return SimpleNamespace(setSectionResizeMode=resize)


def _put(package: str, **modules: Any) -> None:
    if package not in sys.modules:
        sys.modules[package] = _module(package, __path__=[], **modules)
        parts = {name: it for name, it in modules.items() if isinstance(it, ModuleType)}
        sys.modules.update({f"{package}.{name}": it for name, it in parts.items()})


_put("distutils", version=_module("distutils.version", LooseVersion=Version))
_put(
    "qtpy",
    PYSIDE_VERSION=PySide6.__version__,
    QtCore=QtCore,
    QtGui=QtGui,
    QtWidgets=QtWidgets,
)
_put(
    "Qt",
    QtCore=QtCore,
    QtGui=QtGui,
    QtSvg=QtSvg,
    QtWidgets=_widgets(),
    QtCompat=_module("Qt.QtCompat", QHeaderView=_header()),
    IsPySide6=True,
    IsPySide2=False,
    IsPyQt5=False,
    IsPyQt6=False,
    __binding__="PySide6",
    __qt_version__=QtCore.qVersion(),
    __version__="1.4.8",
)
