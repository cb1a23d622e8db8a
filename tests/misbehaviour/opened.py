"""Opens files as the program would, each in a child of its own that has little time and memory.

Run with a manifest of files; prints one line of JSON for each. An audit hook tells what was done
beside reading the file, and `--broken NAME` opens them with a build that does what must not be.
"""

import argparse
import contextlib
import encodings
import io
import json
import math
import os
import pkgutil
import resource
import socket
import subprocess
import sys
import sysconfig
import tempfile
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from agentflow.catalogue import Catalogue
from agentflow.cli import main as command
from agentflow.cli import validate
from agentflow.errors import FlowFileError, SaveError
from agentflow.flow import text_guard
from agentflow.flow.check import check_file
from agentflow.flow.load import FlowFile, load
from agentflow.flow.save import save
from misbehaviour.hostile_files import WHOLE

SECONDS = 1
"""Of CPU, to open and check a file, and as much again to write it in every format."""
SECONDS_TO_SAVE = 60
SAVED = 64 * 1024
"""Bytes of the largest file that is saved, too: an editor's time for that grows with them."""
EACH = 5
"""One of so many files is shown by the command, too."""
MEMORY = 200 * 1024 * 1024
"""Bytes of memory beside what the program needs without any file."""

DOING = (
    *("subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork", "os.kill"),
    *("socket.", "ctypes.", "shutil.", "os.remove", "os.rename", "os.mkdir", "os.link", "os.chmod"),
    *("os.symlink", "os.truncate", "os.putenv", "webbrowser.", "sqlite3.", "import", "exec"),
    *("compile", "tempfile.", "urllib.", "http.", "pickle.", "marshal.loads"),
)
"""The beginnings of what no file may cause."""
OURS = tuple(
    str(Path(it).resolve()) + os.sep
    for it in (*sysconfig.get_paths().values(), *sys.path, sys.base_prefix)
    if it and Path(it).is_dir() and Path(it).resolve() != Path.cwd()
)
TEMPLATES = ("<template>", "<unknown>")
"""What Jinja calls the code that it makes."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

watched: Path | None = None
seen: list[str] = []


def hook(event: str, args: tuple[Any, ...]) -> None:
    """Note what is done while a file is open that is not reading it."""
    if watched is None:
        return
    if event == "open":
        path, _, flags = args
        # A step may be a flow of its own, in a file beside this one.
        is_flow = str(path).endswith(".toml") and Path(str(path)).parent == watched.parent
        is_ours = isinstance(path, int) or is_flow or str(path).startswith(OURS)
        if flags & WRITING or not is_ours:
            seen.append(f"{event} {args!r:.200}")
    elif event.startswith(DOING) and not is_of_a_library(event, args):
        seen.append(f"{event} {args!r:.200}")


def is_of_a_library(event: str, args: tuple[Any, ...]) -> bool:
    """Whether it is a library's own doing, the same for every file.

    Jinja compiles a template to tell its faults; the CEL library asks whether protobuf is there.
    """
    if event == "compile":
        return args[1] in TEMPLATES
    if event == "import":
        return args[0] in ("google", "google.protobuf", "google.protobuf.descriptor_pool")
    return event == "exec" and args[0].co_filename in TEMPLATES


def opened(path: Path, catalogue: Catalogue) -> tuple[dict[str, Any], FlowFile | None]:
    """What comes of opening a file and checking it, and what was opened."""
    try:
        file = load(path, catalogue)
    except FlowFileError as error:
        return {"error": str(error), "problems": 0, "longest": 0}, None
    problems = check_file(file, catalogue)
    worst = max((len(str(it)) for it in problems), default=0)
    return {"error": "", "problems": len(problems), "longest": worst}, file


def exported(file: FlowFile | None, catalogue: Catalogue) -> dict[str, Any]:
    """What comes of writing what was opened in every format."""
    if file is None:
        return {}
    exporters = catalogue.exporters.items()
    return {"exports": {it: len(by.write(file.flow, file.native).text) for it, by in exporters}}


def told_by_the_command(path: Path) -> dict[str, Any]:
    """What `agentflow validate` prints of a file."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = command(["validate", str(path)])
    return {"code": code, "printed": out.getvalue()[:2000], "complained": err.getvalue()[:2000]}


def saved(path: Path, catalogue: Catalogue) -> dict[str, Any]:
    """What comes of giving the flow another name and saving it: the new one, or the old bytes."""
    before = path.read_bytes()
    try:
        file = load(path, catalogue)
    except FlowFileError:
        return {"saved": "refused", "kept": path.read_bytes() == before}
    if len(before) > SAVED:
        return {"saved": "not tried", "kept": path.read_bytes() == before}
    flow = file.flow.model_copy(update={"name": "another name"})
    try:
        save(path, file, flow, file.layout, catalogue)
    except SaveError:
        return {"saved": "refused", "kept": path.read_bytes() == before}
    return {"saved": "written", "kept": _lost_nothing(load(path, catalogue), file)}


def _lost_nothing(after: FlowFile, before: FlowFile) -> bool:
    if after.flow != before.flow.model_copy(update={"name": "another name"}):
        return False
    foreign = {
        key: it for key, it in before.data.items() if key not in type(after.flow).model_fields
    }
    return all(key in after.data for key in foreign) and after.layout == before.layout


def limited(seconds: int) -> None:
    """Allow this process so much CPU from now on, and as much memory as a file may need."""
    limited_in_time(seconds)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def limited_in_time(seconds: int) -> None:
    """Allow this process so much CPU from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(used.ru_utime + used.ru_stime - 0.25)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))


def in_a_child(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do it in a fork of this process; how that ended, if it told nothing."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            told = work()
        except BaseException:  # noqa: BLE001 - it is told, whatever it is
            told = {"crash": traceback.format_exc()[-2000:]}
        with contextlib.suppress(BaseException), open(write, "w") as pipe:
            json.dump(told, pipe)
        os._exit(0)
    os.close(write)
    with open(read) as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    ended = {"ended": os.waitstatus_to_exitcode(status)}
    return {**(json.loads(answer) if answer else {"crash": f"ended {ended}"}), **ended}


def looked_at(path: Path, catalogue: Catalogue, *, by_command: bool) -> dict[str, Any]:
    """Open the file and have the command tell of it, watched and within limits; then save it."""
    global watched
    limited(SECONDS)
    watched = path
    told, file = opened(path, catalogue)
    limited_in_time(SECONDS)
    told |= exported(file, catalogue)
    watched = None
    limited(SECONDS)
    watched = path
    told |= told_by_the_command(path) if by_command else {}
    watched = None
    limited(SECONDS_TO_SAVE)
    return {**told, **saved(path, catalogue), "seen": seen}


def _imports(path: Path, file: FlowFile) -> None:
    sys.path.insert(0, str(path.parent))
    for spec in file.flow.agents.values():
        call = getattr(spec.settings, "call", "")
        if ":" in call:
            import_module(call.partition(":")[0])


def _evaluates(_: Path, file: FlowFile) -> None:
    for place in file.flow.places():
        with contextlib.suppress(Exception):
            eval(getattr(place.step.settings, "condition", ""), {})


def _reads(path: Path, _: FlowFile) -> None:
    (path.parent / "secret.txt").read_text()


def _writes(path: Path, _: FlowFile) -> None:
    (path.parent / "recent.txt").write_text("opened")


def _spawns(_: Path, __: FlowFile) -> None:
    subprocess.run(["true"], check=True)


def _connects(_: Path, __: FlowFile) -> None:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", 9), 0.1)


def _raises(_: Path, __: FlowFile) -> None:
    raise KeyError("nobody expected this")


def _spins(_: Path, __: FlowFile) -> None:
    while True:
        pass


def _hoards(_: Path, __: FlowFile) -> None:
    assert bytearray(2 * MEMORY)


BROKEN = {
    it.__name__[1:]: it
    for it in (_imports, _evaluates, _reads, _writes, _spawns, _connects, _raises, _spins, _hoards)
}


def break_it(name: str) -> None:
    """Have this process do, whenever it has read a file, what no build of ours may do."""
    global check_file, saved
    if name == "trusts":
        text_guard._scan = lambda *_: None
        return
    if name == "saves":
        saved = _saved_without_looking
        return
    whole, harm = check_file, BROKEN[name]

    def broken(file: FlowFile, catalogue: Catalogue) -> Any:
        if watched is not None:
            harm(watched, file)
        return whole(file, catalogue)

    check_file = validate.check_file = broken


def _saved_without_looking(path: Path, catalogue: Catalogue) -> dict[str, Any]:
    """Write what came of an edit of the text, without reading that once more."""
    try:
        before = load(path, catalogue)
    except FlowFileError:
        return {"saved": "refused", "kept": True}
    path.write_text(before.text.replace("name = ", 'name = "another name" #', 1))
    try:
        return {"saved": "written", "kept": _lost_nothing(load(path, catalogue), before)}
    except FlowFileError:
        return {"saved": "written", "kept": False}


def warm_up(catalogue: Catalogue) -> None:
    """Import what is imported only when it is needed: parts of Python and of libraries of ours."""
    import_module("jinja2.debug")
    for offered in (catalogue.modes, catalogue.agent_types, catalogue.exporters):
        tuple(offered.values())
    for codec in pkgutil.iter_modules(encodings.__path__):
        with contextlib.suppress(ImportError):
            import_module(f"encodings.{codec.name}")
    for text in (WHOLE, WHOLE.replace("agents = ", "agentz = ").replace("score", "scores")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "agentflow.toml")
            path.write_text(text)
            told_by_the_command(path)
            exported(opened(path, catalogue)[1], catalogue)
            saved(path, catalogue)


def main() -> None:
    """Look at each file of the manifest."""
    parser = argparse.ArgumentParser()
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--broken", choices=["trusts", "saves", *BROKEN])
    asked = parser.parse_args()
    catalogue = Catalogue.installed()
    warm_up(catalogue)
    if asked.broken:
        break_it(asked.broken)
    sys.addaudithook(hook)
    for number, name in enumerate(asked.manifest.read_text().splitlines()):
        path, by_command = Path(name), number % EACH == 0
        told = in_a_child(lambda: looked_at(path, catalogue, by_command=by_command))  # noqa: B023
        sys.stdout.write(json.dumps({"file": path.name, **told}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
