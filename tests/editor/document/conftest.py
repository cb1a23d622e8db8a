"""A document, and what it tells."""

from pathlib import Path

import pytest

from agentflow_editor.document.document import Document
from editor.document.drawn import CATALOGUE, FLOW


@pytest.fixture
def document(qapp):
    return Document(CATALOGUE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "agentflow.toml"
    path.write_text(FLOW, encoding="utf-8")
    return path
