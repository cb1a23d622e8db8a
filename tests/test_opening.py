"""Opening, checking and drawing a flow executes nothing: watched by an audit hook in a child."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOWS = [*(ROOT / "examples").glob("*/agentflow.toml"), *(ROOT / "tests/data").rglob("*.toml")]

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

def hook(event, args):
    if FLOW_FOLDER is None:
        return
    if event.startswith(FORBIDDEN):
        told.append([event, repr(args)[:200]])
    elif event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        told.append([event, repr(args)[:200]])
    elif event == "import" and args[1] and str(args[1]).startswith(FLOW_FOLDER):
        told.append([event, repr(args)[:200]])
    elif event == "exec" and getattr(args[0], "co_filename", "").startswith(FLOW_FOLDER):
        told.append([event, repr(args)[:200]])

sys.addaudithook(hook)
"""

READ = (
    WATCHED
    + """
from pathlib import Path
from agentflow.catalogue import Catalogue
from agentflow.errors import FlowFileError
from agentflow.flow.check import check_file
from agentflow.flow.load import load
catalogue = Catalogue.installed()
for name in sys.argv[1:]:
    FLOW_FOLDER = str(Path(name).parent)
    try:
        check_file(load(Path(name), catalogue), catalogue)
    except FlowFileError:
        pass
if "--control" in os.environ.get("CONTROL", ""):
    os.system("true")
print(json.dumps(told))
"""
)

DRAWN = (
    WATCHED
    + """
import tempfile
from pathlib import Path
from agentflow_editor.app import build, make_app
from agentflow_editor.event_loop import EventLoop
app = make_app()
loop = EventLoop(app)
window = build(app, Path(tempfile.mkdtemp()))
window.show()
document = window.workbench.document
for name in sys.argv[1:]:
    FLOW_FOLDER = str(Path(name).parent)
    document.open(Path(name))
    app.processEvents()
    window.workbench.selection.select(tuple(it.path for it in document.sheet.flow.places()))
    window.grab()
    FLOW_FOLDER = None
print(json.dumps(told))
sys.stdout.flush()
os._exit(0)
"""
)


def _told(code: str, *files: Path, **environ: str) -> list[list[str]]:
    command = [sys.executable, "-c", code, *map(str, files)]
    import os

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


def test_reading_and_checking_executes_nothing(hostile: Path):
    assert _told(READ, *FLOWS, hostile) == []


def test_the_watch_would_notice(hostile: Path):
    assert _told(READ, hostile, CONTROL="--control")


def test_drawing_executes_nothing(hostile: Path):
    assert _told(DRAWN, FLOWS[0], hostile) == []
