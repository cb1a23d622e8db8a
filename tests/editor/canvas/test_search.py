"""The list that adds a step."""

from agentflow.catalogue import Catalogue
from agentflow_editor.canvas.search import found, offers
from editor.canvas.flows import flow


def test_every_mode_agent_type_and_agent_is_offered(catalogue: Catalogue) -> None:
    listed = offers(flow("writer"), catalogue)
    assert {offer.name for offer in listed if offer.kind == "mode"} == set(catalogue.modes)
    assert {offer.name for offer in listed if offer.kind == "agent_type"} == set(
        catalogue.agent_types
    )
    assert [offer.name for offer in listed if offer.kind == "agent"] == ["writer"]
    assert not [offer for offer in listed if offer.kind == "note"]


def test_a_note_is_offered_only_where_no_link_leads(catalogue: Catalogue) -> None:
    listed = offers(flow("writer"), catalogue, on_ground=True)
    assert [offer.name for offer in listed if offer.kind == "note"] == ["note"]


def test_every_word_narrows(catalogue: Catalogue) -> None:
    listed = offers(flow("writer", "reader"), catalogue)
    assert [offer.name for offer in found(listed, "use rea")] == ["reader"]
    assert not found(listed, "no such thing at all")


def test_a_title_that_begins_with_the_text_comes_first(catalogue: Catalogue) -> None:
    listed = offers(flow("my loop", "loops"), catalogue)
    names = [offer.name for offer in found(listed, "LOOP")]
    assert names.index("loop") < names.index("my loop")
    assert names.index("loops") < names.index("my loop")


def test_without_a_text_everything_is_shown_in_order(catalogue: Catalogue) -> None:
    listed = offers(flow("writer"), catalogue)
    assert found(listed, "  ") == list(listed)
