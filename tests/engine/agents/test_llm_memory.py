"""A model that may remember: a real server has it remember and recall, from run to run."""

from pathlib import Path
from typing import Any

from agentflow import Event, Memory
from agentflow.flow.flow import LlmSettings
from agentflow.models.open import open_models
from agentflow.running.outcome import RunOutcome
from agentflow.trace import StepNoted, ToolCalled
from engine.agents.agent_alone import runner
from engine.checked import found
from engine.fakes import setup
from engine.models.chat_server import Answer, chat_server, says, wants


async def asked(memory: Memory, *answers: Answer) -> RunOutcome:
    """What comes of one event of a session when a server gives these answers."""
    async with chat_server(*answers) as server:
        llm = LlmSettings(base_url=server.url, model="tiny")
        surroundings = setup(models=open_models({}), memory=memory)
        made = runner("llm", surroundings, on_spec={"llm": llm}, prompt="Go on.", memory=True)
        return await made.run(Event(session_id="ann"))


def answers(outcome: RunOutcome) -> list[Any]:
    return [it.answer for it in outcome.entries if isinstance(it, ToolCalled)]


async def test_what_a_model_remembers_in_one_run_it_recalls_in_the_next(tmp_path: Path):
    memory = Memory(tmp_path / "memory.db")
    fact = {"name": "food", "fact": "She eats no fish."}

    first = await asked(memory, wants(("remember", fact)), says("I see."))
    by_name = await asked(memory, wants(("recall", {"about": "food"})), says("No fish."))
    by_word = await asked(memory, wants(("recall", {"about": "any fishes?"})), says("No fish."))
    nothing = await asked(memory, wants(("recall", {"about": "cars"})), says("I do not know."))

    assert answers(first) == ["food is remembered"]
    assert answers(by_name) == ["She eats no fish."]
    assert answers(by_word) == ['[{"key": "food", "value": "She eats no fish."}]']
    assert answers(nothing) == ["nothing is remembered about cars"]
    assert [it.text for it in first.entries if isinstance(it, StepNoted)] == ["remembers 'food'"]
    assert memory.session("ann").recall("food") == "She eats no fish."
    memory.close()


async def test_a_model_that_asks_for_nonsense_is_told_so(tmp_path: Path):
    memory = Memory(tmp_path / "memory.db")

    told = answers(await asked(memory, wants(("remember", {"name": 3})), says("Sorry.")))

    assert told == ["Error: ToolError: 'name' is to be a text"]
    memory.close()


def test_its_flow_must_have_a_memory_and_its_model_call_tools():
    flow = '[orchestration.sequential]\nagents = ["a"]\n[agents.a]\nprompt = "x"\nmemory = true\n'

    assert found("no-memory", flow)[0].where == "agents.a.memory"
    assert found("no-tools", flow + '[agents.a.llm]\nprovider = "local"\n[memory]\n')
