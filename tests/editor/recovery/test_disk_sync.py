"""DiskSync: a file is on the disk soon, and no thread is there for longer than that takes."""

import threading
from pathlib import Path

import pytest

from agentflow_editor.recovery import disk_sync
from agentflow_editor.recovery.disk_sync import DiskSync


@pytest.fixture
def synced(monkeypatch) -> list[str]:
    """The names of the files that the system was told to write, in order."""
    names: list[str] = []
    monkeypatch.setattr(disk_sync, "sync", lambda path: names.append(path.name))
    return names


def _threads() -> list[threading.Thread]:
    return [it for it in threading.enumerate() if it.name == "agentflow: disk"]


def test_what_is_wanted_meanwhile_is_written_at_once_and_then_the_thread_ends(
    qtbot, synced, monkeypatch
):
    monkeypatch.setattr(disk_sync, "PAUSE", 0.2)
    disk = DiskSync()
    disk.want(Path("a"))
    qtbot.waitUntil(lambda: synced == ["a"])
    disk.want(Path("b"))
    disk.want(Path("c"))
    assert len(_threads()) == 1

    qtbot.waitUntil(lambda: not _threads())
    assert synced == ["a", "c"]
    disk.want(Path("d"))
    qtbot.waitUntil(lambda: synced == ["a", "c", "d"])


def test_what_ends_writes_no_more_and_waits_for_nothing(qtbot, synced):
    disk = DiskSync()
    disk.want(Path("a"))
    qtbot.waitUntil(lambda: synced == ["a"])
    disk.want(Path("b"))
    disk.end()
    disk.want(Path("c"))

    qtbot.waitUntil(lambda: not _threads(), timeout=900)
    assert synced == ["a"]
