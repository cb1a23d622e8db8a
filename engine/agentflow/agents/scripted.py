"""Scripted agents: stand in for any agent, with templated answers and failures on demand."""

import asyncio
import random
from typing import Any

from pydantic import Field

from agentflow.agents._template_faults import template_faults
from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType
from agentflow.duration import Duration
from agentflow.flow.flow import AgentSpec
from agentflow.problem import Problem
from agentflow.settings import Settings
from agentflow.state import State
from agentflow.templates import fill_all

__all__ = ["AGENT_TYPE", "ScriptedSettings"]


class ScriptedSettings(Settings):
    """What the stand-in does. With nothing set it answers with its own name."""

    output: dict[str, Any] = Field(default_factory=dict)
    """The keys that it writes; texts are templates over the state: "{{ score + 0.2 }}"."""
    outputs: tuple[dict[str, Any], ...] = ()
    """What it writes call by call, instead of `output`; the last one serves all calls after it."""
    delay: Duration | None = None
    """How long it takes to answer."""
    fail_on: tuple[int, ...] = ()
    """The calls that fail, counted from 1 in each run."""
    fail_rate: float = Field(default=0.0, ge=0, le=1)
    """The share of calls that fail by chance; the same ones in every run with the same `seed`."""
    seed: int = 0
    """What chance begins with."""
    error: str = "it was told to fail"
    """What a failure says."""


class ScriptedError(Exception):
    """A failure that the flow asked for."""


def build(spec: AgentSpec, setup: AgentSetup) -> AgentHandler:
    """Make one ready to run."""
    del setup
    settings = spec.settings
    assert isinstance(settings, ScriptedSettings)

    async def answer(state: State, call: AgentCall) -> dict[str, Any]:
        if settings.delay is not None:
            await asyncio.sleep(settings.delay.total_seconds())
        if _fails(settings, call):
            raise ScriptedError(settings.error)
        output = _output(settings, call)
        return fill_all(output, state, f"agents.{spec.name}.output", path=call.path)

    return answer


def _fails(settings: ScriptedSettings, call: AgentCall) -> bool:
    if call.number in settings.fail_on:
        return True
    if not settings.fail_rate:
        return False
    # Seeded by the call and not by what was drawn before: branches that race fail alike always.
    chance = random.Random(f"{settings.seed}/{call.agent}/{call.path}/{call.number}").random()  # noqa: S311 - no secret
    return chance < settings.fail_rate


def _output(settings: ScriptedSettings, call: AgentCall) -> dict[str, Any]:
    if settings.outputs:
        return settings.outputs[min(call.number, len(settings.outputs)) - 1]
    return settings.output or {"response": call.agent}


def _writes(spec: AgentSpec) -> frozenset[str]:
    settings = spec.settings
    if not isinstance(settings, ScriptedSettings):
        return frozenset()
    written = [*settings.outputs] or [settings.output or {"response": ""}]
    return frozenset(key for output in written for key in output)


def _faults(spec: AgentSpec) -> tuple[Problem, ...]:
    settings = spec.settings
    if not isinstance(settings, ScriptedSettings):
        return ()
    return template_faults({"output": settings.output, "outputs": settings.outputs})


AGENT_TYPE = AgentType(
    name="scripted",
    title="Stand-in",
    summary="Answers with what you wrote for it; fails or waits when you say so.",
    icon="drama-masks",
    settings=ScriptedSettings,
    build=build,
    may_be_repeated=True,
    writes=_writes,
    faults=_faults,
)
