"""Runs that are kept in a journal of the test's own."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agentflow.catalogue import Catalogue
from agentflow.event import Event
from agentflow.flow.load import parse
from agentflow.journal.keeper import Keeper
from agentflow.journal.writer import Writer
from agentflow.runner import Runner, RunOutcome

FLOW = """
[agent_flow]
name = "kept"
[orchestration]
mode = "mixed"
[[orchestration.mixed.stages]]
name = "search"
mode = "collaborative"
agents = ["news", "papers"]
[[orchestration.mixed.stages]]
name = "sort"
mode = "route"
default = ["archive"]
[[orchestration.mixed.stages.cases]]
name = "question"
when = "message == 'why'"
agents = ["answer"]
[[orchestration.mixed.stages]]
name = "refine"
mode = "loop"
agents = ["write"]
condition = "size(draft) > 2"
[agents.news]
type = "scripted"
output = { response = "new: é \\u0000 \\u2028 \\"quoted\\"" }
[agents.papers]
type = "scripted"
fail_on = [1]
[agents.papers.retry_policy]
max_retries = 1
base_delay_ms = 1
[agents.answer]
type = "scripted"
output = { draft = "" }
[agents.archive]
type = "scripted"
[agents.write]
type = "scripted"
output = { draft = "{{ draft }}x" }
"""


@pytest.fixture
def kept_flow() -> str:
    """The text of the flow that `keep` runs."""
    return FLOW


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Where a journal may be made."""
    return tmp_path / "kept" / "journal.db"


@pytest.fixture
def keep(journal: Path) -> Callable[..., Awaitable[RunOutcome]]:
    """Runs a flow and keeps it: what came of it."""

    async def run(text: str = FLOW, *, times: int = 1, at_once: int = 1024) -> RunOutcome:
        writer = Writer(journal, at_once=at_once)
        flow = parse(text, Catalogue.installed()).flow
        runner = Runner.from_flow(flow)
        runner.keep(Keeper(writer, text, flow=flow.name))
        try:
            async with runner:
                for _ in range(times):
                    outcome = await runner.run(Event(data={"message": "why"}))
        finally:
            writer.close()
        return outcome

    return run
