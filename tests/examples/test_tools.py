"""The example of tools, with a real server on this machine that answers as a model would."""

import asyncio
from pathlib import Path

from agentflow.agents.base import AgentSetup
from agentflow.catalogue import Catalogue
from agentflow.cli.console.given import Given
from agentflow.flow.load import load
from agentflow.models.open import open_models
from agentflow.runner import Runner
from agentflow.running.outcome import RunOutcome
from agentflow.trace import ToolCalled
from engine.models.chat_server import ChatServer, chat_server, says, wants

FILE = Path(__file__).parents[2] / "examples" / "tools" / "agentflow.toml"
TOLD = "Two adults and one child pay 166.40 euros together for the 496 kilometres to Oslo."


async def _run() -> tuple[RunOutcome, ChatServer]:
    look_up = wants(("distance", {"start": "Bergen", "end": "Oslo"}))
    work_out = wants(("fare", {"kilometres": 496, "travellers": 3, "children": 1}))
    async with chat_server(look_up, work_out, says(TOLD)) as server:
        environ = {"MODEL_URL": server.url, "MODEL_NAME": "tiny"}
        setup = AgentSetup(
            models=open_models(environ), folder=FILE.parent, environ=environ, isolate=True
        )
        runner = Runner.from_flow(load(FILE, Catalogue.installed()).flow, setup=setup)
        return await runner.run(Given(text=None, sample=True).event(FILE)), server


def test_tools_looks_up_the_distance_and_works_out_the_fare():
    outcome, server = asyncio.run(_run())

    calls = [it for it in outcome.entries if isinstance(it, ToolCalled)]
    assert [(it.tool, it.answer) for it in calls] == [("distance", "496"), ("fare", "166.4")]
    assert outcome.state.answer == TOLD
    assert server.asked[0].body["model"] == "tiny"
