"""One editor for a person: a second start hands its files to the first, and only files."""

import json
import os
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket

from agentflow_editor.process.instance import MOST_BYTES, Instance, hand_over, socket_name
from agentflow_editor.settings.store import EditorSettings

FLOW = '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = []\n'


@pytest.fixture
def runtime(monkeypatch) -> Iterator[Path]:
    """The folder of sockets; a short one, since a socket's name may not be long."""
    folder = Path(tempfile.mkdtemp(prefix="af"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def instance(qapp, runtime, tmp_path) -> Iterator[Instance]:
    made = Instance(tmp_path)
    assert made.open()
    yield made
    made.close()
    made.deleteLater()


def _say(qtbot, folder: Path, message: bytes) -> bytes:
    """Send bytes to the instance; what it answers before it hangs up."""
    socket = QLocalSocket()
    socket.connectToServer(socket_name(folder))
    assert socket.waitForConnected(2000)
    socket.write(message)
    socket.flush()
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    return bytes(socket.readAll().data())


def _message(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + body


def test_a_list_of_paths_is_shown(instance, tmp_path, qtbot):
    with qtbot.waitSignal(instance.files_wanted) as wanted:
        answer = _say(qtbot, tmp_path, _message(b'["/a/agentflow.toml", "/b c/x.toml"]'))

    assert wanted.args == [[Path("/a/agentflow.toml"), Path("/b c/x.toml")]]
    assert answer == b"taken"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b'{"run": "/a/agentflow.toml"}',
        b'["agentflow.toml"]',
        b'["/a", 7]',
        rb'["/a\u0000b"]',
        b"[" * 60_000,
    ],
)
def test_anything_else_is_not_taken(instance, tmp_path, qtbot, body):
    with qtbot.assertNotEmitted(instance.files_wanted):
        assert _say(qtbot, tmp_path, _message(body)) == b""


def test_a_list_that_is_too_long_is_neither_read_nor_sent(instance, tmp_path, qtbot):
    with qtbot.assertNotEmitted(instance.files_wanted):
        assert _say(qtbot, tmp_path, struct.pack(">I", MOST_BYTES + 1) + b"[") == b""
        assert not hand_over(tmp_path, [Path("/" + "x" * 1000)] * 70)


def test_who_says_nothing_is_not_waited_for(instance, tmp_path, qtbot):
    assert _say(qtbot, tmp_path, b"") == b""


def test_nobody_else_can_reach_it(instance, tmp_path):
    name = Path(socket_name(tmp_path))

    assert stat.S_IMODE(name.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(name.stat().st_mode) & 0o077 == 0


def test_a_folder_that_others_may_enter_is_not_used(qapp, runtime, tmp_path):
    home = Path(socket_name(tmp_path)).parent
    home.chmod(0o755)

    assert socket_name(tmp_path) == ""
    assert not Instance(tmp_path).open()
    assert not hand_over(tmp_path, [])


def test_editors_with_other_settings_are_other_editors(instance, tmp_path):
    assert not Instance(tmp_path).open()
    assert socket_name(tmp_path / "other") != socket_name(tmp_path)
    assert not hand_over(tmp_path / "other", [])


class _Desktop:
    """Editors as a person starts them; which files they showed is seen in what they remember."""

    def __init__(self, home: Path, runtime: Path) -> None:
        self.home = home
        self._started: list[subprocess.Popen[str]] = []
        self._environ = {
            **os.environ,
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_RUNTIME_DIR": str(runtime),
            "QT_QPA_PLATFORM": "offscreen",
            "DISPLAY": ":none",
        }

    def flow(self, name: str) -> Path:
        file = self.home / name / "agentflow.toml"
        file.parent.mkdir()
        file.write_text(FLOW, "utf-8")
        return file

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "agentflow", "edit", *map(str, words)]
        process = subprocess.Popen(
            command, env=self._environ, stderr=subprocess.PIPE, text=True, cwd=self.home
        )
        self._started.append(process)
        return process

    def shown(self) -> list[str]:
        try:
            recent = json.loads((self.home / "config/agentflow-studio/recent.json").read_text())
        except FileNotFoundError:
            return []
        return [Path(it).parent.name for it in recent]

    def session(self) -> list[str]:
        kept = EditorSettings(self.home / "config/agentflow-studio").session
        return [path.parent.name for path in kept]

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def desktop(runtime, tmp_path) -> Iterator[_Desktop]:
    made = _Desktop(tmp_path, runtime)
    yield made
    made.close()


def _until(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 40
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def test_a_second_start_hands_its_file_to_the_first_even_after_one_was_killed(desktop):
    names = ["one", "two", "three", "four"]
    one, two, three, four = map(desktop.flow, names)

    first = desktop.start(one)
    _until(lambda: desktop.shown() == ["one"], "the first never showed its file")
    second = desktop.start(two.relative_to(desktop.home))
    _, said = second.communicate(timeout=40)
    _until(lambda: desktop.shown() == ["two", "one"], "the file was not handed over")

    assert second.returncode == 0
    assert "already" in said
    assert first.poll() is None

    first.kill()
    first.wait()
    third = desktop.start(three)
    _until(lambda: desktop.shown()[0] == "three", "the killed one's socket was in the way")
    desktop.start(four).wait(40)
    _until(lambda: desktop.shown() == names[::-1], "the third did not take its place")

    assert third.poll() is None
    third.send_signal(signal.SIGTERM)
    assert third.wait(40) == 0


def test_a_new_instance_is_started_where_one_is_wanted_and_several_files_have_a_window_each(
    desktop,
):
    one, two, three = map(desktop.flow, ["one", "two", "three"])
    first = desktop.start(one, two)
    _until(lambda: desktop.shown() == ["two", "one"], "the first did not show both")

    alone = desktop.start("--new-instance", three)
    _until(lambda: desktop.shown() == ["three", "two", "one"], "it never showed its file")

    assert first.poll() is None
    assert alone.poll() is None


def test_a_start_without_a_file_shows_the_files_that_were_open_last(desktop):
    first = desktop.start(desktop.flow("one"), desktop.flow("two"))
    _until(lambda: desktop.session() == ["one", "two"], "it never kept which files are open")
    first.send_signal(signal.SIGTERM)
    first.wait(40)
    (desktop.home / "config/agentflow-studio/recent.json").unlink()

    desktop.start()

    _until(lambda: sorted(desktop.shown()) == ["one", "two"], "they were not opened again")


def test_the_place_of_a_killed_editor_whose_number_another_process_has_is_taken(
    qapp, runtime, tmp_path
):
    lock = Path(f"{socket_name(tmp_path)}.lock")
    killed = """
import os, sys
from PySide6.QtCore import QLockFile
lock = QLockFile(sys.argv[1])
assert lock.tryLock(0)
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", killed, str(lock)], check=False)
    _, *rest = lock.read_text().split("\n")
    lock.write_text("\n".join([str(os.getpid()), *rest]))
    os.utime(lock, (0, 0))

    instance = Instance(tmp_path)
    assert instance.open()
    instance.close()


QUIET = """
from pathlib import Path
from agentflow_editor.process.instance import socket_name
socket_name(Path("settings"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="its sockets lie in no folder")
@pytest.mark.parametrize("is_taken", [False, True])
def test_a_person_without_a_folder_for_sockets_is_told_nothing(tmp_path, is_taken):
    home = tmp_path / f"runtime-{os.getuid()}"
    if is_taken:
        home.symlink_to("/")
    environ = {key: it for key, it in os.environ.items() if key != "XDG_RUNTIME_DIR"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", QUIET],
        env={**environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
