"""View: how the flow is looked at."""

from agentflow_editor.actions.base import Action, Separator

__all__ = ["MENU"]

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
            run=lambda desk: desk.canvas.arrange(),
            toolbar=True,
        ),
        Action(
            id="view.frame",
            title="Zoom to &Selection",
            shortcuts=("F",),
            on_canvas=True,
            icon="image-filter-center-focus",
            run=lambda desk: desk.canvas.frame(),
        ),
        Action(
            id="view.frame-all",
            title="&Fit Everything",
            shortcuts=("Home",),
            on_canvas=True,
            icon="fit-to-page-outline",
            run=lambda desk: desk.canvas.frame_all(),
            toolbar=True,
        ),
        Action(
            id="view.zoom-in",
            title="Zoom &In",
            shortcuts=("Ctrl++", "Ctrl+="),
            run=lambda desk: desk.canvas.zoom_in(),
        ),
        Action(
            id="view.zoom-out",
            title="Zoom &Out",
            shortcuts=("Ctrl+-",),
            run=lambda desk: desk.canvas.zoom_out(),
        ),
        Action(
            id="view.reset-zoom",
            title="&Actual Size",
            shortcuts=("Ctrl+0",),
            run=lambda desk: desk.canvas.reset_zoom(),
        ),
        Separator(),
        Action(
            id="view.theme",
            title="Light or Dark &Theme",
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
            shortcuts=("F11",),
            run=lambda desk: desk.window.toggle_full_screen(),
        ),
        Separator(),
    ),
)
