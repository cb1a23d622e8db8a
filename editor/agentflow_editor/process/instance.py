"""Instance: one editor for a person; a second start hands its files to the first and ends.

What goes over the socket is a list of paths and nothing else: no commands, no contents. The socket
lies in a folder that only its owner can enter, and is known by the folder of the settings, so that
editors with other settings are other editors.
"""

import hashlib
import json
import os
import stat
import struct
import sys
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import platformdirs
from PySide6.QtCore import QLockFile, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from agentflow_editor.process.held_file import hold
from agentflow_editor.settings.store import settings_folder

__all__ = ["MOST_BYTES", "Instance", "hand_over", "settings_folder", "socket_name"]

MOST_BYTES = 64 * 1024
"""The longest list of paths that is sent or read."""
PATIENCE = 2_000
"""Milliseconds that each side waits for the other."""
LONGEST_NAME = 100
"""Bytes of a socket's name; the system takes 108, and Qt adds some while it makes one."""
TAKEN = b"taken"
_LENGTH = struct.Struct(">I")


def socket_name(folder: Path) -> str:
    """The socket of the editor whose settings lie in a folder; "" where none would be private."""
    name = f"editor-{hashlib.sha256(bytes(folder.resolve())).hexdigest()[:16]}"
    if sys.platform == "win32":
        return f"agentflow-studio-{name}"
    try:
        home = _home()
    except PermissionError:
        return ""
    path = str(home / name)
    return path if len(os.fsencode(path)) <= LONGEST_NAME and _is_private(home) else ""


def _home() -> Path:
    """Where sockets lie. Whether it is private is judged here, so nobody has to be warned of it.

    Raises:
        PermissionError: somebody else has taken the only place that is left.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return platformdirs.user_runtime_path("agentflow-studio", appauthor=False)


def _is_private(home: Path) -> bool:
    """Whether a folder, which is made if need be, is nobody else's, and cannot be exchanged."""
    try:
        for folder in (home.parent, home):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _is_ours(home.parent, 0o022) and _is_ours(home, 0o077)
    except OSError:
        return False


def _is_ours(folder: Path, forbidden: int) -> bool:
    found = folder.lstat()
    is_owned = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return is_owned and not stat.S_IMODE(found.st_mode) & forbidden


def hand_over(folder: Path, files: Iterable[Path]) -> bool:
    """Let the editor that is open already show some files; whether there is one that does."""
    body = json.dumps([str(file.absolute()) for file in files]).encode()
    name = socket_name(folder)
    if not name or len(body) > MOST_BYTES:
        return False
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(PATIENCE):
        return False
    socket.write(_LENGTH.pack(len(body)) + body)
    end = time.monotonic() + PATIENCE / 1000
    while socket.bytesAvailable() < len(TAKEN) and (left := end - time.monotonic()) > 0:
        if not socket.waitForReadyRead(int(left * 1000) + 1):
            break
    return socket.readAll().data() == TAKEN


class Instance(QObject):
    """The one editor that later starts are to find. Whoever asks first is it, till it ends."""

    files_wanted = Signal(list)
    """(list of Path) Another start wants these to be shown; none for the editor itself."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = socket_name(folder)
        self._lock: QLockFile | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    @property
    def is_open(self) -> bool:
        """Whether other starts find this one."""
        return self._server.isListening()

    def open(self) -> bool:
        """Be the one that is found; whether it is, since another editor may be it already."""
        if self.is_open:
            return True
        if not self._name:
            return False
        lock = hold(Path(f"{self._name}.lock"))
        if not lock.isLocked():
            return False
        self._lock = lock
        # What lies there was left behind by an editor that was killed: the lock says so.
        QLocalServer.removeServer(self._name)
        if not self._server.listen(self._name):
            self.close()
        return self.is_open

    def close(self) -> None:
        """Be found no more."""
        self._server.close()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _on_connection(self) -> None:
        while self._server.hasPendingConnections():
            _Guest(self._server.nextPendingConnection(), self)


class _Guest(QObject):
    """Another start that has something to say: one list of paths, soon."""

    def __init__(self, socket: QLocalSocket, instance: Instance) -> None:
        super().__init__(socket)
        self._socket = socket
        self._instance = instance
        socket.setReadBufferSize(_LENGTH.size + MOST_BYTES)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(socket.deleteLater)
        QTimer.singleShot(PATIENCE, self, socket.abort)
        self._read()

    def _read(self) -> None:
        head = self._socket.peek(_LENGTH.size).data()
        if len(head) < _LENGTH.size:
            return
        (length,) = _LENGTH.unpack(head)
        if length > MOST_BYTES:
            self._socket.abort()
        elif self._socket.bytesAvailable() >= _LENGTH.size + length:
            self._take(bytes(self._socket.readAll().data()[_LENGTH.size :]))

    def _take(self, body: bytes) -> None:
        paths = _paths(body)
        if paths is None:
            self._socket.abort()
            return
        self._socket.write(TAKEN)
        self._socket.disconnectFromServer()
        self._instance.files_wanted.emit(paths)


def _paths(body: bytes) -> list[Path] | None:
    """The absolute paths that a message lists; None for anything else."""
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, list):
        return None
    words = cast("list[Any]", told)
    if all(isinstance(it, str) and os.path.isabs(it) and "\0" not in it for it in words):
        return [Path(it) for it in words]
    return None
