"""Wishes: what somebody who draws a link may want, where the tree allows more than one thing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentUse, Orchestrator
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.ports import NEXT, chain_ports
from agentflow_editor.document.room import forgetting, settled
from agentflow_editor.document.sheet import Sheet

__all__ = ["Wish", "wishes"]


@dataclass(frozen=True, slots=True)
class Wish:
    """One of the things that a link may be drawn for."""

    text: str
    """As it is offered: "Run both in parallel"."""
    title: str
    """As it is called when it is done, for the Undo menu."""
    make: Callable[[Sheet], Sheet]
    """The edit, its layout included."""
    asks: bool = False
    """Whether it is offered even where it is the only one."""


def wishes(
    sheet: Sheet, source: str, port: str, target: str, catalogue: Catalogue
) -> tuple[Wish, ...]:
    """What a link from a port to a step may be drawn for; a single plain one needs no question.

    Raises:
        EditError: nothing that the tree can hold.
    """
    back = partial(edits.loop_over, source=source, target=target, catalogue=catalogue)
    if source and _is_possible(sheet, back):
        first, last = _name(target), _name(source)
        steps = f"{first} … {last}" if first != last else first
        return (
            Wish(
                f"Repeat {steps} in a loop", "Repeat in a Loop", _placed(back, catalogue), asks=True
            ),
        )
    plain = partial(edits.link, source=source, port=port, target=target)
    after = plain(sheet)  # refused where the tree cannot hold it
    if after is sheet:
        return ()
    there = _led_to(sheet, source, port, catalogue)
    return (
        *_beside(sheet, source, port, target, there, catalogue),
        *_moves(sheet, source, port, target, there, catalogue),
    )


def _beside(
    sheet: Sheet, source: str, port: str, target: str, there: str | None, catalogue: Catalogue
) -> Iterator[Wish]:
    """Both, at the same time or one of them."""
    if there is None:
        return
    both = f"{_name(there)} and {_name(target)}"
    offered = (
        ("collaborative", f"Run {both} in parallel", "Run in Parallel"),
        ("route", f"Choose between {both} with a router", "Choose with a Router"),
    )
    for mode, text, title in offered:
        make = partial(
            edits.run_beside,
            source=source,
            port=port,
            target=target,
            mode=mode,
            catalogue=catalogue,
        )
        if _is_possible(sheet, make):
            yield Wish(text, title, _placed(make, catalogue))


def _moves(
    sheet: Sheet, source: str, port: str, target: str, there: str | None, catalogue: Catalogue
) -> Iterator[Wish]:
    """The step itself comes here, or its agent is used once more."""
    place = next(it for it in sheet.flow.places() if it.path == target)
    is_free = place.owner.startswith("|") and "/" not in place.owner and place.index == 0
    before = f", before {_name(there)}" if there else ""
    verb = "Put" if is_free else "Move"
    plain = partial(edits.link, source=source, port=port, target=target)
    title = "Draw Link" if is_free and there is None else "Move Here"
    yield Wish(f"{verb} {_name(target)} here{before}", title, plain)
    again = partial(edits.use_again, source=source, port=port, target=target)
    if not is_free and isinstance(place.step, AgentUse):
        text = f"Use {_name(target)} again here{before}"
        yield Wish(text, "Use Again", _beside_neighbour(again, catalogue))


def _placed(make: Callable[[Sheet], Sheet], catalogue: Catalogue) -> Callable[[Sheet], Sheet]:
    def placed(sheet: Sheet) -> Sheet:
        after = make(sheet)
        return settled(sheet, after, catalogue, edits.new_paths(sheet, after)[:1])

    return placed


def _beside_neighbour(
    make: Callable[[Sheet], Sheet], catalogue: Catalogue
) -> Callable[[Sheet], Sheet]:
    def placed(sheet: Sheet) -> Sheet:
        after = make(sheet)
        return settled(sheet, forgetting(after, edits.new_paths(sheet, after)), catalogue, ())

    return placed


def _led_to(sheet: Sheet, source: str, port: str, catalogue: Catalogue) -> str | None:
    """The one step that a port leads to; None for none, and for a port of many branches."""
    places = {(it.owner, it.chain, it.index): it for it in sheet.flow.places()}
    begin = next((it for it in places.values() if it.path == source), None)
    slot: tuple[str, int, int] | None = ("", 0, 0)
    if begin is not None and port == NEXT:
        slot = begin.owner, begin.chain, begin.index + 1
    elif begin is not None and isinstance(begin.step, Orchestrator):
        ports = {it.name: it.chain for it in chain_ports(begin.step, catalogue)}
        chain = ports.get(port)
        slot = (source, chain, 0) if chain is not None else None
    found = places.get(slot) if slot is not None else None
    return found.path if found is not None else None


def _is_possible(sheet: Sheet, make: Callable[[Sheet], Sheet]) -> bool:
    try:
        make(sheet)
    except EditError:
        return False
    return True


def _name(path: str) -> str:
    return path.rpartition("/")[2].partition("~")[0]
