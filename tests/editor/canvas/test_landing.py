"""Where a drop leads."""

import pytest

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Case, Flow
from agentflow_editor.canvas.drafting import build_scene
from agentflow_editor.canvas.landing import Landing, land
from agentflow_editor.canvas.scene import Scene
from agentflow_editor.document.edits import Slot
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet
from editor.canvas.flows import chain, flow, loop, parallel, router, sequence


@pytest.fixture
def landed(catalogue: Catalogue):
    def at(of: Flow, path: str, share: float, down: float = 0) -> Landing:
        """Land on a node, at a share of its width, and so much further down."""
        scene: Scene = build_scene(completed(Sheet(of), catalogue), catalogue)
        rect = scene.boxes[path].rect
        return land(scene, of, catalogue, rect.x + share * rect.width, rect.middle[1] + down)

    return at


def test_on_empty_ground_a_step_is_parked(landed) -> None:
    landing = landed(flow("a"), "a", 0.5, down=900)
    assert (landing.slot, landing.region) == (None, None)
    assert "parked" in landing.text


def test_in_an_empty_flow_it_is_the_first(landed) -> None:
    assert landed(flow(), "", 0.5, down=300).text == "Drop: becomes the first step"


def test_left_of_a_members_middle_it_comes_before_it_and_right_of_it_after(landed) -> None:
    drawn = flow(sequence("s", "a", "b"))
    assert landed(drawn, "s/b", 0.2).slot == Slot("s", 0, 1)
    assert landed(drawn, "s/b", 0.8).slot == Slot("s", 0, 2)


def test_on_an_inner_region_it_joins_the_inner_orchestrator(landed) -> None:
    drawn = flow(loop("l", loop("m", "a"), "b"))
    landing = landed(drawn, "l/m/a", 0.8)
    assert (landing.slot, landing.region) == (Slot("l/m", 0, 1), "l/m")


def test_beside_every_branch_it_becomes_a_new_one(landed) -> None:
    drawn = flow(parallel("p", chain("a"), chain("b")))
    assert landed(drawn, "p/a", 0.8).slot == Slot("p", 0, 1)
    landing = landed(drawn, "p/b", 0.5, down=50)
    assert landing.slot == Slot("p", 2, 0)
    assert landing.text == "Drop: becomes a new branch of 'p'"


def test_in_a_case_it_joins_the_case_and_says_which(landed) -> None:
    drawn = flow(router("r", chain("a", case=Case(name="hot")), chain("b")))
    landing = landed(drawn, "r/a", 0.8)
    assert landing.slot == Slot("r", 0, 1)
    assert landing.text == "Drop: becomes step 2 of case 'hot' of 'r'"
    assert "default" in landed(drawn, "r/b", 0.2).text


def test_on_the_row_of_a_port_it_joins_the_end_of_the_chain_that_begins_there(landed) -> None:
    cases = chain("a", case=Case(name="hot")), chain(case=Case(name="cold"))
    drawn = flow(router("r", *cases))
    assert landed(drawn, "r", 0.5, down=0).slot == Slot("r", 0, 1)
    assert landed(drawn, "r", 0.5, down=24).slot == Slot("r", 1, 0)
    landing = landed(drawn, "r", 0.5, down=48)
    assert landing.slot == Slot("r", 2, 0)
    assert "default" in landing.text


def test_an_orchestrator_without_members_takes_its_first(landed) -> None:
    assert landed(flow(loop("l")), "l", 0.5).slot == Slot("l", 0, 0)
