"""Pools: added, named, sized and removed, with what agents use following along."""

from datetime import timedelta

import pytest

from agentflow.flow.flow import PoolSettings
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.sheet import Sheet
from editor.document.drawn import sheet


@pytest.fixture
def drawn() -> Sheet:
    """A sheet whose agent `a` uses two pools."""
    made = edits.add_pool(edits.add_pool(sheet("a", "b"), "browser"), "db")
    return edits.set_agent(made, "a", "uses", ["browser", "db"])


def test_a_new_pool_has_a_free_name_and_one_thing():
    twice = edits.add_pool(edits.add_pool(sheet("a")))

    assert twice.flow.pools == {"pool": PoolSettings(), "pool-2": PoolSettings()}


def test_a_pool_has_a_size_and_a_timeout(drawn: Sheet):
    sized = edits.set_pool(edits.set_pool(drawn, "db", "size", 3), "db", "timeout", "5s")

    assert sized.flow.pools["db"] == PoolSettings(size=3, timeout=timedelta(seconds=5))
    assert edits.set_pool(sized, "db", "size", None).flow.pools["db"].size == 1
    for name, field, value in [("db", "size", 0), ("db", "colour", 1), ("none", "size", 1)]:
        with pytest.raises(EditError):
            edits.set_pool(drawn, name, field, value)


def test_agents_go_on_using_a_pool_that_gets_another_name(drawn: Sheet):
    renamed = edits.rename_pool(drawn, "browser", "window")

    assert list(renamed.flow.pools) == ["window", "db"]
    assert renamed.flow.agents["a"].uses == ("window", "db")
    assert renamed.flow.agents["b"] is drawn.flow.agents["b"]
    assert edits.rename_pool(drawn, "db", "db") is drawn
    for old, new in [("db", "browser"), ("db", " "), ("none", "x")]:
        with pytest.raises(EditError):
            edits.rename_pool(drawn, old, new)


def test_no_agent_uses_a_pool_that_was_removed(drawn: Sheet):
    removed = edits.remove_pool(drawn, "browser")

    assert list(removed.flow.pools) == ["db"]
    assert removed.flow.agents["a"].uses == ("db",)
    with pytest.raises(EditError, match="no such pool"):
        edits.remove_pool(removed, "browser")
