"""What the environment tells a flow stands in no record of its runs, whatever its agents do.

Each setting of each agent type that there is, is in turn written as a placeholder.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from agentflow.catalogue import Catalogue
from agentflow.cli import main
from agentflow.settings import AskedEnvironment
from agentflow.spellings import spellings

CANARY = 'canary-"4242"-canary'
ASKED = "${CANARY_KEY}"

AGENTS = """\
import base64
import os

def work(state, *, params):
    print("I was told", params, flush=True)
    if state.get("how") == "crash":
        os._exit(1)
    raise ValueError(f"no good: {params['x']}")

def encode(state, *, params):
    told = ("user:" + params["x"]).encode()
    made = told.hex() if params["how"] == "hex" else base64.b64encode(told).decode()
    print("before " + made, flush=True)
    return {"header": "Basic " + made}

def heed(state, *, params):
    print("I was told", params, flush=True)
    return {"length": len(params["x"])}
"""

HEEDING = {
    "python": {"call": "agents:heed", "params": {"x": ASKED}},
    "command": {
        "command": ["sh", "-c", """printf '{"length": %d}' $(printf %s "$KEY" | wc -c)"""],
        "env": {"KEY": ASKED},
    },
    "http": {"headers": {"Authorization": ASKED}, "query": {"key": ASKED}},
}
"""Agents that are told the value and do well with it."""

NEEDED = {
    "command": {"command": ["cat", "/there/is/no/such/file"]},
    "http": {"url": "http://127.0.0.1:9/"},
    "python": {"call": "agents:work", "params": {"x": ASKED}},
    "scripted": {"fail_on": [1, 2, 3], "error": "it fails"},
    "human": {"question": "What?", "wait": "1ms"},
}
"""What a type cannot be run without, so that it is run and not refused."""

ENCODED = {
    "hex": CANARY.encode().hex(),
    "base64": b64encode(b".." + CANARY.encode())[4:-4].decode(),
}
"""What is to be found nowhere, wherever in a text the value stands."""

FORMS = {"str": ASKED, "dict": {"x": ASKED}, "tuple[str, ...]": [ASKED]}

CATALOGUE = Catalogue.installed()


def _form(annotation: object) -> object:
    text = annotation.__name__ if annotation is str else str(annotation)
    return next((it for kind, it in FORMS.items() if text.startswith(kind)), None)


PLACES = [
    (kind, name)
    for kind, declared in CATALOGUE.agent_types.items()
    for name, field in declared.settings.model_fields.items()
    if name != "placeholders" and _form(field.annotation) is not None
]

SITUATIONS = {
    "fails": {},
    "is too slow": {"timeout": "1ms"},
    "is called again": {"retry_policy": {"max_retries": 1, "base_delay_ms": 0}},
    "fails and the flow goes on": {"on_error": "continue"},
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CANARY_KEY", CANARY)
    (tmp_path / "agents.py").write_text(AGENTS)
    return tmp_path


def _flow(kind: str, settings: dict, on_agent: dict) -> str:
    agent = {"type": kind, "system_prompt": "You answer.", **settings, **on_agent}
    told = "\n".join(f"{key} = {_toml(value)}" for key, value in agent.items())
    return (
        "[orchestration]\nmode = 'sequential'\n[orchestration.sequential]\nagents = ['worker']\n"
        "[llm]\nprovider = 'openai'\nmodel = 'm'\nbase_url = 'http://127.0.0.1:9/v1'\n"
        f"api_key = '{ASKED}'\n[agents.worker]\n{told}\n"
    )


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(it)}" for key, it in value.items()) + "}"
    return json.dumps(value)


def _records(folder: Path, flow: str, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """Run it once by the command; what is left of that in files, and what was complained of."""
    file, kept = folder / "agentflow.toml", folder / "kept"
    file.write_text(flow)
    kept.mkdir()
    records = ("--trace", str(kept / "trace"), "--journal", str(kept / "journal"))
    code = main(["run", str(file), "--input", "hello", *records, *more])
    printed = capsys.readouterr()
    assert code in (0, 1, 3), printed
    files = [it.read_bytes().decode("utf-8", "replace") for it in kept.iterdir()]
    # What a flow answers with is what its user asked for, and is shown at the terminal.
    return "\n".join([*files, *((printed.err, printed.out) if code else ())])


def _shows_it(records: str) -> bool:
    return any(it in records for it in spellings(CANARY).values())


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize(("kind", "setting"), PLACES)
def test_no_record_shows_a_value_of_the_environment(kind, setting, situation, home, capsys):
    form = _form(CATALOGUE.agent_types[kind].settings.model_fields[setting].annotation)
    settings = {**NEEDED.get(kind, {}), setting: form}

    records = _records(home, _flow(kind, settings, SITUATIONS[situation]), capsys)

    assert not _shows_it(records)


@pytest.fixture
def service() -> Iterator[str]:
    """The address of a server that tells how long the key was that it got."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = {"length": len(self.headers.get("Authorization", "")), "asked": self.path}
            body = json.dumps(told).encode()
            self.send_response(404 if "missing" in self.path else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", HEEDING)
def test_no_record_of_a_run_that_succeeds_shows_it(kind, home, service, capsys):
    at = {"url": service, "private_hosts": ["127.0.0.1"]} if kind == "http" else {}

    records = _records(home, _flow(kind, {**HEEDING[kind], **at}, {}), capsys)

    assert "StepSucceeded" in records
    assert str(len(CANARY)) in records
    assert not _shows_it(records)


def test_no_record_shows_it_as_a_server_tells_a_url_again(home, service, capsys):
    at = {"url": service + "missing", "private_hosts": ["127.0.0.1"], "query": {"key": ASKED}}

    records = _records(home, _flow("http", at, {}), capsys)

    assert "answered 404" in records
    assert "missing?key=${CANARY_KEY" in records
    assert not _shows_it(records)


@pytest.mark.parametrize("name", CATALOGUE.exporters)
def test_no_export_shows_it(name, home, capsys):
    file, written = home / "agentflow.toml", home / "written"
    for kind, setting in PLACES:
        form = _form(CATALOGUE.agent_types[kind].settings.model_fields[setting].annotation)
        file.write_text(_flow(kind, {**NEEDED.get(kind, {}), setting: form}, {}))
        assert main(["export", str(file), "--format", name, "--output", str(written)]) == 0
        assert not _shows_it(written.read_text() + "".join(capsys.readouterr()))


def test_a_process_that_crashes_leaves_no_value_in_the_records(home, capsys):
    flow = _flow("python", NEEDED["python"], {})

    records = _records(home, flow, capsys, "--set", 'how="crash"')

    assert "exit code 1" in records
    assert "I was told" in records
    assert not _shows_it(records)


@pytest.mark.parametrize("how", ENCODED)
def test_what_a_function_encodes_of_it_is_not_in_the_records(home, capsys, how):
    flow = _flow("python", {"call": "agents:encode", "params": {"x": ASKED, "how": how}}, {})

    records = _records(home, flow, capsys)

    assert "StepSucceeded" in records
    assert "before " in records
    assert not _shows_it(records)
    assert ENCODED[how] not in records


def test_a_build_that_says_what_it_was_told_is_noticed(home, capsys, monkeypatch):
    monkeypatch.setattr(AskedEnvironment, "unsaid", lambda _, text: text)

    assert _shows_it(_records(home, _flow("python", NEEDED["python"], {}), capsys))
