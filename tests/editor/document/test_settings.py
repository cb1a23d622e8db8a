"""Settings: what can be set on agents, orchestrators and the flow."""

from datetime import timedelta

import pytest

from agentflow.flow.flow import MemorySettings
from agentflow.settings import Settings
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from editor.document.drawn import CATALOGUE, chain, loop, parallel, router, sheet


def test_an_agents_field_is_set_in_the_way_the_file_writes_it():
    drawn = edits.set_agent(sheet("a"), "a", "timeout", "1m30s")

    assert drawn.flow.agents["a"].timeout == timedelta(seconds=90)


def test_none_puts_a_field_back_to_its_default():
    drawn = edits.set_agent(sheet("a"), "a", "on_error", "continue")

    assert edits.set_agent(drawn, "a", "on_error", None) == sheet("a")


def test_a_part_of_an_agent_appears_with_its_first_setting_and_goes_with_its_last():
    drawn = edits.set_agent(sheet("a"), "a", "llm.temperature", 0.3)

    assert drawn.flow.agents["a"].llm.temperature == 0.3
    assert edits.set_agent(drawn, "a", "llm.temperature", None) == sheet("a")


def test_a_placeholder_stays_as_it_is_written():
    drawn = edits.set_agent(sheet("a"), "a", "timeout", "${LIMIT:30s}")
    again = edits.set_agent(drawn, "a", "role", "judge")

    assert again.flow.agents["a"].placeholders == {"timeout": "${LIMIT:30s}"}
    assert edits.set_agent(again, "a", "timeout", "5s").flow.agents["a"].placeholders == {}


def test_renaming_through_the_form_renames_every_use():
    assert [
        it.agent for it in edits.set_agent(sheet("a", "a"), "a", "name", "b").flow.root.steps
    ] == [
        "b",
        "b",
    ]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("timeout", "soon", r"agents\.a\.timeout: 'soon' is no duration"),
        ("timeout", 30, "has no unit"),
        ("llm.temperature", 9, r"agents\.a\.llm\.temperature: "),
        ("colour", "red", "no such setting"),
        ("placeholders", {}, "no such setting"),
        ("timeout.seconds", 3, "no settings of its own"),
        ("type", "text", "change its type"),
    ],
)
def test_what_an_agent_cannot_be_is_refused_in_the_fields_own_words(field, value, told):
    with pytest.raises(EditError, match=told):
        edits.set_agent(sheet("a"), "a", field, value)


def test_an_agents_type_declares_settings_of_its_own():
    drawn = edits.set_agent_setting(sheet("a"), "a", "delay", "2s")

    assert drawn.flow.agents["a"].settings.delay == timedelta(seconds=2)
    with pytest.raises(EditError, match="no such setting"):
        edits.set_agent_setting(drawn, "a", "operation", "keywords")


def test_another_type_keeps_the_settings_that_both_have():
    drawn = edits.set_agent(sheet("a"), "a", "role", "judge")
    typed = edits.change_type(drawn, "a", "scripted", catalogue=CATALOGUE)

    assert typed is drawn, "it is of that type already"
    with pytest.raises(EditError, match="no such type"):
        edits.change_type(drawn, "a", "oracle", catalogue=CATALOGUE)


def test_settings_that_fit_are_carried_to_another_type():
    from agentflow_editor.document.edits.values import carried

    class Old(Settings):
        prompt: str = ""
        size: int = 3
        note: str = ""

    class New(Settings):
        prompt: str = "?"
        size: str = ""

    old = Old(prompt="say", size=4, note="n")

    assert carried(old, New()) == New(prompt="say")
    assert carried(Old.model_validate({"size": "${N}"}), New()).size == "${N}"


def test_an_orchestrators_settings_are_those_of_its_mode():
    drawn = edits.set_orchestrator(sheet(loop("l", "a")), "l", "max_iterations", 9)

    assert drawn.flow.root.steps[0].settings.max_iterations == 9
    assert edits.set_orchestrator(drawn, "l", "max_iterations", None) == sheet(loop("l", "a"))
    assert edits.set_orchestrator(drawn, "l", "name", "again").flow.at("again/a") is not None
    for field, value in [("max_iterations", 0), ("failure_threshold", 1), ("name", "a")]:
        with pytest.raises(EditError):
            edits.set_orchestrator(drawn, "l", field, value)
    with pytest.raises(EditError, match="is an agent"):
        edits.set_orchestrator(drawn, "l/a", "timeout", "3s")


def test_the_flow_has_settings_a_name_and_a_language_model():
    drawn = edits.set_flow(sheet("a"), "timeout", "2m")
    drawn = edits.set_flow(drawn, "name", "demo")
    drawn = edits.set_flow(drawn, "llm.model", "small")

    assert drawn.flow.settings.timeout == timedelta(minutes=2)
    assert (drawn.flow.name, drawn.flow.llm.model) == ("demo", "small")
    for field, value in [("max_hops", -1), ("name", 3), ("llm.model", 3), ("agents", {})]:
        with pytest.raises(EditError):
            edits.set_flow(drawn, field, value)


def test_a_flow_is_given_a_memory_and_loses_it():
    drawn = edits.set_flow(sheet("a"), "memory.path", "m.db")

    assert drawn.flow.memory == MemorySettings(path="m.db")
    assert edits.set_flow(drawn, "memory.path", None) == sheet("a")
    assert edits.set_flow(sheet("a"), "memory.enabled", True).flow.memory == MemorySettings()


def test_a_case_has_settings():
    drawn = sheet(router("r", chain("a", case="x"), chain("b")))

    tested = edits.set_case(drawn, "r", 0, "when", "score > 3")
    worded = edits.set_case(tested, "r", 0, "keywords", ["help", "how"])

    case = worded.flow.root.steps[0].chains[0].case
    assert (case.when, case.keywords) == ("score > 3", ("help", "how"))
    with pytest.raises(EditError, match="default"):
        edits.set_case(drawn, "r", 1, "when", "true")
    with pytest.raises(EditError, match="r: x"):
        edits.set_case(drawn, "r", 0, "when", 3)


def test_a_case_is_added_before_the_default_and_removed_without_losing_its_steps():
    drawn = sheet(router("r", chain("a", "b", case="case-1"), chain("c")))

    added = edits.add_case(drawn, "r")
    removed = edits.remove_case(added, "r", 0)

    cases = [own.case.name if own.case else None for own in added.flow.root.steps[0].chains]
    assert cases == ["case-1", "case-2", None]
    assert removed.flow.parked == (chain("a", "b"),)
    assert removed.layout["|0/b"] == drawn.layout["r/b"]
    with pytest.raises(EditError, match="only a router"):
        edits.add_case(sheet(parallel("p")), "p")


def test_a_router_is_told_to_go_on_where_no_case_holds_and_not_to():
    drawn = sheet(router("r", chain("a", case="x")))

    going_on = edits.add_default(drawn, "r")

    assert going_on.flow.root.steps[0].chains == (chain("a", case="x"), chain())
    assert edits.remove_case(going_on, "r", 1).flow == drawn.flow
    with pytest.raises(EditError, match="it has a default"):
        edits.add_default(going_on, "r")


def test_branches_and_cases_change_their_order_and_the_default_stays_last():
    drawn = sheet(router("r", chain("a", case="x"), chain("b", case="y"), chain("c")))

    moved = edits.move_chain(drawn, "r", 0, 1)

    assert [own.steps[0].name for own in moved.flow.root.steps[0].chains] == ["b", "a", "c"]
    for chain_number, to in [(0, 2), (2, 0), (0, -1), (5, 0)]:
        with pytest.raises(EditError):
            edits.move_chain(drawn, "r", chain_number, to)
