"""Where a flow's memory may lie."""

from pathlib import Path

import pytest

from agentflow.errors import SetupError
from agentflow.memory.place import memory_file


@pytest.fixture
def state(tmp_path: Path, monkeypatch) -> Path:
    """The folder of the user's state, with this program's inside."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "agentflow-studio"


def test_a_file_in_the_flows_folder_is_taken(tmp_path: Path):
    assert memory_file("kept/memory.db", tmp_path, "x") == tmp_path.resolve() / "kept/memory.db"


def test_a_file_among_the_users_state_is_taken(tmp_path: Path, state: Path):
    assert memory_file(str(state / "shared.sqlite"), tmp_path, "x") == state / "shared.sqlite"


def test_without_a_path_each_flow_has_a_file_of_its_own_among_the_users_state(
    tmp_path: Path, state: Path
):
    found = {
        memory_file("", tmp_path / folder, name) for folder in ("a", "b") for name in ("x", "y")
    }

    assert len(found) == 4
    assert {it.parent for it in found} == {state / "memory"}
    assert not state.exists()


def test_a_flow_in_no_file_remembers_as_long_as_its_runner_is_there():
    assert memory_file("", None, "x") is None


@pytest.mark.parametrize(
    "path", ["../memory.db", "a/../../memory.db", "/etc/memory.db", "memory.txt", "a\0.db"]
)
def test_no_other_place_is(tmp_path: Path, path: str):
    with pytest.raises(SetupError, match=r"memory\.path"):
        memory_file(path, tmp_path / "flow", "x")


def test_a_link_that_leads_out_is_not(tmp_path: Path):
    (tmp_path / "flow").mkdir()
    (tmp_path / "flow" / "out").symlink_to(tmp_path)

    with pytest.raises(SetupError, match="move it in"):
        memory_file("out/memory.db", tmp_path / "flow", "x")
