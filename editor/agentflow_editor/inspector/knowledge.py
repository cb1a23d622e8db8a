"""Knowledge: what a step's fields may offer and show, asked of the flow and of its last run."""

import os
from collections.abc import Callable, Mapping
from typing import Any

from agentflow.flow.flow import AgentUse
from agentflow.flow.keys_here import KeysHere, keys_here
from agentflow.trace import EventReceived
from agentflow_editor.forms.base import Surroundings
from agentflow_editor.run.recent_models import models_of
from agentflow_editor.run.step_view import Pass
from agentflow_editor.workbench import Workbench

__all__ = ["around_flow", "around_step", "keys_at"]


def around_flow(bench: Workbench) -> Surroundings:
    """What is there for the flow's own settings."""
    return Surroundings(
        agents=lambda: tuple(bench.document.sheet.flow.agents),
        models=lambda: models_of(bench.document.sheet.flow),
        recent_models=bench.recent_models.all,
        model_lists=bench.model_lists,
        environment=lambda: tuple(os.environ),
        theme=lambda: bench.theme.theme,
    )


def around_step(
    bench: Workbench, path: Callable[[], str], *, is_asking: bool = False
) -> Surroundings:
    """What is there for the settings of a step.

    Args:
        bench: whose flow and run it is.
        path: where the step stands now; that changes when it is renamed.
        is_asking: whether the settings are those of an orchestrator, which asks at another moment
            than its members.
    """
    return Surroundings(
        agents=lambda: tuple(bench.document.sheet.flow.agents),
        keys=lambda: keys_at(bench, path(), is_asking=is_asking).names,
        last_run=lambda: _last_state(bench, path(), is_asking),
        on_run=lambda do: _listen(bench, do),
        for_all=lambda: bench.document.sheet.flow.llm,
        models=lambda: models_of(bench.document.sheet.flow),
        recent_models=bench.recent_models.all,
        model_lists=bench.model_lists,
        environment=lambda: tuple(os.environ),
        theme=lambda: bench.theme.theme,
    )


def keys_at(bench: Workbench, path: str, *, is_asking: bool = False) -> KeysHere:
    """Which keys a step may read; found out anew each time, in milliseconds."""
    return keys_here(bench.document.sheet.flow, bench.catalogue, path, is_asking=is_asking)


def _listen(bench: Workbench, do: Callable[[], None]) -> None:
    bench.trace.reset.connect(do)
    bench.trace.status_changed.connect(do)


def _last_state(bench: Workbench, path: str, is_asking: bool) -> Mapping[str, Any] | None:
    view = bench.trace.step(path)
    latest = view.latest if view else None
    if latest is None:
        return None
    values = {"metadata": _metadata(bench), **_asked(latest, is_asking)}
    is_agent = isinstance(bench.document.sheet.flow.at(path), AgentUse)
    return values if is_agent or latest.checks == [] else {**values, "iteration": _passes(latest)}


def _asked(latest: Pass, is_asking: bool) -> Mapping[str, Any]:
    """A loop asks what its passes left, and branches are judged by what they left."""
    is_judge = bool(latest.checks) or latest.merged is not None
    state = latest.output if is_asking and is_judge else None
    return (state or latest.input).to_dict()


def _passes(latest: Pass) -> int:
    return latest.checks[-1].passes


def _metadata(bench: Workbench) -> dict[str, str]:
    first = next((it for it in bench.trace.entries[:8] if isinstance(it, EventReceived)), None)
    return dict(first.metadata) if first else {}
