"""Random edits for property tests: whatever a person could do next to a sheet."""

from collections.abc import Callable

from hypothesis import strategies as st

from agentflow.flow.flow import AgentUse, Orchestrator
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError, Slot
from agentflow_editor.document.ports import NEXT, chain_ports
from agentflow_editor.document.sheet import Position, Sheet, note_key
from editor.document.drawn import CATALOGUE
from engine.flows import names

Draw = Callable[[st.SearchStrategy], object]

POSITIONS = st.tuples(st.integers(-2000, 2000), st.integers(-2000, 2000))


def random_edit(draw: Draw, sheet: Sheet) -> Sheet:
    """The sheet after some edit; the sheet itself where that edit is refused."""
    try:
        return draw(st.sampled_from(EDITS))(draw, sheet)
    except EditError:
        return sheet


def _path(draw: Draw, sheet: Sheet) -> str:
    return draw(st.sampled_from([place.path for place in sheet.flow.places()] or ["gone"]))


def _owner(draw: Draw, sheet: Sheet) -> str:
    owners = [it.path for it in sheet.flow.places() if isinstance(it.step, Orchestrator)]
    return draw(st.sampled_from(owners or ["gone"]))


def _agent(draw: Draw, sheet: Sheet) -> str:
    return draw(st.sampled_from(list(sheet.flow.agents) or ["gone"]))


def _slot(draw: Draw, sheet: Sheet) -> Slot | None:
    parked = [f"|{number}" for number in range(len(sheet.flow.parked))]
    owner = draw(st.sampled_from([None, "", _owner(draw, sheet), *parked]))
    if owner is None:
        return None
    return Slot(owner, draw(st.integers(0, 3)), draw(st.integers(0, 3)))


def _port(draw: Draw, sheet: Sheet, path: str) -> str:
    step = sheet.flow.at(path)
    if not isinstance(step, Orchestrator):
        return NEXT
    return draw(st.sampled_from([NEXT, *(port.name for port in chain_ports(step, CATALOGUE))]))


def _at(draw: Draw) -> Position:
    return draw(POSITIONS)


def _add_agent(draw: Draw, sheet: Sheet) -> Sheet:
    slot = _slot(draw, sheet)
    return edits.add_agent(sheet, "scripted", _at(draw), catalogue=CATALOGUE, slot=slot)


def _add_use(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.add_use(sheet, _agent(draw, sheet), _at(draw), slot=_slot(draw, sheet))


def _add_orchestrator(draw: Draw, sheet: Sheet) -> Sheet:
    mode, slot = draw(st.sampled_from(sorted(CATALOGUE.modes))), _slot(draw, sheet)
    return edits.add_orchestrator(sheet, mode, _at(draw), catalogue=CATALOGUE, slot=slot)


def _link(draw: Draw, sheet: Sheet) -> Sheet:
    source = draw(st.sampled_from(["", _path(draw, sheet)]))
    return edits.link(sheet, source, _port(draw, sheet, source), _path(draw, sheet))


def _some_link(draw: Draw, sheet: Sheet) -> tuple[str, str, str]:
    places = {(it.owner, it.chain, it.index): it.path for it in sheet.flow.places()}
    links = [
        (places.get((owner, chain, index - 1), owner if index == 0 else "gone"), path)
        for (owner, chain, index), path in places.items()
        if index or not owner.startswith("|") or "/" in owner
    ]
    source, target = draw(st.sampled_from(links or [("gone", "gone")]))
    return source, NEXT, target


def _unlink(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.unlink(sheet, *_some_link(draw, sheet))


def _relink(draw: Draw, sheet: Sheet) -> Sheet:
    old = source, _, target = _some_link(draw, sheet)
    if draw(st.booleans()):
        source = draw(st.sampled_from(["", _path(draw, sheet)]))
    else:
        target = _path(draw, sheet)
    return edits.relink(sheet, old, (source, _port(draw, sheet, source), target))


def _move(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.move_steps(sheet, _some(draw, sheet), _slot(draw, sheet) or Slot(""))


def _remove(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.remove(sheet, {_path(draw, sheet), _path(draw, sheet)})


def _duplicate(draw: Draw, sheet: Sheet) -> Sheet:
    # A flow that doubles with every edit would soon be all that is tested.
    few = len(list(sheet.flow.places())) < 40
    return edits.duplicate(sheet, {_path(draw, sheet), _path(draw, sheet)}) if few else sheet


def _rename(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.rename(sheet, _path(draw, sheet), draw(names))


def _rename_use(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.rename_use(sheet, _path(draw, sheet), _agent(draw, sheet))


def _place(draw: Draw, sheet: Sheet) -> Sheet:
    note = note_key(_note(draw, sheet))
    return edits.place(sheet, {_path(draw, sheet): _at(draw), "": _at(draw), note: _at(draw)})


def _set_agent(draw: Draw, sheet: Sheet) -> Sheet:
    field, value = draw(
        st.sampled_from(
            [("timeout", "3s"), ("role", "judge"), ("llm.model", "m"), ("timeout", None)]
        )
    )
    return edits.set_agent(sheet, _agent(draw, sheet), field, value)


def _set_orchestrator(draw: Draw, sheet: Sheet) -> Sheet:
    field = draw(st.sampled_from(["timeout", "max_concurrency", "max_iterations"]))
    value = draw(st.sampled_from([None, "9s", 3]))
    return edits.set_orchestrator(sheet, _owner(draw, sheet), field, value)


def _set_case(draw: Draw, sheet: Sheet) -> Sheet:
    field = draw(st.sampled_from(["name", "when", "route"]))
    return edits.set_case(sheet, _owner(draw, sheet), draw(st.integers(0, 2)), field, draw(names))


def _add_case(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.add_case(sheet, _owner(draw, sheet))


def _remove_case(draw: Draw, sheet: Sheet) -> Sheet:
    path, number = _owner(draw, sheet), draw(st.integers(0, 2))
    return edits.remove_case(sheet, path, number)


def _move_chain(draw: Draw, sheet: Sheet) -> Sheet:
    number, to = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    return edits.move_chain(sheet, _owner(draw, sheet), number, to)


def _remove_agent(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.remove_agent(sheet, _agent(draw, sheet))


def _define_agent(draw: Draw, sheet: Sheet) -> Sheet:
    used = [it.step.agent for it in sheet.flow.places() if isinstance(it.step, AgentUse)]
    name = draw(st.sampled_from(used or ["new"]))
    return edits.define_agent(sheet, name, "scripted", catalogue=CATALOGUE)


def _some(draw: Draw, sheet: Sheet) -> set[str]:
    return {_path(draw, sheet), _path(draw, sheet), _path(draw, sheet)}


def _mode(draw: Draw) -> str:
    return draw(st.sampled_from(sorted(CATALOGUE.modes)))


def _wrap(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.wrap(sheet, _some(draw, sheet), _mode(draw), catalogue=CATALOGUE)


def _dissolve(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.dissolve(sheet, {_owner(draw, sheet), _owner(draw, sheet)})


def _heal(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.heal(sheet, _some(draw, sheet))


def _change_mode(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.change_mode(sheet, _owner(draw, sheet), _mode(draw), catalogue=CATALOGUE)


def _move_along(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.move_along(sheet, [_path(draw, sheet)], draw(st.sampled_from([-1, 1])))


def _reorder_chains(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.reorder_chains(sheet, _path(draw, sheet), draw(st.sampled_from([-1, 1])))


def _park(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.park(sheet, _some(draw, sheet))


def _collapse(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.collapse(sheet, _some(draw, sheet), is_collapsed=draw(st.booleans()))


def _note(draw: Draw, sheet: Sheet) -> str:
    return draw(st.sampled_from(list(sheet.sketch.notes) or ["gone"]))


def _write_note(draw: Draw, sheet: Sheet) -> Sheet:
    name = draw(st.sampled_from([None, _note(draw, sheet)]))
    return edits.write_note(sheet, name, draw(st.text(max_size=20)), _at(draw))


def _resize_note(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.resize_note(sheet, _note(draw, sheet), *_at(draw))


def _delete_note(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.delete(sheet, (), (), [_note(draw, sheet)])


def _release(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.release(sheet, _path(draw, sheet))


def _splice(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.splice(sheet, _path(draw, sheet), _some_link(draw, sheet))


def _run_beside(draw: Draw, sheet: Sheet) -> Sheet:
    source, target = _path(draw, sheet), _path(draw, sheet)
    port = _port(draw, sheet, source)
    return edits.run_beside(sheet, source, port, target, _mode(draw), catalogue=CATALOGUE)


def _loop_over(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.loop_over(sheet, _path(draw, sheet), _path(draw, sheet), catalogue=CATALOGUE)


def _use_again(draw: Draw, sheet: Sheet) -> Sheet:
    source = _path(draw, sheet)
    return edits.use_again(sheet, source, _port(draw, sheet, source), _path(draw, sheet))


def _switch(draw: Draw, sheet: Sheet) -> Sheet:
    return edits.switch(sheet, _some(draw, sheet))


def _paste(draw: Draw, sheet: Sheet) -> Sheet:
    clipped = edits.clip(sheet, _some(draw, sheet), [_note(draw, sheet)])
    few = len(list(sheet.flow.places())) < 40
    return edits.paste(sheet, clipped, _at(draw), slot=_slot(draw, sheet)) if few else sheet


EDITS: list[Callable[[Draw, Sheet], Sheet]] = [
    _add_agent,
    _add_use,
    _add_orchestrator,
    _link,
    _unlink,
    _relink,
    _move,
    _remove,
    _duplicate,
    _rename,
    _rename_use,
    _place,
    _set_agent,
    _set_orchestrator,
    _set_case,
    _add_case,
    _remove_case,
    _move_chain,
    _remove_agent,
    _define_agent,
    _wrap,
    _dissolve,
    _heal,
    _change_mode,
    _move_along,
    _reorder_chains,
    _release,
    _splice,
    _run_beside,
    _loop_over,
    _use_again,
    _switch,
    _paste,
    _park,
    _collapse,
    _write_note,
    _resize_note,
    _delete_note,
]
