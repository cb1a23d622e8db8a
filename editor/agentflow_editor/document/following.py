"""Following: steps that are called otherwise in another text stand where they stood."""

from collections.abc import Iterator, Mapping

from agentflow.flow.flow import Flow
from agentflow_editor.document.sheet import Position, Sheet

__all__ = ["keeping_places"]


def keeping_places(sheet: Sheet, before: Sheet, said: Mapping[str, Position]) -> Sheet:
    """The sheet, with what only has another name, or an owner that has, where it was drawn before.

    Args:
        sheet: what a text says, every step with a position.
        before: what was drawn before.
        said: the positions that the text itself says; none says that all stand by themselves.
    """
    if not said or sheet.flow is before.flow:
        return sheet
    places = {
        new: before.layout[old]
        for new, old in _renamed(before.flow, sheet.flow)
        if new not in said and old in before.layout
    }
    return sheet.with_layout(sheet.layout.with_positions(places)) if places else sheet


def _renamed(before: Flow, after: Flow) -> Iterator[tuple[str, str]]:
    """New and old paths of steps that stand at the same place of the tree."""
    stood = {(it.owner, it.chain, it.index): it for it in before.places()}
    old_paths = {it.path for it in stood.values()}
    places = list(after.places())
    new_paths = {it.path for it in places}
    was: dict[str, str] = {}
    for place in places:
        old = stood.get((was.get(place.owner, place.owner), place.chain, place.index))
        if old is None or type(old.step) is not type(place.step):
            continue
        if place.path not in old_paths and old.path not in new_paths:
            was[place.path] = old.path
            yield place.path, old.path
