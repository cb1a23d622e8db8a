"""File: flows come, are kept, and go."""

from agentflow_editor.actions.base import Action, Separator

__all__ = ["MENU"]


MENU = (
    "&File",
    (
        Action(
            id="file.new",
            title="&New",
            shortcuts=("Ctrl+N",),
            icon="file-plus-outline",
            tip="Begin an empty flow",
            run=lambda desk: desk.files.new_flow(),
        ),
        Action(
            id="file.welcome",
            title="Examples and &Recent Flows",
            shortcuts=("Ctrl+Shift+N",),
            icon="home-outline",
            tip="Show the welcome page with the examples and the flows opened last",
            run=lambda desk: desk.window.show_welcome(),
        ),
        Action(
            id="file.open",
            title="&Open…",
            shortcuts=("Ctrl+O",),
            icon="folder-open-outline",
            tip="Open an agentflow.toml. Opening executes nothing",
            run=lambda desk: desk.files.ask_open(),
            toolbar=True,
        ),
        Separator(),
        Action(
            id="file.save",
            title="&Save",
            shortcuts=("Ctrl+S",),
            icon="content-save-outline",
            tip="Write the flow to its file; comments and unknown keys stay",
            run=lambda desk: desk.files.save(),
            enabled=lambda desk: (
                desk.workbench.document.is_modified or desk.workbench.document.path is None
            ),
            toolbar=True,
        ),
        Action(
            id="file.save-as",
            title="Save &As…",
            shortcuts=("Ctrl+Shift+S",),
            run=lambda desk: desk.files.ask_save_as(),
        ),
        Action(
            id="file.revert",
            title="Re&vert",
            tip="Go back to what the file says; this can be undone",
            run=lambda desk: desk.files.revert(),
            enabled=lambda desk: (
                desk.workbench.document.path is not None and desk.workbench.document.is_modified
            ),
        ),
        Separator(),
        Action(
            id="file.export-mermaid",
            title="Export as &Mermaid…",
            icon="chart-timeline-variant",
            run=lambda desk: desk.files.export("mermaid"),
        ),
        Action(
            id="file.export-core",
            title="Export for AgenticGoKit (&core)…",
            tip="Write the flow as AgenticGoKit's core package reads it",
            run=lambda desk: desk.files.export("core"),
        ),
        Action(
            id="file.export-v1beta",
            title="Export for AgenticGoKit (v1&beta)…",
            tip="Write the flow as AgenticGoKit's v1beta package reads it",
            run=lambda desk: desk.files.export("v1beta"),
        ),
        Action(
            id="file.export-picture",
            title="Export as &Picture…",
            icon="image-outline",
            run=lambda desk: desk.files.export_picture(),
        ),
        Separator(),
        Action(
            id="file.quit",
            title="&Quit",
            shortcuts=("Ctrl+Q",),
            tip="Close every window; each that has something unsaved is asked about",
            run=lambda desk: desk.windows.quit(),
        ),
    ),
)
