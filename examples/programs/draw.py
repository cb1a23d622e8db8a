"""A flow as a Mermaid flowchart, and a run of it as a Mermaid sequence diagram.

It prints:
    flowchart TD
    sequenceDiagram
    it was good enough in pass 3: {'quality': 0.8}
"""

import asyncio
from pathlib import Path

from agentflow import Catalogue, Event, Runner, load
from agentflow.run_diagram import run_diagram
from agentflow.trace import LoopChecked

FILE = Path(__file__).parents[1] / "features" / "loop-until-good-enough.toml"


async def main() -> None:
    catalogue = Catalogue.installed()
    flow = load(FILE, catalogue).flow
    outcome = await Runner.from_flow(flow, catalogue=catalogue).run(Event())
    for text in (catalogue.exporters["mermaid"].write(flow, {}).text, run_diagram(outcome.entries)):
        print(next(it for it in text.splitlines() if it.startswith(("flowchart", "sequence"))))
    checks = [it for it in outcome.entries if isinstance(it, LoopChecked)]
    print(f"it was good enough in pass {checks[-1].passes}: {checks[-1].values}")


asyncio.run(main())
