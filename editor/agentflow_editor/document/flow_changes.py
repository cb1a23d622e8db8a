"""Flow changes: what became of a flow, in the words of the flow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from pydantic import BaseModel

from agentflow.flow.differences import written
from agentflow.flow.flow import AgentSpec, MemorySettings
from agentflow.flow.setting_tables import Default, SettingTables, Tables
from agentflow.flow.toml_text import item_of
from agentflow_editor.document.line_merge import small_hunks
from agentflow_editor.document.renames import Rename, called, renames
from agentflow_editor.document.shape import ChainShape, Kind, Shape
from agentflow_editor.document.sheet import Layout, Sheet

__all__ = ["Change", "changes", "said", "word"]

SHORT = 40
"""Characters of a value that is told; of a longer one it is only told that it changed."""
WORDS = {"system_prompt": "prompt", "llm": "model"}
MODES = {
    "sequential": "sequence",
    "collaborative": "parallel step",
    "route": "router",
    "loop": "loop",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise."""

    text: str
    """In a few words: "agent `writer`: prompt changed"."""
    before: str = ""
    """What there was, where that is too long for the words."""
    after: str = ""


def changes(before: Sheet, after: Sheet) -> list[Change]:
    """What became of a sheet, what matters most first; nothing for an equal one."""
    return list(_Changes(before, after).all())


def word(key: str) -> str:
    """A setting as people call it."""
    return WORDS.get(key, key.replace("_", " "))


def said(value: Any) -> str:
    """A value as a file says it; "nothing" for none."""
    plain = value.value if isinstance(value, Default) else value
    return "nothing" if plain is None else item_of(written(plain)).as_string()


class _Changes:
    def __init__(self, before: Sheet, after: Sheet) -> None:
        self._renames = renames(before.flow, after.flow)
        self._kinds_before = Shape.of(before.flow).kinds
        self._before, self._after = reduce(called, self._renames, before), after
        self._tables = SettingTables()
        self._shapes = Shape.of(self._before.flow), Shape.of(after.flow)

    def all(self) -> Iterator[Change]:
        """Every change, in the order in which they are told."""
        yield from map(self._renamed, self._renames)
        steps = list(self._steps())
        if not steps and self._shapes[0] != self._shapes[1]:
            steps = [Change("steps arranged anew")]
        yield from steps
        yield from self._agents()
        yield from self._whole()
        yield from self._drawing()

    def _whole(self) -> Iterator[Change]:
        one, other = self._before.flow, self._after.flow
        heading = [
            {key: getattr(it, key) for key in ("name", "version", "description")}
            for it in (one, other)
        ]
        yield from _settings("flow", heading[0], heading[1])
        yield from self._models("flow", one.settings, other.settings)
        yield from self._models("model for all agents", one.llm, other.llm)
        yield from self._named("pool", one.pools, other.pools)
        yield from self._memory(one.memory, other.memory)

    def _memory(self, one: MemorySettings | None, other: MemorySettings | None) -> Iterator[Change]:
        if one is not None and other is not None:
            yield from self._models("memory", one, other)
        elif one is not other:
            yield Change(f"memory {'added' if one is None else 'removed'}")

    def _agents(self) -> Iterator[Change]:
        yield from self._named("agent", self._before.flow.agents, self._after.flow.agents)

    def _renamed(self, rename: Rename) -> Change:
        what = "agent" if rename.is_agent else _step(self._kinds_before, rename.old)
        return Change(f"{what} `{rename.old}` renamed to `{rename.new}`")

    def _named(
        self, what: str, one: Mapping[str, BaseModel], other: Mapping[str, BaseModel]
    ) -> Iterator[Change]:
        yield from (Change(f"{what} `{it}` added") for it in other if it not in one)
        yield from (Change(f"{what} `{it}` removed") for it in one if it not in other)
        for name, model in other.items():
            if name in one:
                yield from self._models(f"{what} `{name}`", one[name], model)

    def _models(self, where: str, one: BaseModel, other: BaseModel) -> Iterator[Change]:
        if one is not other and one != other:
            yield from _settings(where, self._table(one), self._table(other))

    def _table(self, model: BaseModel) -> Tables:
        table = dict(self._tables.table(model))
        if isinstance(model, AgentSpec):
            del table["name"], table["settings"]
            table |= self._tables.table(model.settings)
        return table

    def _steps(self) -> Iterator[Change]:
        one, other = self._shapes
        for owner, chains in other.chains.items():
            if owner not in one.chains:
                continue
            place = f" in `{owner}`" if owner else ""
            yield from self._kinds(owner)
            yield from _members(place, one.chains[owner], chains, {**one.kinds, **other.kinds})
        yield from _parked(one, other)

    def _kinds(self, name: str) -> Iterator[Change]:
        one, other = (shape.kinds.get(name) for shape in self._shapes)
        if one is None or other is None:
            return
        if one.mode != other.mode:
            was, now = MODES.get(one.mode, one.mode), MODES.get(other.mode, other.mode)
            yield Change(f"`{name}` is a {now} now, and was a {was}")
        else:
            what = _step(self._shapes[1].kinds, name)
            yield from self._models(f"{what} `{name}`", one.settings, other.settings)

    def _drawing(self) -> Iterator[Change]:
        one, other = self._before, self._after
        moved = _moved(one.layout, other.layout)
        if moved:
            yield Change(f"{moved} {'step' if moved == 1 else 'steps'} moved on the canvas")
        notes, after = one.sketch.notes, other.sketch.notes
        yield from (
            Change("note added", after=it.text) for key, it in after.items() if key not in notes
        )
        yield from (
            Change("note removed", it.text) for key, it in notes.items() if key not in after
        )
        for key in notes.keys() & after.keys():
            if notes[key] != after[key]:
                yield Change("note changed", notes[key].text, after[key].text)


def _settings(where: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Change]:
    for key in {**one, **other}:
        was, now = said(one.get(key)), said(other.get(key))
        if was == now:
            continue
        if max(len(was), len(now)) <= SHORT and "\n" not in was + now:
            yield Change(f"{where}: {word(key)} {was} → {now}")
        else:
            yield Change(f"{where}: {word(key)} changed", was, now)


def _members(
    place: str,
    one: Sequence[ChainShape],
    other: Sequence[ChainShape],
    kinds: Mapping[str, Kind],
) -> Iterator[Change]:
    """What came, went and changed its place in the chains of one owner."""
    old = [name for chain in one for name in chain.names]
    new = [name for chain in other for name in chain.names]
    gone, come = list(old), list(new)
    for name in new:
        if name in gone:
            gone.remove(name)
            come.remove(name)
    yield from (Change(f"{_step(kinds, name)} `{name}` removed{place}") for name in gone)
    for name in dict.fromkeys(come):
        yield Change(f"{_step(kinds, name)} `{name}` added {_spot(other, name)}{place}")
    if not gone and not come:
        yield from _order(place, one, other)
    yield from _cases(place, one, other)


def _order(place: str, one: Sequence[ChainShape], other: Sequence[ChainShape]) -> Iterator[Change]:
    old, new = ([chain.names for chain in chains] for chains in (one, other))
    if old == new:
        return
    flat, now = [it for chain in old for it in chain], [it for chain in new for it in chain]
    moved = [name for hunk in small_hunks(flat, now) for name in hunk.lines]
    for name in dict.fromkeys(moved):
        yield Change(f"step `{name}` moved {_spot(other, name)}{place}")


def _cases(place: str, one: Sequence[ChainShape], other: Sequence[ChainShape]) -> Iterator[Change]:
    tables = SettingTables()
    old, new = ({it.case.name: it.case for it in chains if it.case} for chains in (one, other))
    yield from (Change(f"case `{name}` added{place}") for name in new if name not in old)
    yield from (Change(f"case `{name}` removed{place}") for name in old if name not in new)
    for name in old.keys() & new.keys():
        yield from _settings(
            f"case `{name}`{place}", tables.table(old[name]), tables.table(new[name])
        )


def _parked(one: Shape, other: Shape) -> Iterator[Change]:
    old, new = ({name for names in it.parked for name in names} for it in (one, other))
    yield from (Change(f"step `{name}` parked: it hangs on nothing") for name in sorted(new - old))
    yield from (Change(f"step `{name}` no longer parked") for name in sorted(old - new))


def _spot(chains: Sequence[ChainShape], name: str) -> str:
    names = next(it.names for it in chains if name in it.names)
    at = names.index(name)
    if at:
        return f"after `{names[at - 1]}`"
    return f"before `{names[1]}`" if len(names) > 1 else "by itself"


def _step(kinds: Mapping[str, Kind], name: str) -> str:
    mode = kinds[name].mode if name in kinds else "step"
    return MODES.get(mode, mode)


def _moved(one: Layout, other: Layout) -> int:
    return sum(other[path] != at for path, at in one.items() if path in other)
