"""Callbacks that look at results and decide what happens next: one routes, one emits an event.

It prints:
    short: kept
    a very long text: shortened by the editor
    the archive got: a very long text
"""

import asyncio

from agentflow import Catalogue, Event, HookPoint, Runner
from agentflow.flow.load import parse

FLOW = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["writer"]
[agents.writer]
type = "scripted"
output = { response = "kept" }
[agents.editor]
type = "scripted"
output = { response = "shortened by the editor" }
[agents.archive]
type = "scripted"
"""


async def main() -> None:
    runner = Runner.from_flow(parse(FLOW, Catalogue.installed()).flow)
    archived = []

    async def judge(args):
        if args.agent != "writer" or len(args.state["message"]) < 10:
            return None
        archived.append(await runner.emit(Event(data=args.event.data), at="archive"))
        return args.state.with_changes({}, metadata={"route": "editor"})

    runner.register_callback(HookPoint.AFTER_AGENT_RUN, "judge", judge)
    async with runner:
        for text in ("short", "a very long text"):
            outcome = await runner.run(Event.from_input(text))
            print(f"{text}: {outcome.state.answer}")
        for handle in archived:
            print(f"the archive got: {(await handle.outcome()).state['message']}")


asyncio.run(main())
