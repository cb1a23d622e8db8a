"""Structure: what is done to the selected steps as parts of the tree."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from agentflow.flow.flow import Flow, Orchestrator
from agentflow_editor.document import edits
from agentflow_editor.document.picked import Picked, picked
from agentflow_editor.document.room import forgetting, settled
from agentflow_editor.document.sheet import Sheet, note_key
from agentflow_editor.looks.icons import icon
from agentflow_editor.widgets.letter_menu import LetterMenu
from agentflow_editor.workbench import Workbench

__all__ = ["Structure", "nothing"]

Make = Callable[[Sheet], Sheet]
Anew = Callable[[Sheet, Sheet], Iterable[str]]
"""(sheet before, sheet after) → paths after that are to be laid out anew."""


def _new(before: Sheet, after: Sheet) -> tuple[str, ...]:
    """What an edit made or placed anew, without what that owns."""
    found: list[str] = []
    for path in edits.new_paths(before, after):  # owners come before their members
        if not any(path.startswith(f"{owner}/") for owner in found):
            found.append(path)
    return tuple(found)


def nothing(_before: Sheet, _after: Sheet) -> tuple[str, ...]:
    """An edit that lays nothing out anew, but lets a flow that stands by itself go on doing so."""
    return ()


def _followed(before: Sheet, after: Sheet, paths: Iterable[str]) -> list[str]:
    gone_to = edits.followed(before, after)
    return [gone_to[path] for path in paths if path in gone_to]


def _released(sheet: Sheet, path: str) -> Sheet:
    """A step out of its orchestrator, and without a position: it is to stand beside that."""
    after = edits.release(sheet, path)
    return forgetting(after, _followed(sheet, after, [path]))


class Structure:
    """Changes the tree at the selected steps, and lays out what has changed."""

    def __init__(
        self, canvas: QWidget, edit: Callable[[str, Make], bool], bench: Workbench
    ) -> None:
        """Begin.

        Args:
            canvas: what the menus stand over.
            edit: does an edit, or says why it cannot be done; whether it could.
            bench: whose selection and document are meant.
        """
        self._canvas, self._edit, self._bench = canvas, edit, bench
        self._picked: tuple[Flow, tuple[str, ...], Picked] | None = None

    @property
    def picked(self) -> Picked:
        """What is selected now."""
        flow, paths = self._bench.document.sheet.flow, self._bench.selection.paths
        known = self._picked
        if known is None or known[0] is not flow or known[1] != paths:
            known = self._picked = (flow, paths, picked(flow, paths))
        return known[2]

    def wrap(self, mode: str) -> None:
        """Put an orchestrator around the selected steps."""
        paths, catalogue = self.picked.paths, self._bench.catalogue
        title = f"Wrap in {catalogue.modes[mode].title}"
        self.do(title, lambda sheet: edits.wrap(sheet, paths, mode, catalogue=catalogue))

    def dissolve(self) -> None:
        """Take the selected orchestrators away and leave their members."""
        paths = self.picked.orchestrators
        self.do("Dissolve", lambda sheet: edits.dissolve(sheet, paths))

    def change_mode(self, mode: str) -> None:
        """Make the selected orchestrator one of another mode."""
        catalogue = self._bench.catalogue
        for path in self.picked.orchestrators[:1]:
            self.do(
                f"Change Mode to {catalogue.modes[mode].title}",
                lambda sheet, path=path: edits.change_mode(sheet, path, mode, catalogue=catalogue),
                lambda _before, _after, path=path: (path,),
                selects=False,
            )

    def heal(self) -> None:
        """Remove the selected steps and notes, and leave the members of orchestrators."""
        paths, notes = self.picked.paths, self._bench.selection.notes

        def healed(sheet: Sheet) -> Sheet:
            return edits.heal(edits.delete(sheet, (), (), notes), paths)

        self.do("Delete and Heal", healed)

    def move_along(self, by: int) -> None:
        """Let the selected steps come later in their chain, or earlier."""
        paths, places = self.picked.paths, self.picked.places
        if not places:
            return
        beyond = places[0].index - 1 if by < 0 else places[-1].index + 1
        home = places[0].owner, places[0].chain
        flow = self._bench.document.sheet.flow
        passed = [
            it.path for it in flow.places() if (it.owner, it.chain, it.index) == (*home, beyond)
        ]
        title = "Move Later" if by > 0 else "Move Earlier"
        self.do(
            title,
            lambda sheet: edits.move_along(sheet, paths, by),
            lambda before, after: _followed(before, after, (*paths, *passed)),
            selects=False,
        )

    def reorder_chains(self, by: int) -> None:
        """Let the branch or case of the selected step come later, or earlier."""
        only, chain = self.picked.only, self._bench.selection.chain
        if only is None:
            return
        if chain is not None:
            self._move_chain(only.path, chain, by)
            return
        flow = self._bench.document.sheet.flow
        swapped = only.chain, only.chain + by
        both = [it.path for it in flow.places() if it.owner == only.owner and it.chain in swapped]
        self.do(
            "Move Branch Later" if by > 0 else "Move Branch Earlier",
            lambda sheet: edits.reorder_chains(sheet, only.path, by),
            lambda before, after: _followed(before, after, both),
            selects=False,
        )

    def _move_chain(self, path: str, chain: int, by: int) -> None:
        before = self._bench.document.sheet
        self.do(
            "Move Branch Later" if by > 0 else "Move Branch Earlier",
            lambda sheet: edits.move_chain(sheet, path, chain, chain + by),
            lambda _before, _after: (path,),
            selects=False,
        )
        if self._bench.document.sheet is not before:
            self._bench.selection.select([path], chain=chain + by)

    def add_case(self) -> None:
        """Give the selected router another case, and let that be the one that is meant."""
        only, before = self.picked.only, self._bench.document.sheet
        if only is None:
            return
        self.do(
            "Add Case",
            lambda sheet: edits.add_case(sheet, only.path),
            lambda _before, _after: (only.path,),
            selects=False,
        )
        step = self._bench.document.sheet.flow.at(only.path)
        if self._bench.document.sheet is not before and isinstance(step, Orchestrator):
            last = sum(chain.case is not None for chain in step.chains) - 1
            self._bench.selection.select([only.path], chain=last)

    def release(self) -> None:
        """Take the selected step out of its orchestrator; it follows that."""
        only = self.picked.only
        if only is not None:
            self.do("Release", lambda sheet: _released(sheet, only.path), nothing)

    def switch(self) -> None:
        """Disable the agents of the selected steps, or enable them again."""
        paths = self.picked.paths
        self.do(
            "Disable or Enable",
            lambda sheet: edits.switch(sheet, paths),
            selects=False,
            lays_out=False,
        )

    def ask_wrap(self) -> None:
        """Let the person choose what to wrap in; the first letter of each is its key."""
        self._ask("Wrap in", self.wrap)

    def ask_mode(self) -> None:
        """Let the person choose another mode."""
        self._ask("Change to", self.change_mode)

    def _ask(self, verb: str, chosen: Callable[[str], None]) -> None:
        menu = LetterMenu(self._canvas)
        theme = self._bench.theme.theme
        for mode in self._bench.catalogue.modes.values():
            sign = icon(mode.icon, theme.color(mode.name))
            menu.addAction(sign, f"{verb} &{mode.title}", lambda name=mode.name: chosen(name))
        menu.popup(self._near())
        menu.setActiveAction(menu.actions()[0])

    def _near(self) -> QPoint:
        mouse = self._canvas.mapFromGlobal(QCursor.pos())
        inside = self._canvas.rect().contains(mouse)
        return self._canvas.mapToGlobal(mouse if inside else self._canvas.rect().center())

    def do(
        self,
        title: str,
        make: Make,
        anew: Anew | None = None,
        *,
        selects: bool = True,
        lays_out: bool = True,
    ) -> None:
        """Do an edit, lay out what it says, and select what is new.

        Args:
            title: what was done.
            make: the edit itself.
            anew: says what is laid out anew; None for what is new.
            selects: whether what is new is selected.
            lays_out: whether anything may stand elsewhere afterwards.
        """
        fresh: list[str] = []
        notes: list[str] = []

        def change(sheet: Sheet) -> Sheet:
            after = make(sheet)
            if selects:
                fresh.extend(_new(sheet, after))
                notes.extend(after.sketch.notes.keys() - sheet.sketch.notes.keys())
            if not lays_out or after is sheet:
                return after
            around = fresh if anew is None else anew(sheet, after)
            return settled(sheet, after, self._bench.catalogue, around)

        if self._edit(title, change) and (fresh or notes):
            self._bench.selection.select([*fresh, *map(note_key, notes)])
