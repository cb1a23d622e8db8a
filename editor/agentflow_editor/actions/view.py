"""View: how the flow is looked at."""

from collections.abc import Iterator
from typing import Literal

from agentflow_editor.actions.base import Action, Separator

__all__ = ["MENU"]

_WAYS: tuple[tuple[Literal["left", "right", "up", "down"], str, str], ...] = (
    ("right", "Next Step to the &Right", "Right"),
    ("left", "Next Step to the L&eft", "Left"),
    ("up", "Next Step A&bove", "Up"),
    ("down", "Next Step Belo&w", "Down"),
)


def _walks() -> Iterator[Action]:
    for way, title, key in _WAYS:
        yield Action(
            id=f"view.walk-{way}",
            title=title,
            shortcuts=(key,),
            on_canvas=True,
            submenu="&Go to",
            run=lambda desk, way=way: desk.canvas.walking.go(way),
        )


MENU = (
    "&View",
    (
        Action(
            id="view.arrange",
            title="&Lay Out Automatically",
            shortcuts=("L",),
            on_canvas=True,
            icon="auto-fix",
            tip="Place every node anew, in layers from left to right",
            run=lambda desk: desk.canvas.placing.arrange(),
            toolbar=True,
        ),
        Action(
            id="view.arrange-selection",
            title="Lay Out the Se&lected Steps",
            shortcuts=("Shift+L",),
            on_canvas=True,
            tip="Place the selected steps anew, with all that they own; the others stay",
            run=lambda desk: desk.canvas.placing.arrange_selected(),
            enabled=lambda desk: any(desk.workbench.selection.paths),
        ),
        Action(
            id="view.source",
            title="Edit as Te&xt",
            shortcuts=("Ctrl+U",),
            icon="file-code-outline",
            tip="Type in the flow's file; what is typed appears on the canvas",
            run=lambda desk: desk.window.edit_source(),
        ),
        Action(
            id="view.frame",
            title="Zoom to &Selection",
            shortcuts=("F",),
            on_canvas=True,
            icon="image-filter-center-focus",
            run=lambda desk: desk.canvas.looking.frame(),
        ),
        Action(
            id="view.frame-all",
            title="&Fit Everything",
            shortcuts=("Home",),
            on_canvas=True,
            icon="fit-to-page-outline",
            run=lambda desk: desk.canvas.looking.frame_all(),
            toolbar=True,
        ),
        Action(
            id="view.zoom-in",
            title="Zoom &In",
            shortcuts=("Ctrl++", "Ctrl+="),
            run=lambda desk: desk.canvas.looking.zoom_in(),
        ),
        Action(
            id="view.zoom-out",
            title="Zoom &Out",
            shortcuts=("Ctrl+-",),
            run=lambda desk: desk.canvas.looking.zoom_out(),
        ),
        Action(
            id="view.reset-zoom",
            title="&Actual Size",
            shortcuts=("Ctrl+0",),
            run=lambda desk: desk.canvas.looking.reset_zoom(),
        ),
        Action(
            id="view.collapse",
            title="&Collapse or Expand",
            shortcuts=("C",),
            on_canvas=True,
            icon="unfold-less-horizontal",
            tip="Draw the selected orchestrators as one node each, or with all they own again",
            run=lambda desk: desk.canvas.chosen.collapse(),
            enabled=lambda desk: bool(desk.structure.picked.orchestrators),
        ),
        Action(
            id="view.enter",
            title="&Go Into",
            shortcuts=("Return", "Enter"),
            on_drawing=True,
            icon="arrow-expand-all",
            tip="Show only the selected orchestrator and its members; Esc goes up again",
            run=lambda desk: desk.canvas.diving.go_into(),
            enabled=lambda desk: len(desk.workbench.selection.keys) == 1,
        ),
        Action(
            id="view.up",
            title="Go &Up",
            shortcuts=("Shift+Return", "Shift+Enter"),
            on_drawing=True,
            icon="arrow-up-left",
            tip="Show what is around the orchestrator that is shown, as Esc does",
            run=lambda desk: desk.canvas.diving.go_up(),
            enabled=lambda desk: bool(desk.canvas.diving.inside),
        ),
        Action(
            id="view.minimap",
            title="&Minimap",
            icon="map-outline",
            tip="Show the whole flow in a corner while not all of it is seen",
            run=lambda desk: desk.canvas.minimap.toggle(),
            checked=lambda desk: desk.canvas.minimap.is_wanted,
        ),
        Separator(),
        *_walks(),
        Separator(),
        Action(
            id="view.theme",
            title="Light or Dark &Theme",
            needs_flow=False,
            shortcuts=("Ctrl+T",),
            icon="theme-light-dark",
            run=lambda desk: desk.workbench.theme.toggle(),
            toolbar=True,
        ),
        Action(
            id="view.reset-docks",
            title="&Reset the Panes",
            tip="Put every pane back to where it was at first",
            run=lambda desk: desk.window.reset_docks(),
        ),
        Action(
            id="view.full-screen",
            title="Full S&creen",
            needs_flow=False,
            shortcuts=("F11",),
            run=lambda desk: desk.window.toggle_full_screen(),
        ),
        Separator(),
    ),
)
