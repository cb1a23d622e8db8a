"""Hooks that are called at each step, a listener of all that happens, and figures of each agent.

It prints:
    before flaky
    before steady
    flaky: StepStarted, StepRetried, StepRetried, StepSucceeded
    flaky succeeded in 100%, after 2 retries
    steady: StepStarted, StepSucceeded
    steady succeeded in 100%, after 0 retries
"""

import asyncio
from collections import defaultdict

from agentflow import Catalogue, Event, HookPoint, Runner
from agentflow.flow.load import parse

FLOW = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["flaky", "steady"]
[agents.flaky]
type = "scripted"
fail_on = [1, 2]
retry_policy = { max_retries = 2, base_delay_ms = 1 }
[agents.steady]
type = "scripted"
"""


async def main() -> None:
    runner = Runner.from_flow(parse(FLOW, Catalogue.installed()).flow)
    happened = defaultdict(list)

    def tell(args):
        print("before", args.agent)

    def hear(entry):
        happened[entry.path].append(type(entry).__name__)

    runner.register_callback(HookPoint.BEFORE_AGENT_RUN, "tell", tell)
    runner.subscribe(hear)
    outcome = await runner.run(Event())
    for name, it in outcome.metrics.agents.items():
        print(f"{name}: {', '.join(happened[f'sequential/{name}'])}")
        print(f"{name} succeeded in {it.success_rate:.0%}, after {it.retries} retries")


asyncio.run(main())
