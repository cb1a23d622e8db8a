"""A document, and what it tells."""

import pytest

from agentflow_editor.document.document import Document
from editor.document.drawn import CATALOGUE


@pytest.fixture
def document(qapp):
    return Document(CATALOGUE)
