"""Help: what there is to know."""

from agentflow_editor.actions.base import Action

__all__ = ["MENU"]

MENU = (
    "&Help",
    (
        Action(
            id="help.shortcuts",
            title="&Keyboard Shortcuts",
            shortcuts=("Ctrl+?", "F1"),
            icon="keyboard-outline",
            run=lambda desk: desk.window.show_shortcuts(),
        ),
        Action(
            id="help.about",
            title="&About AgentFlow Studio",
            icon="information-outline",
            run=lambda desk: desk.window.show_about(),
        ),
    ),
)
