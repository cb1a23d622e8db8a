import subprocess
import sys

import pytest

import agentflow


@pytest.mark.parametrize("name", agentflow.__all__)
def test_every_public_name_is_there(name):
    assert getattr(agentflow, name) is not None
    assert name in dir(agentflow)


def test_a_name_that_is_not_there_is_told_as_usual():
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        agentflow.Nothing  # noqa: B018


def test_to_import_the_package_imports_nothing_heavy():
    code = "import agentflow, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    heavy = {"pydantic", "networkx", "cel_expr_python", "httpx", "jinja2", "asyncio", "tomlkit"}
    assert heavy & set(loaded.stdout.split()) == set()
