"""Every flow file that was found in the wild, where a folder of them stands beside the checkout."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its limits are Linux's")

FOLDERS = (ROOT.parent / "shared/corpus", ROOT / "tests/data/corpus")


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda it: it.parent.name)
def told(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """What became of each file of a folder."""
    if not request.param.is_dir():
        pytest.skip(f"there is no folder {request.param.name} in {request.param.parent.name}")
    command = [sys.executable, ROOT / "bench/corpus.py", request.param, "--json"]
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
