"""Templates: the examples, each of which can be copied to begin a flow of one's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

__all__ = ["Template", "templates"]

FLOW_FILE = "agentflow.toml"
_LEFT_OUT = {"__pycache__"}


@dataclass(frozen=True, slots=True)
class Template:
    """A folder with a flow in it."""

    name: str
    """The folder's: "research-assistant"."""
    summary: str
    """The first sentence of its README, for a list."""
    folder: Traversable
    """Where it is; a real folder unless the package is run from an archive."""

    def copy_to(self, target: Path) -> None:
        """Copy its files into a folder, which is made if need be.

        Raises:
            OSError: a file cannot be written, or stands there already.
        """
        _copy(self.folder, target)


def templates() -> tuple[Template, ...]:
    """Every template, by name."""
    found = (it for it in _home().iterdir() if it.joinpath(FLOW_FILE).is_file())
    return tuple(
        Template(it.name, _summary(it), it) for it in sorted(found, key=lambda it: it.name)
    )


def _home() -> Traversable:
    # Inside the wheel they stand in this package; in a checkout they stand at its top.
    packaged = files("agentflow_resources") / "examples"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "examples"


def _summary(folder: Traversable) -> str:
    readme = folder / "README.md"
    lines = readme.read_text(encoding="utf-8").splitlines() if readme.is_file() else []
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return re.sub(r"[*`]", "", first)


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for item in _worth_copying(source):
        if item.is_dir():
            _copy(item, target / item.name)
        else:
            with (target / item.name).open("xb") as file:
                file.write(item.read_bytes())


def _worth_copying(folder: Traversable) -> Iterator[Traversable]:
    return (item for item in folder.iterdir() if item.name not in _LEFT_OUT)
