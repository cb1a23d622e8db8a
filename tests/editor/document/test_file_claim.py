"""FileClaim: two editors on one file, as real processes; the second one reads only."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentflow_editor.document import edits
from agentflow_editor.document.document import Document
from agentflow_editor.document.file_claim import FileClaim
from editor.document.drawn import CATALOGUE

FLOW = '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["first"]\n'

OTHER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from agentflow.catalogue import Catalogue
from agentflow_editor.document.document import Document
from agentflow_editor.document.file_claim import FileClaim
app = QCoreApplication([])
document = Document(Catalogue.installed())
claim = FileClaim(document, Path(sys.argv[1]))
document.open(Path(sys.argv[2]))
print(document.is_read_only, flush=True)
sys.stdin.readline()
claim.release()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flow" / "agentflow.toml"
    path.parent.mkdir()
    path.write_text(FLOW, "utf-8")
    return path


@pytest.fixture
def other(tmp_path: Path, file: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", OTHER, str(tmp_path / "claims"), str(file)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "False"
        yield process
        process.kill()


@pytest.fixture
def document(qapp) -> Document:
    return Document(CATALOGUE)


@pytest.fixture
def claim(document, tmp_path) -> Iterator[FileClaim]:
    made = FileClaim(document, tmp_path / "claims")
    yield made
    made.release()


def rename(document: Document, name: str) -> None:
    document.edit("Rename", edits.rename(document.sheet, "sequential/first", name))


def test_the_second_editor_reads_only_and_says_who_has_the_file(claim, document, file, other):
    refused: list[bool] = []
    document.edit_refused.connect(lambda: refused.append(True))
    document.open(file)
    rename(document, "mine")

    assert document.is_read_only
    assert f"process {other.pid}" in claim.holder
    assert refused == [True]
    assert not document.is_modified


def test_it_may_be_edited_anyway_and_then_saving_still_looks(claim, document, file, other):
    document.open(file)
    claim.edit_anyway()
    rename(document, "mine")
    file.write_text(FLOW + "# of the other editor\n", "utf-8")

    assert document.is_modified
    with pytest.raises(Exception, match="somebody else"):
        document.save()


@pytest.mark.parametrize("way", ["in order", "killed"])
def test_the_claim_is_free_once_the_other_editor_ends(claim, document, file, other, way):
    document.open(file)
    if way == "killed":
        other.kill()
    else:
        other.communicate("\n")
    other.wait(10)
    claim.look()

    assert (document.is_read_only, claim.holder) == (False, "")


def test_another_name_of_the_same_file_is_the_same_file(claim, document, file, other, tmp_path):
    link = tmp_path / "link.toml"
    link.symlink_to(file)

    assert claim.held_elsewhere(link)
    document.open(link)
    assert document.is_read_only


def test_opening_another_file_lets_the_first_one_go(claim, document, file, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(FLOW, "utf-8")
    second = Document(CATALOGUE)
    its = FileClaim(second, tmp_path / "claims")
    document.open(file)
    second.open(file)
    assert second.is_read_only
    assert its.holder == "another window"

    document.open(other)
    its.look()

    assert not second.is_read_only
    assert not claim.held_elsewhere(other)
    its.release()


def test_restored_work_is_there_although_another_editor_has_the_file(claim, document, file, other):
    document.open(file)
    base, work = document.file, edits.rename(document.sheet, "sequential/first", "mine")
    document.restore(base, file, work)

    assert document.is_read_only
    assert document.is_modified
    assert document.sheet == work


def test_where_no_claims_can_be_kept_files_are_edited_as_ever(document, file, tmp_path):
    (tmp_path / "none").write_text("no folder")
    FileClaim(document, tmp_path / "none" / "claims")
    document.open(file)

    assert not document.is_read_only


def test_a_claim_of_a_killed_editor_whose_number_another_process_has_by_now_is_free(
    claim, document, other, file, tmp_path
):
    document.open(file)
    assert document.is_read_only
    other.kill()
    other.wait()
    [lock] = (tmp_path / "claims").glob("*.lock")
    _, *rest = lock.read_text().split("\n")
    lock.write_text("\n".join([str(os.getpid()), *rest]))
    claim.look()
    assert document.is_read_only  # it may be a lock that is just being made

    os.utime(lock, (0, 0))
    claim.look()
    assert not document.is_read_only
    assert claim.holder == ""


def test_no_claim_of_an_editor_that_lives_is_too_old(claim, document, other, file, tmp_path):
    [lock] = (tmp_path / "claims").glob("*.lock")
    os.utime(lock, (0, 0))
    document.open(file)

    assert document.is_read_only
