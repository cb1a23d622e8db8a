"""Two writers on one file, two hundred times in random order: nobody's version is ever lost."""

import os
import random
from pathlib import Path

import pytest

from agentflow.errors import SaveError
from agentflow_editor.document import edits
from agentflow_editor.document.document import Document
from agentflow_editor.document.file_watch import FileWatch
from agentflow_editor.recovery.shelf import Shelf
from editor.document.drawn import CATALOGUE

FLOW = '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["first"]\n'


def _in_place(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")


def _by_replacing(file: Path, text: str) -> None:
    beside = file.with_name("beside")
    beside.write_text(text, "utf-8")
    beside.replace(file)


def _keeping_the_time(file: Path, text: str) -> None:
    before = file.stat()
    file.write_text(text, "utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _by_renaming_away(file: Path, text: str) -> None:
    file.rename(file.with_name("away"))
    file.write_text(text, "utf-8")


WAYS = (_in_place, _by_replacing, _keeping_the_time, _by_renaming_away)


@pytest.mark.parametrize("seed", range(10))
def test_neither_version_is_ever_lost(qapp, tmp_path, seed):
    chance = random.Random(seed)
    file = tmp_path / "agentflow.toml"
    file.write_text(FLOW, "utf-8")
    document = Document(CATALOGUE)
    document.open(file)
    watch, shelf = FileWatch(document), Shelf(tmp_path / "state", CATALOGUE)
    for number in range(20):
        mine, theirs = f"mine-{seed}-{number}", f"theirs-{seed}-{number}"
        [step] = document.sheet.flow.root.steps[0].chains[0].steps
        renamed = edits.rename(document.sheet, f"sequential/{step.name}", mine)
        document.edit("Rename", renamed)
        text = FLOW.replace("first", theirs)
        chance.choice(WAYS)(file, text)
        with pytest.raises(SaveError, match="somebody else"):
            document.save()
        assert file.read_text("utf-8") == text
        assert watch.look() == "changed"
        if chance.random() < 0.5:
            shelf.keep_copy(file)
            document.disregard(watch.digest)
            document.save()
            kept = shelf.given_up()
            assert theirs in {name for it in kept for name in it.draft.sheet.flow.agents} | {
                it.step.name for one in kept for it in one.draft.sheet.flow.places()
            }
            for it in kept:
                it.keep_for_later()
            assert mine in file.read_text("utf-8")
        else:
            document.revert()
            document.undo_stack.undo()
            assert f"sequential/{mine}" in {it.path for it in document.sheet.flow.places()}
            document.undo_stack.redo()
        assert watch.look() == "same"
