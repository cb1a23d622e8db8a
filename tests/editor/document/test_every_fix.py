"""Every check of the engine: what it offers to do mends it, and undoing that brings it back."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from agentflow.catalogue import Catalogue
from agentflow.problem import Problem
from agentflow_editor.document.document import Document
from agentflow_editor.document.mending import mend
from editor.document.faulty_flows import DONE_BY_A_CLICK

CATALOGUE = Catalogue.installed()
ENGINE = Path(__file__).parents[3] / "engine/agentflow"

DONE_BY_HAND = {
    "inner-flow": "only the person knows which file is meant",
    "memory-path": "only the person knows where it may lie",
    "missing-value": "only the person knows the value",
    "no-call": "only the person knows the function",
    "no-command": "only the person knows the program",
    "no-condition": "only the person knows when it is good enough",
    "no-flow": "only the person knows which file is meant",
    "no-folder": "only the person knows where the documents are",
    "no-key": "only the person knows the key",
    "no-memory": "only the person knows which memory is meant",
    "no-prompt": "only the person knows what to ask",
    "no-question": "only the person knows what to ask",
    "no-tool": "only the person knows the tool",
    "no-tools": "only the person knows who may answer",
    "no-url": "only the person knows the address",
    "not-translated": "the other side cannot say it",
    "other-dialect": "it is imported when it is opened",
    "syntax": "what is no TOML is not opened",
    "too-deep": "only the person knows what belongs together",
    "translated": "it tells, and asks for nothing",
    "undescribed-case": "only the person knows what the case is for",
    "unsupported-condition": "only the person knows what was to be asked",
}
"""By code: why nobody but a person can mend it."""


@pytest.fixture
def opened(qapp, tmp_path) -> Callable[[str], Document]:
    def open_flow(text: str) -> Document:
        file = tmp_path / "agentflow.toml"
        file.write_text(text, encoding="utf-8")
        document = Document(CATALOGUE)
        document.open(file)
        document.check_now()
        return document

    return open_flow


def told(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.where, problem.message


@pytest.mark.parametrize("code", DONE_BY_A_CLICK)
def test_each_offered_fix_mends_its_problem_and_is_undone_to_the_letter(opened, code):
    document = opened(DONE_BY_A_CLICK[code])
    found = [it for it in document.problems if it.code == code.strip()]
    offered = [(problem, fix) for problem in found for fix in problem.fixes if fix.edit]
    assert offered, [str(it) for it in document.problems]

    for problem, fix in offered:
        before = (document.sheet, document.text, document.problems)
        mend(document, fix, CATALOGUE)
        document.check_now()
        QCoreApplication.processEvents()
        assert told(problem) not in {told(it) for it in document.problems}, fix
        assert document.undo_stack.undoText() == fix.title

        document.undo_stack.undo()
        document.check_now()
        assert (document.sheet, document.text, document.problems) == before


def codes() -> set[str]:
    """Every code that stands in the engine's source as that of a problem."""
    telling = {"at", "of_agent", "of_flow", "error", "warning", "info", "_error", "_fault"}
    found: set[str] = set()
    for path in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                named = [it.value for it in node.keywords if it.arg == "code"]
                said = [*node.args, *named] if name in telling else named
                words = [it.value for it in said if isinstance(it, ast.Constant)]
                found |= {it for it in words if re.fullmatch(r"[a-z]+(-[a-z]+)+", str(it))}
    return found | {"parked", "secret", "syntax", "translated"}


def test_every_code_of_a_problem_is_mended_by_a_click_or_known_to_need_a_person():
    known = set(DONE_BY_A_CLICK) | set(DONE_BY_HAND)

    assert codes() - known == set()
    assert set(DONE_BY_A_CLICK) & set(DONE_BY_HAND) == set()
