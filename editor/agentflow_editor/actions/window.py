"""Window: the editor's windows. Those that are open are listed below."""

from agentflow_editor.actions.base import Action, Desk, Separator

__all__ = ["MENU"]


def _close(desk: Desk) -> None:
    desk.window.close()


MENU = (
    "&Window",
    (
        Action(
            id="window.new",
            title="&New Window",
            needs_flow=False,
            shortcuts=("Ctrl+Alt+N",),
            icon="dock-window",
            tip="Open another window, with a flow, an undo history and runs of its own",
            run=lambda desk: desk.windows.new_window(),
        ),
        Action(
            id="window.close",
            title="&Close Window",
            needs_flow=False,
            shortcuts=("Ctrl+W",),
            icon="window-close",
            tip="Close this window; the others stay open",
            run=_close,
        ),
        Separator(),
    ),
)
