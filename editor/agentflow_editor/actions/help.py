"""Help: what there is to know."""

from agentflow_editor.actions.base import Action

__all__ = ["MENU"]

MENU = (
    "&Help",
    (
        Action(
            id="help.commands",
            title="&All Commands…",
            needs_flow=False,
            shortcuts=("Ctrl+Shift+P", "Ctrl+K"),
            icon="console-line",
            tip="Find anything that can be done by a few letters of its name",
            run=lambda desk: desk.window.show_commands(),
        ),
        Action(
            id="help.this",
            title="&What Is This?",
            shortcuts=("F1",),
            icon="help-circle-outline",
            tip="What the selected step is, why it is here, and what each of its fields is for",
            run=lambda desk: desk.window.explain(),
        ),
        Action(
            id="help.shortcuts",
            title="&Keyboard Shortcuts",
            needs_flow=False,
            shortcuts=("Ctrl+?",),
            icon="keyboard-outline",
            run=lambda desk: desk.window.show_shortcuts(),
        ),
        Action(
            id="help.about",
            title="&About AgentFlow Studio",
            needs_flow=False,
            icon="information-outline",
            run=lambda desk: desk.window.show_about(),
        ),
    ),
)
