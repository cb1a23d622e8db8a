"""Place: where a flow's memory may lie: in its own folder, or among the user's state."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePath

from agentflow.errors import SetupError

__all__ = ["SUFFIXES", "memory_file", "path_fault"]

SUFFIXES = (".db", ".sqlite", ".sqlite3")


def memory_file(path: str, folder: Path | None, flow: str) -> Path | None:
    """The file that a flow's memory is in; None for one that lasts as long as its runner.

    Args:
        path: what the flow says, in its folder or among the user's state; "" for a file among that
            which belongs to the flow's folder and name.
        folder: the flow file's; None for a flow that is in no file.
        flow: its name.

    Raises:
        SetupError: it is outside of both. A stranger's flow must not write to the rest of the disk.
    """
    state = _state_folder()
    if not path:
        return None if folder is None or state is None else state / "memory" / _own(folder, flow)
    if fault := path_fault(path):
        raise SetupError(f"memory.path: {fault}")
    if folder is None and not Path(path).is_absolute():
        raise SetupError("memory.path: a flow that is in no file has no folder; save it first")
    file = ((folder or Path()) / path).resolve()
    homes = [it.resolve() for it in (folder, state) if it is not None]
    if not any(file.is_relative_to(home) for home in homes):
        where = f"the flow's folder and {state}" if state else "the flow's folder"
        raise SetupError(f"memory.path: {path!r} is outside of {where}; move it in")
    return file


def path_fault(path: str) -> str:
    """What can be told to be wrong with a path without looking at the disk; "" for nothing."""
    if "\0" in path or ".." in PurePath(path).parts:
        return f"{path!r} may lead out of the flow's folder; name a file inside it"
    if "${" not in path and PurePath(path).suffix not in SUFFIXES:
        return f"{path!r} does not end in {', '.join(SUFFIXES)}; name it memory.db"
    return ""


def _state_folder() -> Path | None:
    import platformdirs  # noqa: PLC0415 - a check of a flow needs none of it

    with suppress(RuntimeError):
        state = platformdirs.user_state_path("agentflow-studio", appauthor=False)
        if state.is_absolute():
            return state
    return None


def _own(folder: Path, flow: str) -> str:
    digest = sha256(f"{folder.resolve()}\n{flow}".encode("utf-8", "surrogateescape")).hexdigest()
    return f"{digest[:20]}.db"
