"""A workbench without a window, on real parts, and flows to put on it."""

import asyncio
from pathlib import Path

from agentflow.catalogue import Catalogue
from agentflow.event import Event
from agentflow.runner import RunOutcome
from agentflow_editor.document.document import Document
from agentflow_editor.document.selection import Selection
from agentflow_editor.document.source_draft import SourceDraft
from agentflow_editor.looks.theme_switch import ThemeSwitch
from agentflow_editor.recovery.keeper import Keeper
from agentflow_editor.run.breakpoints import Breakpoints
from agentflow_editor.run.controller import RunController
from agentflow_editor.run.model_lists import ModelLists
from agentflow_editor.run.recent_models import RecentModels
from agentflow_editor.run.trace_model import TraceModel
from agentflow_editor.run.trust import TrustStore
from agentflow_editor.settings.preferences import PreferenceStore
from agentflow_editor.settings.store import EditorSettings
from agentflow_editor.workbench import Workbench

CATALOGUE = Catalogue.installed()

STAGES = """\
# Kept.
[agent_flow]
name = "stages"

[orchestration]
mode = "mixed"

[[orchestration.mixed.stages]]
name = "first"
agents = ["first"]

[[orchestration.mixed.stages]]
name = "refine"
mode = "loop"
agents = ["critic"]
condition = "score >= 3.0"
check = "after"

[[orchestration.mixed.stages]]
name = "deliver"
mode = "route"
default = ["first"]

[[orchestration.mixed.stages.cases]]
name = "good"
when = "score > 2.0"
agents = ["writer"]

[agents.first]
type = "scripted"
output = { score = 0 }

[agents.critic]
type = "scripted"
output = { score = "{{ score + 1 }}" }

[agents.writer]
type = "scripted"
description = "Writes it down."
output = { response = "All <b>good</b>." }
"""

TWO_STEPS = """\
# Two steps, one after the other.
[orchestration]
mode = "sequential"

[orchestration.sequential]
agents = ["first", "second"]

[agents.first]
type = "scripted"
output = { note = "from first" }

[agents.second]
type = "scripted"
output = { response = "{{ note }}, then second" }
"""


def bench_in(folder: Path) -> Workbench:
    """A workbench that keeps what it remembers in a folder."""
    document, trace, breakpoints = Document(CATALOGUE), TraceModel(), Breakpoints()
    trust = TrustStore(folder / "trusted.json")
    settings = EditorSettings(folder)
    return Workbench(
        catalogue=CATALOGUE,
        document=document,
        keeper=Keeper.of(document, CATALOGUE, folder / "state"),
        selection=Selection(document),
        source=SourceDraft(document, CATALOGUE, document),
        breakpoints=breakpoints,
        trace=trace,
        run=RunController(document, trace, breakpoints, CATALOGUE, trust),
        model_lists=ModelLists(CATALOGUE, parent=document),
        recent_models=RecentModels(lambda: settings.recent, CATALOGUE),
        settings=settings,
        preferences=PreferenceStore(settings),
        theme=ThemeSwitch(),
    )


def open_text(bench: Workbench, folder: Path, text: str) -> Path:
    """Open a flow, given as the text of its file."""
    file = folder / "agentflow.toml"
    file.write_text(text, encoding="utf-8")
    bench.document.open(file)
    return file


async def run_to_the_end(bench: Workbench, event: Event | None = None) -> RunOutcome:
    """Run the open flow, and wait for what comes of it."""
    ended: asyncio.Future[RunOutcome] = asyncio.get_running_loop().create_future()
    bench.run.ended.connect(lambda outcome: ended.done() or ended.set_result(outcome))
    bench.run.failed_to_start.connect(lambda why: ended.set_exception(AssertionError(why)))
    bench.run.run(event or Event.from_input("hello"))
    async with asyncio.timeout(30):
        return await ended
