"""A flow of agents that are functions of this program, events with metadata, and a stop.

It prints:
    ann: {'text': 'HELLO', 'by': 'ann'}
    ben: {'text': 'HELLO', 'by': 'ben'}
    stopped: cancelled
"""

import asyncio

from agentflow import Catalogue, Event, Runner
from agentflow.flow.load import parse

FLOW = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["shout", "sign"]
"""


def shout(state):
    return {"text": state["text"].upper()}


async def sign(state, event):
    if event.metadata.get("patience"):
        await asyncio.sleep(3600)
    return {"by": event.session_id}


async def main() -> None:
    flow = parse(FLOW, Catalogue.installed()).flow
    runner = Runner.from_flow(flow, agents={"shout": shout, "sign": sign})
    async with runner:
        for session in ("ann", "ben"):
            outcome = await runner.run(Event(data={"text": "hello"}, session_id=session))
            print(f"{session}: {outcome.state.to_dict()}")
        handle = await runner.emit(Event(data={"text": "hello"}, metadata={"patience": "endless"}))
        await asyncio.sleep(0.05)
        handle.cancel()
        print(f"stopped: {(await handle.outcome()).status}")


asyncio.run(main())
