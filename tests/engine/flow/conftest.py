"""What tests of files stand on."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from agentflow.catalogue import Catalogue
from agentflow.flow.load import FlowFile, parse

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.installed()


@pytest.fixture
def read(catalogue: Catalogue) -> Callable[[str], FlowFile]:
    """Reads a text that is indented like the test around it."""
    return lambda text: parse(dedent(text).lstrip("\n"), catalogue)


@pytest.fixture(scope="session")
def seed() -> Path:
    """The file of the tutorial that the format comes from."""
    return DATA / "seed.toml"


@pytest.fixture(scope="session")
def repeated_key() -> Path:
    """A file of the wild that no TOML parser but Go's takes."""
    return DATA / "repeated-key.toml"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a `wild_file` gets each file that was found in the wild."""
    if "wild_file" in metafunc.fixturenames:
        files = sorted((DATA / "corpus").glob("*.toml"))
        metafunc.parametrize("wild_file", files, ids=lambda path: path.stem)
