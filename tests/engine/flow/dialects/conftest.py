"""What tests of dialects stand on."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from agentflow.catalogue import Catalogue
from agentflow.flow.imported import imported
from agentflow.flow.load import FlowFile, parse

CATALOGUE = Catalogue.installed()


@pytest.fixture
def hear() -> Callable[[str], FlowFile]:
    """Reads a text that is indented like the test around it; what it imports as says the same."""

    def read(text: str) -> FlowFile:
        file = parse(dedent(text).lstrip("\n"), CATALOGUE)
        native = imported(file, CATALOGUE)
        assert (native.dialect, native.flow) == (None, file.flow)
        return file

    return read


@pytest.fixture
def native_text() -> Callable[[FlowFile], str]:
    """The text that a file is imported as."""
    return lambda file: imported(file, CATALOGUE).text
