"""A walk through the gestures: a person before the program, and the file that comes of it."""

from collections.abc import Callable

from PySide6.QtCore import QPoint

from agentflow.flow.flow import Flow
from editor.by_hand.person import Person, told

Before = Callable[[str], Person]


def chain_of(*names: str) -> str:
    """The text of a flow of some agents, one after another."""
    stages = "".join(
        f'[[orchestration.mixed.stages]]\nname = "{it}"\nagents = ["{it}"]\n' for it in names
    )
    agents = "".join(f'[agents.{it}]\ntype = "scripted"\n' for it in names)
    return f'[orchestration]\nmode = "mixed"\n{stages}{agents}'


def says(line: str) -> Callable[[Flow], bool]:
    return lambda flow: told(flow) == line


def test_an_offer_of_the_palette_is_dragged_onto_a_link_and_undone(before: Before) -> None:
    person = before(chain_of("first", "second"))
    begin, end = person.port("first", "next"), person.port("second", "in")
    person.drag(person.offer("Loop"), (begin + end) / 2)
    person.saved(says("first loop() second"))
    person.press("ctrl+z")
    person.saved(says("first second"))


def test_a_link_let_go_over_nothing_asks_for_a_step(before: Before) -> None:
    person = before(chain_of("first", "second"))
    end = person.port("second", "next")
    person.drag(end, end + QPoint(60, 120))
    person.write("stand")
    person.picture("quick_add")
    person.press("Return")
    person.saved(lambda flow: len(flow.root.steps) == 3)


def test_a_node_is_dropped_on_a_link(before: Before) -> None:
    person = before(chain_of("first", "second", "third"))
    third, begin, end = (
        person.node("third"),
        person.port("first", "next"),
        person.port("second", "in"),
    )
    person.drag(third, (begin + end) / 2)
    person.saved(says("first third second"))


def test_links_are_sliced(before: Before) -> None:
    person = before(chain_of("first", "second"))
    middle = (person.port("first", "next") + person.port("second", "in")) / 2
    person.drag(middle - QPoint(0, 90), middle + QPoint(0, 90), held=("alt", "shift"))
    person.saved(says("first / second"))


def test_a_step_is_deleted_and_the_gap_healed(before: Before) -> None:
    person = before(chain_of("first", "second", "third"))
    person.click(person.node("second"))
    person.press("ctrl+Delete")
    person.saved(says("first third"))


def test_a_selection_is_wrapped_turned_into_another_mode_and_unwrapped(before: Before) -> None:
    person = before(chain_of("first", "second", "third"))
    person.click(person.node("first"))
    person.click(person.node("second"), held=("ctrl",))
    person.press("ctrl+g")
    person.picture("wrap_menu")
    person.press("p")
    person.saved(says("collaborative(first | second) third"))
    person.press("m")
    person.picture("mode_menu")
    person.press("s")
    person.saved(says("sequential(first second) third"))
    person.press("ctrl+shift+g")
    person.saved(says("first second third"))


def test_a_step_changes_its_place_in_the_chain_and_is_switched_off(before: Before) -> None:
    person = before(chain_of("first", "second", "third"))
    person.click(person.node("third"))
    person.press("alt+Left")
    person.saved(says("first third second"))
    person.press("alt+Right", "d")
    flow = person.saved(says("first second third"))
    assert [name for name, it in flow.agents.items() if not it.enabled] == ["third"]


def test_an_orchestrator_is_gone_into_left_again_and_collapsed(before: Before) -> None:
    person = before(chain_of("first", "second"))
    person.click(person.node("second"))
    person.press("ctrl+g", "l")
    person.saved(says("first loop(second)"))
    person.press("Return")
    person.picture("inside")
    person.press("Escape", "c")
    person.saved(says("first loop(second)"))
    person.picture("collapsed")
    assert 'collapsed = ["loop"]' in person.file.read_text("utf-8")


def test_steps_are_copied_pasted_and_found(before: Before) -> None:
    person = before(chain_of("first", "second"))
    person.click(person.node("first"))
    person.press("ctrl+c", "ctrl+v")
    person.saved(says("first second / first-2"))
    person.press("ctrl+f")
    person.write("second")
    person.picture("found")
    person.press("Return", "Escape", "Delete")
    person.saved(says("first / first-2"))


def test_anything_is_done_by_its_name(before: Before) -> None:
    person = before(chain_of("first", "second"))
    person.click(person.node("second"))
    person.press("ctrl+shift+p")
    person.write("duplicate")
    person.picture("command_palette")
    person.press("Return")
    person.saved(lambda flow: "second-2" in flow.agents)


def test_a_node_is_renamed_on_the_canvas_and_a_note_is_written(before: Before) -> None:
    person = before(chain_of("first", "second"))
    person.click(person.node("second"))
    person.press("F2")
    person.write("critic")
    person.press("Return")
    person.saved(says("first critic"))
    person.press("n")
    person.write("Ask twice")
    person.press("ctrl+Return")
    person.saved(says("first critic"))
    assert 'text = "Ask twice"' in person.file.read_text("utf-8")
