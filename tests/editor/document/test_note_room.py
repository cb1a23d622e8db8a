"""Notes go along with the nodes they stand beside, and no node that is laid out covers one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agentflow_editor.canvas.areas import Rect
from agentflow_editor.document import edits
from agentflow_editor.document.layout import arrange, completed
from agentflow_editor.document.node_size import START_SIZE, box_size
from agentflow_editor.document.note_room import with_notes_beside
from agentflow_editor.document.room import settled
from agentflow_editor.document.sheet import Layout, Note, Sheet
from editor.document.drawn import CATALOGUE, chain, loop, parallel, sequence, sheet
from engine.flows import flows


def noted(drawn: Sheet, *at: tuple[int, int], width: int = 160, height: int = 48) -> Sheet:
    for x, y in at:
        drawn = edits.write_note(drawn, None, "why", (x, y))
        drawn = edits.resize_note(drawn, str(len(drawn.sketch.notes)), width, height)
    return drawn


def laid(*steps) -> Sheet:
    return completed(Sheet(sheet(*steps).flow), CATALOGUE)


def boxes(drawn: Sheet) -> dict[str, Rect]:
    sizes = {"": START_SIZE}
    sizes |= {it.path: box_size(it.step, CATALOGUE) for it in drawn.flow.places()}
    return {path: Rect(*drawn.layout[path], *size) for path, size in sizes.items()}


def rect(note: Note) -> Rect:
    return Rect(note.x, note.y, note.width, note.height)


def wrapped(drawn: Sheet, path: str) -> Sheet:
    after = edits.wrap(drawn, [path], "loop", catalogue=CATALOGUE)
    return settled(drawn, after, CATALOGUE, edits.new_paths(drawn, after))


def lay_out(drawn: Sheet) -> Sheet:
    after = drawn.with_layout(arrange(drawn, CATALOGUE))
    return with_notes_beside(drawn, after, CATALOGUE, after.layout)


def gap(drawn: Sheet, path: str, name: str = "1") -> tuple[int, int]:
    note, (x, y) = drawn.sketch.notes[name], drawn.layout[path]
    return note.x - x, note.y - y


def test_a_note_above_a_node_stays_above_it_when_that_is_pushed_away():
    drawn = laid("a", "b", "c")
    x, y = drawn.layout["c"]
    drawn = noted(drawn, (x, y - 200))

    after = wrapped(drawn, "a")

    assert after.layout["c"] != drawn.layout["c"]
    assert gap(after, "c") == gap(drawn, "c") == (0, -200)


def test_a_note_goes_with_the_nearest_of_the_nodes_that_are_still_there():
    drawn = laid("a", "b", "c")
    x, y = drawn.layout["b"]
    drawn = noted(drawn, (x + 60, y + 80))

    after = settled(drawn, edits.remove(drawn, ["b"]), CATALOGUE, ())

    assert gap(after, "c") == gap(drawn, "c")


def test_a_note_that_a_node_would_cover_gives_way_up_or_down():
    drawn = laid("a", sequence("s", "b"), "c")
    x, y = drawn.layout["s/b"]
    drawn = noted(drawn, (x, y + 70))

    after = edits.wrap(drawn, ["s"], "collaborative", catalogue=CATALOGUE)
    slot = edits.Slot("parallel", 1, 0)
    grown = edits.add_agent(after, "scripted", (0, 0), catalogue=CATALOGUE, slot=slot)
    after = settled(drawn, grown, CATALOGUE, edits.new_paths(drawn, grown))

    note = after.sketch.notes["1"]
    assert not any(rect(note).meets(box) for box in boxes(after).values())
    assert note.x - after.layout["parallel/s/b"][0] == 0


def test_a_note_that_is_meant_to_lie_behind_nodes_stays_there_until_all_is_laid_out():
    drawn = laid("a", "b", "c")
    x, y = drawn.layout["b"]
    drawn = noted(drawn, (x - 20, y - 40), width=400, height=200)

    after = wrapped(drawn, "a")
    assert gap(after, "b") == (-20, -40)
    assert rect(after.sketch.notes["1"]).meets(boxes(after)["b"])

    asked = lay_out(after)
    assert not any(rect(asked.sketch.notes["1"]).meets(box) for box in boxes(asked).values())


def test_laying_out_what_is_laid_out_moves_no_note_that_is_free():
    drawn = noted(laid("a", "b"), (0, 200), (50, 210))

    assert lay_out(drawn) == drawn


def test_a_note_beside_a_collapsed_orchestrator_keeps_its_place_beside_that():
    drawn = laid("a", loop("l", "b", "c", "d"), "e")
    x, y = drawn.layout["e"]
    drawn = noted(drawn, (x, y - 100))

    shut = edits.collapse(drawn, ["l"], is_collapsed=True)
    shut = settled(drawn, shut, CATALOGUE, ())

    assert shut.layout["e"][0] < drawn.layout["e"][0]
    assert gap(shut, "e") == gap(drawn, "e")


def test_a_note_that_the_same_edit_has_placed_stays_where_it_was_put():
    drawn = noted(laid("a", "b"), (0, 200))
    moved = edits.place(edits.remove(drawn, ["a"]), {"#1": (700, 300)})

    after = settled(drawn, moved, CATALOGUE, ())

    note = after.sketch.notes["1"]
    assert (note.x, note.y) == (700, 300)


def test_a_new_step_finds_its_place_beside_a_note():
    drawn = laid("a", "b")
    by_hand = edits.place(drawn, {"": (-300, -90)})
    x, y = by_hand.layout["b"]
    by_hand = noted(by_hand, (x + 200, y - 20), width=300, height=120)

    slot = edits.Slot("", 0, 2)
    added = edits.add_agent(by_hand, "scripted", (0, 0), catalogue=CATALOGUE, slot=slot)
    (new,) = edits.new_paths(by_hand, added)
    placed = {path: at for path, at in added.layout.items() if path != new}
    after = completed(added.with_layout(Layout(placed)), CATALOGUE)

    assert not rect(after.sketch.notes["1"]).meets(boxes(after)[new])


def test_a_flow_without_positions_is_laid_out_below_notes_that_it_would_cover():
    bare = Sheet(sheet("a", parallel("p", chain("b"), chain("c"))).flow)

    assert completed(noted(bare, (0, 900)), CATALOGUE).layout == arrange(bare, CATALOGUE)
    drawn = completed(noted(bare, (100, 0)), CATALOGUE)
    assert drawn.sketch.notes["1"].y == 0
    assert not any(rect(drawn.sketch.notes["1"]).meets(box) for box in boxes(drawn).values())


@given(flows(max_steps=12), st.data())
@settings(max_examples=60, deadline=None)
def test_no_node_covers_a_note_after_laying_out_and_none_a_free_one_after_an_edit(flow, data):
    drawn = completed(Sheet(flow), CATALOGUE)
    spots = st.tuples(st.integers(-100, 1500), st.integers(-300, 600))
    drawn = noted(drawn, *data.draw(st.lists(spots, min_size=1, max_size=4)))
    free = [
        name
        for name, note in drawn.sketch.notes.items()
        if not any(rect(note).meets(box) for box in boxes(drawn).values())
    ]
    path = data.draw(st.sampled_from([it.path for it in flow.places()]))

    for after, names in ((wrapped(drawn, path), free), (lay_out(drawn), drawn.sketch.notes)):
        for name in names:
            note = rect(after.sketch.notes[name])
            assert not any(note.meets(box) for box in boxes(after).values()), name
