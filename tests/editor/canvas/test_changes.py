"""Only what differs is drawn anew."""

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Case, Flow
from agentflow_editor.canvas.changes import NOTHING, diff
from agentflow_editor.canvas.drafting import build_scene
from agentflow_editor.canvas.scene import moved
from agentflow_editor.document.layout import completed
from agentflow_editor.document.ports import NEXT
from agentflow_editor.document.sheet import Sheet
from editor.canvas.flows import chain, flow, nested_flow, parallel, router


def scene_of(of: Flow, catalogue: Catalogue):
    return build_scene(completed(Sheet(of), catalogue), catalogue)


def test_the_same_scene_asks_for_nothing(catalogue: Catalogue) -> None:
    scene = scene_of(nested_flow(), catalogue)
    changes = diff(scene, scene)
    assert not any(getattr(changes, name) for name in changes.__slots__)


def test_from_nothing_everything_is_new(catalogue: Catalogue) -> None:
    scene = scene_of(nested_flow(), catalogue)
    changes = diff(NOTHING, scene)
    assert [box.path for box in changes.new] == list(scene.boxes)
    assert len(changes.drawn) == len(scene.links)


def test_a_node_that_moves_is_the_only_one_that_changes(catalogue: Catalogue) -> None:
    scene = scene_of(flow("a", "b"), catalogue)
    changes = diff(scene, moved(scene, {"b": (900, 900)}))
    assert [box.path for box in changes.other] == ["b"]
    assert not changes.new
    assert not changes.cut


def test_a_router_with_another_case_is_made_anew_with_its_links(catalogue: Catalogue) -> None:
    first = chain("a", case=Case(name="x"))
    before = scene_of(flow(router("r", first)), catalogue)
    after = scene_of(flow(router("r", first, chain("b", case=Case(name="y")))), catalogue)
    changes = diff(before, after)
    assert changes.gone == ("r",)
    assert {box.path for box in changes.new} == {"r", "r/b"}
    assert ("", NEXT, "r") in changes.cut
    assert ("", NEXT, "r") in [link.key for link in changes.drawn]


def test_branches_that_trade_places_get_other_numbers(catalogue: Catalogue) -> None:
    before = scene_of(flow(parallel("p", chain("a"), chain("b"))), catalogue)
    after = scene_of(flow(parallel("p", chain("b"), chain("a"))), catalogue)
    changes = diff(before, after)
    assert {link.target: link.order for link in changes.relabelled} == {"p/a": 2, "p/b": 1}
    assert not changes.cut
