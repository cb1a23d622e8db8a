"""Files that people wrote, edited at random and saved, say to the command what was drawn."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentflow.cli import main
from agentflow.errors import SaveError
from agentflow.flow.check import check
from agentflow.flow.load import load
from editor.document.drawn import CATALOGUE
from editor.document.random_edits import random_edit

TOP = Path(__file__).parents[3]
FILES = sorted(
    [
        *TOP.glob("examples/*/agentflow.toml"),
        *TOP.glob("tests/data/corpus/*.toml"),
        TOP / "tests/data/seed.toml",
    ]
)


def heading(text: str) -> str:
    """The comment that begins the file, if a blank line parts it from what follows."""
    first, blank, _ = text.partition("\n\n")
    return first if blank and all(it.startswith("#") for it in first.splitlines()) else ""


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_file_that_was_edited_at_random_says_to_the_command_what_was_drawn(
    document, tmp_path_factory: pytest.TempPathFactory, capsys, data: st.DataObject
):
    source = data.draw(st.sampled_from(FILES))
    path = tmp_path_factory.mktemp("edited") / "agentflow.toml"
    path.write_bytes(source.read_bytes())
    document.open(path)
    for _ in range(data.draw(st.integers(1, 6))):
        document.edit("Edit", random_edit(data.draw, document.sheet))
    shown = document.quick_text

    try:
        saved = document.save()
    except SaveError:
        assert path.read_bytes() == source.read_bytes()
        return

    flow = document.sheet.flow
    assert load(path, CATALOGUE).flow == flow
    assert not document.is_modified
    if not saved.rewritten:
        assert saved.text == shown
        assert path.read_text("utf-8").startswith(heading(source.read_text("utf-8")))
    code = main(["validate", "--json", str(path)])
    told = json.loads(capsys.readouterr().out)["files"][0]["problems"]
    errors = {it["code"] for it in told if it["severity"] == "error"}
    assert {it.code for it in check(flow, CATALOGUE) if it.severity == "error"} <= errors
    assert code == (3 if errors else 0)
    assert main(["export", str(path), "--format", "mermaid"]) == 0
    capsys.readouterr()
