"""Runs an example as the command line would, with its sample input."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from agentflow.agents.base import AgentSetup
from agentflow.catalogue import Catalogue
from agentflow.cli.console.given import Given
from agentflow.flow.load import load
from agentflow.models.open import open_models
from agentflow.runner import Runner, RunOutcome

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def run_example() -> Callable[..., RunOutcome]:
    """Runs an example once a session with the same input; gives what came of it."""
    outcomes: dict[object, RunOutcome] = {}
    catalogue = Catalogue.installed()

    async def outcome(file: Path, given: Given) -> RunOutcome:
        setup = AgentSetup(models=open_models(os.environ), folder=file.parent, environ=os.environ)
        flow = load(file, catalogue).flow
        runner = Runner.from_flow(flow, catalogue=catalogue, setup=setup)
        return await runner.run(given.event(file))

    def run(name: str, text: str | None = None) -> RunOutcome:
        given = Given(text=text, sample=text is None)
        if (name, text) not in outcomes:
            file = EXAMPLES / name / "agentflow.toml"
            outcomes[name, text] = asyncio.run(outcome(file, given))
        return outcomes[name, text]

    return run
