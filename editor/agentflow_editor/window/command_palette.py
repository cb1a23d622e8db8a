"""Command palette: everything that can be done, found by a few letters of its name."""

import re
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.chooser import Choice, Chooser

__all__ = ["Command", "CommandPalette", "ranked"]

NEAR = 60.0
"""The least likeness, of 100, that counts as found."""

_WORD = re.compile(r"\w+")

Command = tuple[str, str, QAction]
"""(menu, icon, action)."""


class CommandPalette(Chooser):
    """Lists actions with their menus and shortcuts; what cannot be done now comes last, pale."""

    command_chosen = Signal(str)
    """(id) of the action that is done then."""

    def __init__(
        self, commands: Iterable[Command], recent: Iterable[str], theme: Theme, parent: QWidget
    ) -> None:
        """Make it; `open_on_top` shows it.

        Args:
            commands: everything that can be done.
            recent: the ids of those that were chosen here before, the latest first.
            theme: whose colours it has.
            parent: what it lies over.
        """
        listed = list(commands)
        choices = [_choice(*command) for command in listed]
        by_id = {action.objectName(): action for _, _, action in listed}
        last = [by_id[it] for it in recent if it in by_id]
        super().__init__(
            "What do you want to do?", lambda text: ranked(choices, text, last), theme, parent
        )
        self._room = parent
        self.chosen.connect(self._do)

    def _do(self, action: QAction) -> None:
        self.command_chosen.emit(action.objectName())
        action.trigger()

    def open_on_top(self) -> None:
        """Show it below the top of its parent, in the middle."""
        self.open_at(QPoint((self._room.width() - self.width()) // 2, 64))


def ranked(choices: Sequence[Choice], text: str, recent: Sequence[object] = ()) -> list[Choice]:
    """The choices that a text is near to, the nearest first; all of them for no text.

    Args:
        choices: each written as its menu, a colon and its title.
        text: how a title begins, or its words begin, or what is in it, or nearly so.
        recent: what was chosen before, the latest first: that comes first of what is as near.
    """
    wanted = text.strip().casefold()
    age = {what: number for number, what in enumerate(recent)}
    rated = [(_distance(wanted, choice.text.casefold()), choice) for choice in choices]
    found = [(far, choice) for far, choice in rated if far is not None]
    found.sort(key=lambda it: (not it[1].is_enabled, it[0], age.get(it[1].what, len(age))))
    return [choice for _, choice in found]


def _distance(wanted: str, text: str) -> tuple[int, float] | None:
    """How far a text is from what is wanted: in which way they are alike, then how little."""
    menu, _, title = text.rpartition(": ")
    parts, words = _WORD.findall(wanted), _WORD.findall(title)
    if title.startswith(wanted):
        return 0, 0.0
    if _begin(parts, words):
        return 1, 0.0
    if wanted in title:
        return 2, 0.0
    if _begin(parts, [menu, *words]):
        return 3, 0.0
    likeness = _likeness(wanted, text) if parts else 0.0
    return (4, -likeness) if likeness >= NEAR else None


def _begin(parts: Iterable[str], words: Sequence[str]) -> bool:
    """Whether each part is how some word begins."""
    found = [any(word.startswith(part) for word in words) for part in parts]
    return bool(found) and all(found)


def _likeness(wanted: str, text: str) -> float:
    """Each word as like as the text's word that it is most like."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - nobody types here before the window stands

    words = _WORD.findall(text)
    each = [
        max(100.0 if word.startswith(part) else fuzz.ratio(part, word) - 5 for word in words)
        for part in _WORD.findall(wanted)
    ]
    spread = fuzz.partial_ratio(wanted, text) - 5
    return max(min(each), spread) + 0.01 * fuzz.ratio(wanted, text)


def _choice(menu: str, icon_name: str, action: QAction) -> Choice:
    title = action.text().replace("&", "").rstrip("…")
    return Choice(
        text=f"{menu}: {title}",
        what=action,
        key=action.shortcut().toString(),
        icon=_sign(icon_name, action),
        color="accent" if action.isEnabled() else "muted",
        is_enabled=action.isEnabled(),
    )


def _sign(icon_name: str, action: QAction) -> str:
    """What is on or off has a box instead of its icon."""
    if action.isCheckable():
        return "checkbox-marked" if action.isChecked() else "checkbox-blank-outline"
    return icon_name or "circle-small"
