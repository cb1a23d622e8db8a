"""Scenes share what is the same in both, so that an edit costs what it changes."""

from dataclasses import replace

import pytest

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentSpec, AgentUse
from agentflow.problem import Problem
from agentflow_editor.canvas.drafting import Drafter, build_scene
from agentflow_editor.canvas.scene import moved
from agentflow_editor.document import edits
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet
from editor.canvas.flows import nested_flow


@pytest.fixture
def sheet(catalogue: Catalogue) -> Sheet:
    return completed(Sheet(nested_flow()), catalogue)


@pytest.fixture
def drafter(catalogue: Catalogue) -> Drafter:
    return Drafter(catalogue)


def test_a_sheet_that_looks_the_same_is_the_very_same_scene(drafter: Drafter, sheet: Sheet):
    scene = drafter.draw(sheet)

    assert drafter.draw(sheet) is scene
    assert drafter.draw(replace(sheet)) is scene


def test_a_step_that_moves_changes_its_box_and_the_regions_around_it(
    drafter: Drafter, sheet: Sheet, catalogue: Catalogue
):
    before = drafter.draw(sheet)
    path = next(path for path in before.boxes if path.count("/") == 1)
    x, y = sheet.layout[path]
    after = drafter.draw(edits.place(sheet, {path: (x + 400, y + 80)}))

    assert [key for key, box in after.boxes.items() if box is not before.boxes[key]] == [path]
    others = {key for key, it in after.regions.items() if it is not before.regions[key]}
    assert others <= {path, path.rpartition("/")[0]}
    assert after.links is before.links
    assert after == moved(before, {path: (x + 400, y + 80)})


def test_an_agent_that_is_described_otherwise_changes_nothing_but_its_boxes(
    drafter: Drafter, sheet: Sheet, catalogue: Catalogue
):
    before = drafter.draw(sheet)
    name = next(it.step.name for it in sheet.flow.places() if before.boxes[it.path].kind == "agent")
    agents = {**sheet.flow.agents, name: AgentSpec(name=name, description="other")}
    other = sheet.with_flow(sheet.flow.model_copy(update={"agents": agents}))

    after = drafter.draw(other)

    changed = {box.title for key, box in after.boxes.items() if box is not before.boxes[key]}
    assert changed == {name}
    assert after.links is before.links
    assert after == build_scene(other, catalogue)


def test_a_problem_that_is_gone_is_no_longer_on_its_step(drafter: Drafter, sheet: Sheet):
    path = sheet.flow.places()[0].path
    problem = Problem(severity="error", code="x", message="it is wrong", path=path)

    clean = drafter.draw(sheet)
    assert drafter.draw(sheet, (problem,)).boxes[path].problems == ("It is wrong",)
    assert drafter.draw(sheet) == clean


def test_a_problem_of_an_agent_is_on_every_step_that_is_this_agent(
    drafter: Drafter, sheet: Sheet, catalogue: Catalogue
):
    name = next(it.step.name for it in sheet.flow.places() if isinstance(it.step, AgentUse))
    twice = completed(edits.add_use(sheet, name, (0, 900)), catalogue)
    problem = Problem(
        severity="warning", code="x", message="it is wrong", where=f"agents.{name}.type"
    )

    boxes = drafter.draw(twice, (problem,)).boxes

    marked = {path: box.title for path, box in boxes.items() if box.severity == "warning"}
    assert set(marked.values()) == {name}
    assert len(marked) == 2
    assert {boxes[path].problems for path in marked} == {("type: it is wrong",)}
    assert drafter.draw(sheet, (problem,)) == build_scene(sheet, catalogue, (problem,))
    assert not any(box.problems for box in drafter.draw(twice).boxes.values())
