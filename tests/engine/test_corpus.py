"""Every flow file that was found in the wild, where a folder of them stands beside the checkout."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from agentflow.errors import FlowFileError
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.imported import imported
from agentflow.flow.load import load
from engine.checked import CATALOGUE
from engine.go_core import GoConfig, assert_same, broken_rules, loaded

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its limits are Linux's")

FOLDERS = (ROOT.parent / "shared/corpus", ROOT / "tests/data/corpus")


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda it: it.parent.name)
def folder(request: pytest.FixtureRequest) -> Path:
    """A folder of such files."""
    if not request.param.is_dir():
        pytest.skip(f"there is no folder {request.param.name} in {request.param.parent.name}")
    return request.param


@pytest.fixture(scope="module")
def told(folder: Path) -> list[dict[str, Any]]:
    """What became of each file of a folder."""
    command = [sys.executable, ROOT / "bench/corpus.py", folder, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_no_file_takes_more_than_a_second_or_200_mb(told):
    assert [it for it in told if "died" in it] == []


def test_every_file_is_read_or_refused_with_place_and_fix(told):
    refused = [it for it in told if "error" in it]

    assert all(it["line"] and it["column"] and it["fix"] for it in refused), refused
    assert len(refused) < len(told)


def test_every_file_that_is_read_is_imported_and_says_the_same(told):
    read = [it for it in told if "error" not in it]

    assert [it for it in read if not it.get("same")] == []


def test_what_a_core_file_loses_on_its_way_is_told(told):
    core = [it for it in told if it.get("dialect") == "core"]

    assert core
    assert all(it["translated"] > 0 for it in core)


def exported_to_core(file: FlowFile) -> tuple[GoConfig, set[str]]:
    """What Go makes of the file once it was exported, and the places where something is unsaid."""
    native = imported(file, CATALOGUE)
    exported = CATALOGUE.exporters["core"].write(native.flow, native.native)
    return loaded(exported.text), {it.partition(":")[0] for it in exported.unsaid}


def files(folder: Path) -> Iterator[FlowFile]:
    """Those that can be read."""
    for path in sorted(folder.glob("*.toml")):
        with suppress(FlowFileError):
            yield load(path, CATALOGUE)


def test_whatever_is_exported_to_core_obeys_gos_loader_and_its_rules(folder: Path):
    broken = {it.source.name: broken_rules(exported_to_core(it)[0]) for it in files(folder)}

    assert {name: rules for name, rules in broken.items() if rules} == {}


def test_a_core_file_that_go_takes_says_the_same_once_it_was_imported_and_exported(folder: Path):
    same = 0
    for file in files(folder):
        if file.dialect is None or file.dialect.name != "core":
            continue
        try:
            before = loaded(file.text)
        except ValidationError:
            continue
        if not broken_rules(before):
            assert_same(before, *exported_to_core(file))
            same += 1

    assert same > 0
