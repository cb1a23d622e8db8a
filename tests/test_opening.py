"""Drawing a flow executes nothing and writes nothing, but for what the editor keeps in its own
folder: watched by an audit hook in a child. Reading and checking: see the hostile files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agentflow.catalogue import Catalogue
from agentflow.errors import FlowFileError
from agentflow.flow.load import load
from misbehaviour.hostile_files import hostile_files

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*/agentflow.toml"))
DRAWN_AT_ONCE = 20
LARGEST = 16 * 1024
"""Bytes of the hostile files that are drawn: more steps only take longer."""

HOSTILE = """\
[orchestration]
mode = "loop"
[orchestration.loop]
agents = ["run-me", "ask-me"]
condition = "''.size() > 0 && x.y.z(1)"
[agents.run-me]
type = "python"
call = "payload:boom"
[agents.ask-me]
type = "llm"
system_prompt = "{{ ''.__class__.__mro__ }}"
[agents.ask-me.llm]
base_url = "http://127.0.0.1:9/v1"
api_key = "${SECRET_THAT_IS_NOT_SET}"
"""

WATCHED = """
import json, os, sys
told = []
FORBIDDEN = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork", "socket.",
             "ctypes.dlopen", "shutil.", "os.remove", "os.rename", "os.mkdir", "webbrowser.")
FLOW_FOLDER = None
OWN_FOLDER = None

def is_write(args):
    path, mode, flags = args
    if isinstance(path, int):
        return False  # what is open already was seen when it was opened
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    return bool(set(mode or "") & set("wax+") or flags & writing)

def is_own(event, args):
    # Only what makes, renames or removes something in the program's own folder.
    count = {"open": 1, "os.mkdir": 1, "os.rename": 2, "os.remove": 1}.get(event, 0)
    paths = [os.path.realpath(os.fsdecode(it)) for it in args[:count]]
    inside = [it == OWN_FOLDER or it.startswith(OWN_FOLDER + os.sep) for it in paths]
    return OWN_FOLDER is not None and bool(paths) and all(inside)

def hook(event, args):
    if FLOW_FOLDER is None:
        return
    if event.startswith(FORBIDDEN) or event == "open" and is_write(args):
        if not is_own(event, args):
            told.append([event, repr(args)[:200]])
    elif event == "import" and args[1] and str(args[1]).startswith(FLOW_FOLDER):
        told.append([event, repr(args)[:200]])
    elif event == "exec" and getattr(args[0], "co_filename", "").startswith(FLOW_FOLDER):
        told.append([event, repr(args)[:200]])

sys.addaudithook(hook)
"""

DRAWN = (
    WATCHED
    + """
import tempfile
from pathlib import Path
from agentflow_editor.app import build, make_app
from agentflow_editor.process.event_loop import EventLoop
app = make_app()
loop = EventLoop(app)
OWN_FOLDER = os.path.realpath(tempfile.mkdtemp())
window = build(app, Path(OWN_FOLDER))
window.show()
document = window.workbench.document
for name in sys.argv[1:]:
    FLOW_FOLDER = str(Path(name).parent)
    document.open(Path(name))
    app.processEvents()
    window.workbench.selection.select(tuple(it.path for it in document.sheet.flow.places()))
    window.grab()
    if "--control" in os.environ.get("CONTROL", ""):
        (Path(name).parent / "beside").mkdir()
        (Path(name).parent / "beside.txt").write_text("written")
    FLOW_FOLDER = None
print(json.dumps(told))
sys.stdout.flush()
os._exit(0)
"""
)


def _told(code: str, *files: Path, **environ: str) -> list[list[str]]:
    # -B: what Python notes of a module that is first imported meanwhile would be a write.
    command = [sys.executable, "-B", "-c", code, *map(str, files)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, **environ}
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    (tmp_path / "payload.py").write_text("raise SystemExit('executed')\n")
    (tmp_path / "json.py").write_text("raise SystemExit('executed')\n")
    (tmp_path / "agentflow.toml").write_text(HOSTILE)
    return tmp_path / "agentflow.toml"


def _that_load(folder: Path) -> list[Path]:
    """Hostile files that are flows all the same, each of another kind as far as there are kinds."""
    catalogue, found = Catalogue.installed(), []
    small = [it for it in hostile_files() if len(it[1]) <= LARGEST]
    for name, contents in small[:: len(small) // 120]:
        path = folder / f"{name}.toml"
        path.write_bytes(contents)
        try:
            load(path, catalogue)
        except FlowFileError:
            path.unlink()
        else:
            found.append(path)
    return found[:: len(found) // DRAWN_AT_ONCE][:DRAWN_AT_ONCE]


def test_drawing_executes_nothing_and_writes_only_in_the_editors_own_folder(hostile: Path):
    flows = _that_load(hostile.parent)
    assert len(flows) == DRAWN_AT_ONCE
    before = sorted(hostile.parent.iterdir())

    assert _told(DRAWN, *EXAMPLES, hostile, *flows) == []
    assert sorted(hostile.parent.iterdir()) == before


def test_the_watch_would_notice_what_is_written_beside_a_flow(hostile: Path):
    told = _told(DRAWN, hostile, CONTROL="--control")

    assert [event for event, _ in told] == ["os.mkdir", "open"]
