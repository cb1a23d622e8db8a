"""What is drawn for a sheet."""

import pytest

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Case, Flow
from agentflow.problem import Problem
from agentflow_editor.canvas.areas import Rect
from agentflow_editor.canvas.drafting import build_scene
from agentflow_editor.canvas.scene import Scene, moved
from agentflow_editor.document.layout import completed
from agentflow_editor.document.ports import NEXT
from agentflow_editor.document.sheet import Sheet
from editor.canvas.flows import chain, flow, loop, nested_flow, parallel, router, sequence


@pytest.fixture
def drawn(catalogue: Catalogue):
    def draw(of: Flow, *problems: Problem) -> Scene:
        return build_scene(completed(Sheet(of), catalogue), catalogue, problems)

    return draw


def targets(scene: Scene, source: str) -> list[str]:
    return [link.target for link in scene.links.values() if link.source == source]


def test_an_empty_flow_is_its_start_alone(drawn) -> None:
    scene = drawn(flow())
    assert list(scene.boxes) == [""]
    assert not scene.links
    assert not scene.regions


def test_the_start_leads_to_the_first_step_and_each_step_to_the_next(drawn) -> None:
    scene = drawn(flow("a", "b", "c"))
    assert list(scene.links) == [("", NEXT, "a"), ("a", NEXT, "b"), ("b", NEXT, "c")]


def test_a_second_use_of_an_agent_is_a_node_of_its_own_and_says_so(drawn) -> None:
    scene = drawn(flow("a", "b", "a"))
    assert list(scene.boxes) == ["", "a", "b", "a~2"]
    assert scene.boxes["a~2"].title == "a"
    assert "used 2\u00d7" in scene.boxes["a~2"].subtitle


def test_branches_are_numbered_in_declared_order(drawn) -> None:
    scene = drawn(flow(parallel("p", chain("a"), chain("b"), chain("c"))))
    orders = {link.target: link.order for link in scene.links.values() if link.source == "p"}
    assert orders == {"p/a": 1, "p/b": 2, "p/c": 3}


def test_one_branch_alone_has_no_number(drawn) -> None:
    scene = drawn(flow(parallel("p", chain("a"))))
    assert [link.order for link in scene.links.values() if link.source == "p"] == [0]


def test_each_case_has_a_port_and_its_link_the_cases_name(drawn) -> None:
    cases = chain("a", case=Case(name="hot", when="t > 30")), chain("b")
    scene = drawn(flow(router("r", *cases)))
    labels = {link.target: link.label for link in scene.links.values() if link.source == "r"}
    assert labels == {"r/a": "hot", "r/b": "default"}
    assert scene.boxes["r"].ports[0].note == "t > 30"


def test_control_returns_from_the_last_step_of_every_chain(drawn) -> None:
    scene = drawn(flow(parallel("p", chain("a", "b"), chain("c")), loop("l", "d")))
    assert {(it.source, it.target, it.is_loop) for it in scene.returns} == {
        ("p/b", "p", False),
        ("p/c", "p", False),
        ("l/d", "l", True),
    }


def test_a_region_holds_its_orchestrator_and_all_it_owns(drawn) -> None:
    scene = drawn(nested_flow())
    for path, region in scene.regions.items():
        for member in scene.with_members([path]):
            box = scene.boxes[member]
            assert region.rect.holds(box.x, box.y)
            assert region.rect.holds(box.rect.right, box.rect.bottom)
    assert scene.regions["refine/polish"].depth == scene.regions["refine"].depth + 1


def test_what_is_parked_is_drawn_and_nothing_leads_to_it(drawn) -> None:
    scene = drawn(flow("a", parked=(chain("b", "c"),)))
    assert scene.boxes["|0/b"].is_parked
    assert [link.key for link in scene.links.values() if link.target.startswith("|")] == [
        ("|0/b", NEXT, "|0/c")
    ]


def test_moving_an_orchestrator_moves_all_it_owns(drawn) -> None:
    scene = drawn(flow(sequence("s", "a", loop("l", "b")), "c"))
    assert scene.with_members(["s"]) == ("s", "s/a", "s/l", "s/l/b")


def test_the_start_moves_alone(drawn) -> None:
    assert drawn(flow("a")).with_members([""]) == ("",)


def test_a_region_grows_with_a_node_that_is_dragged(drawn) -> None:
    scene = drawn(flow(sequence("s", "a")))
    box = scene.boxes["s/a"]
    after = moved(scene, {"s/a": (box.x + 500, box.y)})
    assert after.regions["s"].rect.width == scene.regions["s"].rect.width + 500
    assert after.boxes["s"] == scene.boxes["s"]


def test_a_node_shows_the_worst_of_its_problems(drawn) -> None:
    problems = (
        Problem(severity="warning", code="w", message="doubtful", path="a"),
        Problem(severity="error", code="e", message="wrong", path="a"),
        Problem(severity="info", code="i", message="by the way", path="b"),
    )
    scene = drawn(flow("a", "b"), *problems)
    assert scene.boxes["a"].severity == "error"
    assert scene.boxes["a"].problems == ("Doubtful", "Wrong")
    assert scene.boxes["b"].severity is None


def test_an_agent_that_is_not_defined_says_so(drawn) -> None:
    undefined = flow("a").model_copy(update={"agents": {}})
    assert drawn(undefined).boxes["a"].subtitle == "not defined"


def test_a_loop_says_when_it_ends(drawn) -> None:
    scene = drawn(flow(loop("l", "a")))
    assert scene.boxes["l"].ports[0].note == "until quality_score >= 0.9"
    assert "5" in scene.boxes["l"].subtitle


def test_nodes_of_a_laid_out_flow_never_cover_each_other(drawn) -> None:
    boxes = list(drawn(nested_flow()).boxes.values())
    for number, box in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert not _overlap(box.rect, other.rect), (box.path, other.path)


def test_regions_side_by_side_never_cover_each_other(drawn) -> None:
    scene = drawn(nested_flow())
    outer = [region for region in scene.regions.values() if region.depth == 0]
    for number, region in enumerate(outer):
        for other in outer[number + 1 :]:
            assert not _overlap(region.rect, other.rect), (region.path, other.path)


def _overlap(one: Rect, other: Rect) -> bool:
    apart = one.right <= other.x or other.right <= one.x
    return not (apart or one.bottom <= other.y or other.bottom <= one.y)
