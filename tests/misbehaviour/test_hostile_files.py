"""A thousand hostile files: each is one clear error, or a list of problems, and nothing else.

Each is opened, checked, exported and shown by the command in a process that may use one second of
CPU and 200 MB of memory for that, while an audit hook looks on; then it is saved under another
name of the flow, which succeeds or leaves the file as it was.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from misbehaviour.hostile_files import COUNT, ROOT, WHOLE, hostile_files

PARTS = 10
CHILD = Path(__file__).with_name("opened.py")
HARMLESS = [*ROOT.glob("examples/*/agentflow.toml"), *ROOT.glob("tests/data/**/*.toml")]


def looked_at(folder: Path, files: list[tuple[str, bytes]], *options: str) -> list[dict]:
    """What comes of each file; beside them lies what a careless reader would import or read."""
    (folder / "payload.py").write_text("raise SystemExit('executed')\n")
    (folder / "json.py").write_text("raise SystemExit('executed')\n")
    (folder / "secret.txt").write_text("nobody's business")
    paths = [folder / f"{name}.toml" for name, _ in files]
    for path, (_, contents) in zip(paths, files, strict=True):
        path.write_bytes(contents)
    manifest = folder / "manifest"
    manifest.write_text("\n".join(map(str, paths)))
    done = subprocess.run(
        [sys.executable, "-P", str(CHILD), str(manifest), *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def harm(told: dict) -> list[str]:
    """What is wrong with how a file was opened; nothing, if all is well."""
    if "crash" in told:
        return [told["crash"]]
    found = list(told["seen"])
    error = told["error"]
    if not error.isprintable() or len(error) > 600:
        found.append(f"an error that is not clear: {error!r:.700}")
    if "code" in told and (told["code"] not in ((3,) if error else (0, 3)) or told["complained"]):
        found.append(f"the command: {told['code']} {told['complained']}")
    if "Traceback" in told.get("printed", "") or told["longest"] > 2000:
        found.append(f"told at length: {told['longest']} {told.get('printed', '')[:200]}")
    if not told["kept"]:
        found.append(f"saving ({told['saved']}) lost something")
    return found


@pytest.fixture(scope="module")
def files() -> list[tuple[str, bytes]]:
    made = list(hostile_files())
    assert len(made) == COUNT
    return made


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.timeout(600)
def test_a_hostile_file_is_a_clear_error_or_problems_and_harms_nothing(part, files, tmp_path):
    told = looked_at(tmp_path, files[part::PARTS])

    assert len(told) == COUNT // PARTS
    assert {it["file"]: found for it in told if (found := harm(it))} == {}


def test_the_examples_and_what_others_wrote_are_opened_alike(tmp_path):
    told = looked_at(tmp_path, [(f"file-{n}", it.read_bytes()) for n, it in enumerate(HARMLESS)])

    assert {it["file"]: found for it in told if (found := harm(it))} == {}
    assert sum(bool(it["error"]) for it in told) <= 1  # one of them says a key twice


def test_some_hostile_files_are_errors_and_some_are_flows_with_problems(files, tmp_path):
    told = looked_at(tmp_path, files[::50])

    assert {bool(it["error"]) for it in told} == {True, False}
    assert any(it["problems"] for it in told)
    assert any(it["saved"] == "written" for it in told)


@pytest.mark.parametrize(
    ("build", "noticed"),
    [
        ("imports", "SystemExit: executed"),
        ("evaluates", "compile "),
        ("reads", "secret.txt"),
        ("writes", "recent.txt"),
        ("spawns", "subprocess.Popen"),
        ("connects", "socket."),
        ("raises", "nobody expected this"),
        ("spins", "'ended': -24"),
        ("hoards", "MemoryError"),
    ],
)
def test_a_build_that_does_more_than_read_is_noticed(build, noticed, tmp_path):
    (told,) = looked_at(tmp_path, [("whole", WHOLE.encode())], "--broken", build)

    assert noticed in "\n".join(harm(told))


def test_a_build_that_parses_whatever_it_gets_is_noticed(tmp_path):
    bomb = ".".join("a" * 30_000) + " = 1"

    (told,) = looked_at(tmp_path, [("bomb", bomb.encode())], "--broken", "trusts")

    assert harm(told)


def test_a_build_that_saves_without_looking_is_noticed(files, tmp_path):
    told = looked_at(tmp_path, files[5::PARTS], "--broken", "saves")

    assert any("lost something" in "\n".join(harm(it)) for it in told)
