"""Run: the flow at work, step by step where wanted."""

from agentflow_editor.actions.base import Action, Desk, Separator

__all__ = ["MENU"]


def _running(desk: Desk) -> bool:
    return desk.workbench.run.is_running


def _paused(desk: Desk) -> bool:
    return desk.workbench.run.is_paused


def _run_or_continue(desk: Desk) -> None:
    if _running(desk):
        desk.workbench.run.resume()
    else:
        desk.runs.run_last()


def _step(desk: Desk) -> None:
    if _running(desk):
        desk.workbench.run.step()
    else:
        desk.runs.run_stepping()


def _toggle_breakpoints(desk: Desk) -> None:
    for path in desk.workbench.selection.paths:
        desk.workbench.breakpoints.toggle(path)


MENU = (
    "&Run",
    (
        Action(
            id="run.run",
            title="&Run or Continue",
            shortcuts=("F5", "Ctrl+Return"),
            icon="play",
            tip="Run the flow with its last input; while it is paused, go on",
            run=_run_or_continue,
            enabled=lambda desk: not _running(desk) or _paused(desk),
            toolbar=True,
        ),
        Action(
            id="run.input",
            title="Run with &Input…",
            shortcuts=("Shift+F5",),
            icon="play-box-edit-outline",
            tip="Say what the flow is to work on, then run it",
            run=lambda desk: desk.runs.ask_run(),
            enabled=lambda desk: not _running(desk),
            toolbar=True,
        ),
        Action(
            id="run.pause",
            title="&Pause",
            needs_flow=False,
            shortcuts=("F6",),
            icon="pause",
            tip="Wait before the next step; steps that are at work finish first",
            run=lambda desk: desk.workbench.run.pause(),
            enabled=lambda desk: _running(desk) and not _paused(desk),
            toolbar=True,
        ),
        Action(
            id="run.step",
            title="S&tep",
            shortcuts=("F10",),
            icon="debug-step-over",
            tip="Run one step and wait; begins a run that waits before its first step",
            run=_step,
            enabled=lambda desk: not _running(desk) or _paused(desk),
            toolbar=True,
        ),
        Action(
            id="run.stop",
            title="&Stop",
            needs_flow=False,
            shortcuts=("Ctrl+.", "Ctrl+F5"),
            icon="stop",
            tip="End the run now; the agents at work are cancelled",
            run=lambda desk: desk.workbench.run.stop(),
            enabled=_running,
            toolbar=True,
        ),
        Action(
            id="run.follow",
            title="&Follow Run",
            shortcuts=("F7",),
            icon="crosshairs-gps",
            tip="Keep a step that is at work in sight, until you look elsewhere yourself",
            run=lambda desk: desk.canvas.watching.toggle(),
            checked=lambda desk: desk.canvas.watching.is_on,
            toolbar=True,
        ),
        Separator(),
        Action(
            id="run.breakpoint",
            title="Toggle &Breakpoint",
            shortcuts=("F9",),
            icon="record-circle",
            tip="The run waits before a step with a breakpoint",
            run=_toggle_breakpoints,
            enabled=lambda desk: any(desk.workbench.selection.paths),
        ),
        Action(
            id="run.clear-breakpoints",
            title="&Clear All Breakpoints",
            shortcuts=("Ctrl+Shift+F9",),
            run=lambda desk: desk.workbench.breakpoints.clear(),
            enabled=lambda desk: bool(desk.workbench.breakpoints.paths),
        ),
    ),
)
