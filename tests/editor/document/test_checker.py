"""Checker: what it finds after edits is what a check of the whole flow finds."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from agentflow.errors import SaveError
from agentflow.flow.check import Checking, check, check_by_rule, check_file
from agentflow.flow.flow import AgentUse
from agentflow.flow.flow_tables import TableMaker
from agentflow.flow.load import parse
from agentflow.flow.render import render
from agentflow.flow.rereading import Rereading
from agentflow.flow.rewriting import Rewriting
from agentflow.flow.rules.answers import Answers
from agentflow.problem import Problem
from agentflow_editor.document import edits
from agentflow_editor.document.checker import Checker
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.findings import Findings
from agentflow_editor.document.sheet import Sheet
from editor.document.drawn import CATALOGUE
from editor.document.faulty_flows import DONE_BY_A_CLICK
from editor.document.random_edits import random_edit
from engine.flows import flows

LATER = """
[orchestration]
mode = "mixed"
[[orchestration.mixed.stages]]
name = "a"
agents = ["a"]
[[orchestration.mixed.stages]]
name = "all"
mode = "collaborative"
agents = ["a", "b"]
max_concurrency = 50
failure_threshold = 30.0
[agents.a]
type = "llm"
prompt = "Say {{ message"
tools = ["agents:f"]
[agents.b]
type = "scripted"
"""
"""What is wrong with a step that is not the first one."""
TEXTS = {**DONE_BY_A_CLICK, "later": LATER}
FAULTY = st.sampled_from([parse(text, CATALOGUE).flow for text in TEXTS.values()])
MISREAD = """
[agent_flow]
name = 7
[orchestration]
mode = "mixed"
timeout = 5
[[orchestration.mixed.stages]]
name = "a"
agents = ["a"]
tiemout = "3s"
[[orchestration.mixed.stages]]
name = "l"
mode = "loop"
agents = ["b", ["a", "b"]]
max_iterations = 1.5
loop_condition = "score > 1.0"
[[orchestration.mixed.stages]]
name = "s"
pattern = "sequential"
agents = ["b", "o"]
config = { timeout = 3 }
[orchestrators.o]
mode = "collaborative"
agents = ["a", "c"]
timeout = 9
[agents.a]
type = "scripted"
timeout = 1
retries = 3
[agents.b]
type = "llm"
prompt = 7
timeout_seconds = true
[agents.b.retry_policy]
max_retries = -1
[agents.c]
type = "scriptd"
output = 3
enabled = "yes"
[editor.nodes]
a = ["x", 3]
[editors]
x = 1
"""
"""Much of it cannot be read."""
SPOILING = [
    ("when", "x >"),
    ("when", "score > 0.5"),
    ("fallback", "nobody"),
    ("fallback", "a"),
    ("enabled", False),
    ("enabled", True),
    ("timeout", "9h"),
    ("timeout", "0s"),
    ("uses", ["gpu"]),
    ("llm.api_key", "sk-0123456789abcdef"),
    ("retry_policy", {"max_retries": 1, "base_delay_ms": 9, "max_delay_ms": 1}),
]
SPOILING_SETTINGS = [
    ("output", {"a": "{{ b"}),
    ("output", {"score": 1}),
    ("output", {"score": True}),
    ("output", {"key": "sk-0123456789abcdef0123"}),
    ("prompt", "{{ a"),
    ("input_key", "scores"),
]
SPOILING_FLOW = [
    ("max_concurrency", 100),
    ("llm.provider", "openai"),
    ("timeout", "1s"),
    ("failure_threshold", 3),
    ("llm.api_key", "k"),
    ("timeout", None),
]
SPOILING_STEPS = [
    ("condition", "scor > 1"),
    ("condition", "nothing >"),
    ("merge", {"scores": "sum"}),
    ("weights", {"b": 1.0}),
    ("synthesizer", "nobody"),
    ("strategy", "synthesis"),
    ("choose", "model"),
    ("failure_threshold", 3.0),
    ("timeout", "2h"),
]


def _edited(sheet: Sheet) -> Iterator[Sheet]:
    """The sheet after each edit that makes another flow for the rules."""
    steps = [place.path for place in sheet.flow.places()]
    used = [it.step.agent for it in sheet.flow.places() if isinstance(it.step, AgentUse)]
    changes = [
        *_calls(edits.set_agent, sheet.flow.agents, SPOILING),
        *_calls(edits.set_agent_setting, sheet.flow.agents, SPOILING_SETTINGS),
        *_calls(edits.set_orchestrator, steps, SPOILING_STEPS),
        *(partial(edits.set_flow, field=field, value=value) for field, value in SPOILING_FLOW),
        *(_to_type(name, "llm") for name in sheet.flow.agents),
        *(partial(edits.remove, paths={it}) for it in steps),
        *(partial(edits.park, paths={it}) for it in steps),
        *(partial(edits.rename_use, path=it, name="nobody") for it in steps),
        *(partial(edits.move_along, paths=[it], by=1) for it in steps),
        *(partial(edits.wrap, paths={it}, mode="loop", catalogue=CATALOGUE) for it in steps),
        *(partial(edits.define_agent, name=it, type="text", catalogue=CATALOGUE) for it in used),
        partial(edits.add_pool, name="gpu"),
    ]
    for change in changes:
        with suppress(EditError):
            yield change(sheet)


def _calls(edit, names, settings) -> Iterator[Callable[[Sheet], Sheet]]:
    for name in names:
        for field, value in settings:
            yield lambda sheet, name=name, field=field, value=value: edit(sheet, name, field, value)


def _to_type(name: str, type_: str) -> Callable[[Sheet], Sheet]:
    return partial(edits.change_type, name=name, type=type_, catalogue=CATALOGUE)


@pytest.mark.parametrize("code", TEXTS)
def test_after_every_edit_and_its_undoing_the_same_is_found_as_by_a_fresh_check(code):
    sheet, answers = Sheet(parse(TEXTS[code], CATALOGUE).flow), Answers()
    fresh = repr(check(sheet.flow, CATALOGUE))
    for after in _edited(sheet):
        for flow, found in ((after.flow, repr(check(after.flow, CATALOGUE))), (sheet.flow, fresh)):
            assert repr(_after(check_by_rule(flow, CATALOGUE, answers=answers), 1000)) == found


def _after(checking: Checking, turns: int) -> tuple[Problem, ...] | None:
    """What a check has found after so many turns; None where it is not at its end."""
    for _ in range(turns):
        try:
            next(checking)
        except StopIteration as end:
            return end.value
    return None


@pytest.mark.parametrize("text", [*TEXTS.values(), MISREAD], ids=[*TEXTS, "misread"])
def test_after_every_edit_what_cannot_be_read_is_told_as_it_would_be_of_the_saved_file(text):
    file, answers = parse(text, CATALOGUE), Answers()
    rereading = Rereading(Rewriting(file, TableMaker(CATALOGUE)), CATALOGUE)
    for after in _edited(Sheet.of(file)) if file.problems else ():
        flow = after.flow
        found = Findings(flow, rereading, CATALOGUE, answers).problems
        with suppress(SaveError):
            saved = parse(render(file, flow, file.layout, CATALOGUE).text, CATALOGUE)
            assert _told(found) == _told(check_file(saved, CATALOGUE))


def _told(problems: tuple[Problem, ...]) -> list[str]:
    return sorted(repr(replace(it, line=None, column=None, length=0)) for it in problems)


@settings(max_examples=150)
@given(flow=FAULTY | flows(max_steps=8), data=st.data())
def test_a_check_that_knows_the_last_one_finds_what_a_fresh_one_finds(flow, data):
    sheets, answers = [Sheet(flow)], Answers()
    for _ in range(data.draw(st.integers(1, 8))):
        before = data.draw(st.sampled_from(sheets[-3:]))  # the last one, or what is undone to
        few = list(islice(_edited(before), data.draw(st.integers(0, 200)), None))[:1]
        sheets.append(few[0] if few else random_edit(data.draw, before))
        checking = check_by_rule(sheets[-1].flow, CATALOGUE, answers=answers)
        turns = data.draw(st.sampled_from([1000, 1000, 1, 5, 20]))
        found = _after(checking, turns)  # None where another edit came before the end
        assert found is None or repr(found) == repr(check(sheets[-1].flow, CATALOGUE))


def test_the_checker_of_a_document_finds_what_a_fresh_check_finds(qapp):
    flow = parse(DONE_BY_A_CLICK["unwritten-key"], CATALOGUE).flow
    checker, sheet = Checker(flow, CATALOGUE), Sheet(flow)
    for number in range(5):
        name = next(iter(sheet.flow.agents))
        sheet = edits.rename_agent(sheet, name, f"b{number}")
        sheet = edits.set_agent(sheet, f"b{number}", "when", "" if number % 2 else "x >")
        checker.take(sheet.flow, None)
        assert checker.problems == check(sheet.flow, CATALOGUE) != ()
