"""Command palette: everything that can be done, found by a few letters of its name."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.chooser import Choice, Chooser

__all__ = ["Command", "CommandPalette", "ranked"]

NEAR = 60.0
"""The least likeness, of 100, that counts as found."""

Command = tuple[str, str, QAction]
"""(menu, icon, action)."""


class CommandPalette(Chooser):
    """Lists actions with their menus and shortcuts; what cannot be done now comes last, pale."""

    def __init__(self, commands: Iterable[Command], theme: Theme, parent: QWidget) -> None:
        choices = [_choice(*command) for command in commands]
        choices.sort(key=lambda choice: not choice.is_enabled)
        super().__init__(
            "What do you want to do?", lambda text: ranked(choices, text), theme, parent
        )
        self._room = parent
        self.chosen.connect(_trigger)

    def open_on_top(self) -> None:
        """Show it below the top of its parent, in the middle."""
        self.open_at(QPoint((self._room.width() - self.width()) // 2, 64))


def _trigger(action: QAction) -> None:
    action.trigger()


def ranked(choices: Sequence[Choice], text: str) -> list[Choice]:
    """The choices that a text is near to, the nearest first; all of them for no text."""
    wanted = text.strip().casefold()
    if not wanted:
        return list(choices)
    rated = [(_likeness(wanted, choice.text.casefold()), choice) for choice in choices]
    found = [pair for pair in rated if pair[0] >= NEAR]
    found.sort(key=lambda pair: (not pair[1].is_enabled, -pair[0]))
    return [choice for _, choice in found]


def _likeness(wanted: str, title: str) -> float:
    """Each word as like as the title's word that it is most like, beginnings first."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - nobody types here before the window stands

    words = title.replace(":", " ").split()
    each = [
        max(100.0 if word.startswith(part) else fuzz.ratio(part, word) - 5 for word in words)
        for part in wanted.split()
    ]
    spread = fuzz.partial_ratio(wanted, title) - 5
    return max(min(each), spread) + 0.01 * fuzz.ratio(wanted, title)


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
