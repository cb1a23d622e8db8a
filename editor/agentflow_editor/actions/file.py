"""File: flows come, are kept, and go."""

from agentflow_editor.actions.base import Action, Desk, Separator

__all__ = ["MENU"]


def _differs_from_file(desk: Desk) -> bool:
    document = desk.workbench.document
    is_changed = desk.workbench.keeper.watch.state == "changed"
    return document.path is not None and (document.is_modified or is_changed)


def _has_something_to_save(desk: Desk) -> bool:
    bench = desk.workbench
    is_new = bench.document.path is None and desk.window.is_at_work()
    return is_new or bench.document.is_modified or bench.source.is_open


MENU = (
    "&File",
    (
        Action(
            id="file.new",
            title="&New",
            needs_flow=False,
            shortcuts=("Ctrl+N",),
            icon="file-plus-outline",
            tip="Begin an empty flow",
            run=lambda desk: desk.files.new_flow(),
        ),
        Action(
            id="file.template",
            title="New from &Template…",
            needs_flow=False,
            shortcuts=("Ctrl+Shift+T",),
            icon="view-grid-plus-outline",
            tip="Begin a flow as a copy of one that works",
            run=lambda desk: desk.window.show_gallery(),
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
            needs_flow=False,
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
            needs_flow=False,
            shortcuts=("Ctrl+S",),
            icon="content-save-outline",
            tip="Write the flow to its file; comments and unknown keys stay",
            run=lambda desk: desk.files.save(),
            enabled=_has_something_to_save,
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
            title="Re&vert or Reload",
            shortcuts=("Ctrl+Shift+R",),
            tip="Go back to what the file says now; this can be undone",
            run=lambda desk: desk.files.revert(),
            enabled=_differs_from_file,
        ),
        Action(
            id="file.changes",
            title="Show &Changes in the File…",
            tip="Compare with what another program wrote: reload it, keep yours, or merge both",
            run=lambda desk: desk.files.show_changes(),
            enabled=lambda desk: desk.workbench.keeper.watch.state == "changed",
        ),
        Action(
            id="file.keep-mine",
            title="&Keep Mine",
            tip="Let the next save replace what another program wrote",
            run=lambda desk: desk.files.keep_mine(),
            enabled=lambda desk: desk.workbench.keeper.watch.state == "changed",
        ),
        Action(
            id="file.edit-anyway",
            title="&Edit Anyway",
            tip="Edit a flow that another editor has open",
            run=lambda desk: desk.files.edit_anyway(),
            enabled=lambda desk: desk.workbench.document.is_read_only,
        ),
        Action(
            id="file.recover",
            title="Recover &Unsaved Work…",
            needs_flow=False,
            shortcuts=("Ctrl+Alt+U",),
            icon="lifebuoy",
            tip="Show what an editor left behind that ended early, and what was discarded",
            run=lambda desk: desk.keeping.ask_recover(),
        ),
        Separator(),
        Action(
            id="file.import",
            title="&Import from AgenticGoKit…",
            needs_flow=False,
            icon="import",
            tip="Make a new flow of a core or v1beta file, and list what was translated",
            run=lambda desk: desk.files.ask_import(),
        ),
        Action(
            id="file.export-mermaid",
            title="Export as &Mermaid…",
            icon="chart-timeline-variant",
            run=lambda desk: desk.exports.export("mermaid"),
        ),
        Action(
            id="file.export-core",
            title="Export for AgenticGoKit (&core)…",
            tip="Write the flow as AgenticGoKit's core package reads it",
            run=lambda desk: desk.exports.export("core"),
        ),
        Action(
            id="file.export-v1beta",
            title="Export for AgenticGoKit (v1&beta)…",
            tip="Write the flow as AgenticGoKit's v1beta package reads it",
            run=lambda desk: desk.exports.export("v1beta"),
        ),
        Action(
            id="file.export-picture",
            title="Export as &Picture…",
            icon="image-outline",
            tip="Write the drawing as PNG, SVG or PDF",
            run=lambda desk: desk.exports.export_picture(),
        ),
        Separator(),
        Action(
            id="file.quit",
            title="&Quit",
            needs_flow=False,
            shortcuts=("Ctrl+Q",),
            tip="Close every window; each that has something unsaved is asked about",
            run=lambda desk: desk.windows.quit(),
        ),
    ),
)
