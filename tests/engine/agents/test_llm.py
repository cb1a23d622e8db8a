"""Model agents, with a real client that asks a real server on loopback."""

import asyncio
from typing import Any

import pytest

from agentflow.event import Event
from agentflow.flow.flow import LlmSettings, RetryPolicy
from agentflow.models.open import open_models
from agentflow.running.outcome import RunOutcome
from agentflow.trace import StepOutput
from engine.agents.agent_alone import CATALOGUE, runner, settings, spec
from engine.checked import found
from engine.fakes import setup
from engine.models.chat_server import Answer, ChatServer, chat_server, event, refuses, says


async def asked(
    *answers: Answer, data: dict[str, Any] | None = None, **fields: Any
) -> tuple[RunOutcome, ChatServer]:
    """What comes of one event when a server gives these answers, and what it was asked."""
    on_spec = fields.pop("on_spec", {})
    async with chat_server(*answers) as server:
        llm = LlmSettings(base_url=server.url, model="tiny", **fields.pop("llm", {}))
        surroundings = setup(models=open_models({}))
        made = runner("llm", surroundings, on_spec={"llm": llm, **on_spec}, **fields)
        result = await made.run(Event(data=data or {"message": "What is salt?"}))
    return result, server


def messages(server: ChatServer) -> list[tuple[str, str]]:
    return [(it["role"], it["content"]) for it in server.asked[0].body["messages"]]


async def test_it_asks_what_the_state_says_and_answers_under_response():
    result, server = await asked(says(" A ", "mineral. "))

    assert messages(server) == [("user", "What is salt?")]
    assert result.state == {"message": "What is salt?", "response": "A mineral."}


async def test_the_answer_is_told_as_it_comes():
    result, _ = await asked(says("A ", "mineral."))

    told = [it.delta for it in result.entries if isinstance(it, StepOutput)]
    assert told == ["A ", "mineral."]


async def test_prompts_are_templates_over_the_state():
    result, server = await asked(
        says("ok"),
        data={"topic": "salt", "notes": ["white", "crystal"]},
        prompt="Write about {{ topic }}: {{ notes | join(', ') }}.",
        output_key="draft",
        on_spec={"system_prompt": "You know all about {{ topic }}."},
    )

    assert messages(server) == [
        ("system", "You know all about salt."),
        ("user", "Write about salt: white, crystal."),
    ]
    assert result.state["draft"] == "ok"


async def test_what_the_state_says_is_not_taken_for_a_template():
    _, server = await asked(says("ok"), data={"message": "{{ secret }} {% raw"})

    assert messages(server) == [("user", "{{ secret }} {% raw")]


async def test_an_answer_that_is_no_text_is_asked_about_as_json():
    _, server = await asked(says("ok"), data={"response": {"a": [1]}})

    assert "[" in messages(server)[0][1]
    assert '"a"' in messages(server)[0][1]


async def test_the_flows_settings_reach_the_model():
    llm = {"temperature": 0.3, "max_tokens": 5, "top_p": 0.5}
    _, server = await asked(says("ok"), llm=llm)

    assert {key: server.asked[0].body[key] for key in llm} == llm


async def test_it_chooses_among_labels():
    result, _ = await asked(
        says('{"label": "billing"}'),
        labels=["billing", "technical"],
        examples=[{"text": "an invoice", "label": "billing"}],
        output_key="topic",
    )

    assert result.state["topic"] == "billing"
    assert [it.delta for it in result.entries if isinstance(it, StepOutput)] == ["billing"]


@pytest.mark.parametrize(
    ("said", "number"), [('{"number": 0.75}', 0.75), ('{"number": 7}', 1), ("-2", 0), ("1", 1)]
)
async def test_it_answers_with_a_number_within_its_limits(said, number):
    result, server = await asked(says(said), number=[0, 1], output_key="score")

    assert result.state["score"] == number
    schema = server.asked[0].body["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["number"] == {"type": "number", "minimum": 0, "maximum": 1}


@pytest.mark.parametrize("said", ["seven", '{"number": "7"}', '{"number": true}', "[1]", ""])
async def test_an_answer_that_is_no_number_fails_the_step(said):
    result, _ = await asked(says(said), number=[0, 1])

    assert result.status == "failed"
    assert "no number" in result.error or "no JSON" in result.error


SCORE = {
    "type": "object",
    "properties": {"score": {"type": "integer", "maximum": 10}},
    "required": ["score"],
}


async def test_an_answer_that_does_not_fit_its_schema_is_asked_for_once_more():
    result, server = await asked(says('{"score": 11}'), says('{"score": 9}'), answer=SCORE)

    assert result.state["response"] == {"score": 9}
    *_, wrong, again = server.asked[1].body["messages"]
    assert wrong == {"role": "assistant", "content": '{"score": 11}'}
    assert "score: 11 is greater than the maximum of 10" in again["content"]


async def test_what_is_no_json_is_asked_for_once_more():
    result, _ = await asked(says("nine"), says('{"score": 9}'), answer=SCORE)

    assert result.state["response"] == {"score": 9}


async def test_an_answer_that_never_fits_fails_the_step_and_says_why():
    result, server = await asked(says("{}"), answer=SCORE)

    assert len(server.asked) == 2
    assert "does not fit its schema ('score' is a required property)" in result.error


async def test_what_a_schema_refers_to_elsewhere_is_not_fetched():
    async with chat_server(says("{}")) as elsewhere:
        result, _ = await asked(says("{}"), answer={"$ref": f"{elsewhere.url}/schema.json"})

    assert "which is not in it" in result.error
    assert elsewhere.asked == []


def test_a_schema_that_is_none_is_a_problem():
    flow = '[orchestration.sequential]\nagents = ["a"]\n[agents.a]\nsystem_prompt = "x"\n'

    assert found("bad-schema", flow + 'answer = { type = "nonsense" }')
    assert not found("bad-schema", flow + 'answer = { type = "object" }')


async def test_it_answers_with_a_value_that_fits_a_schema():
    result, server = await asked(says('{"title": ', '"Salt"}'), answer={"type": "object"})

    assert result.state["response"] == {"title": "Salt"}
    assert server.asked[0].body["response_format"]["json_schema"]["schema"] == {"type": "object"}


async def test_an_answer_that_is_cut_off_fails_the_step_with_a_fix():
    result, _ = await asked(says('{"title": '), answer={"type": "object"})

    assert result.status == "failed"
    assert "max_tokens" in result.error


async def test_with_nothing_to_ask_the_step_fails():
    result, server = await asked(says("ok"), data={"other": 1})

    assert result.status == "failed"
    assert "nothing to ask" in result.error
    assert not server.asked


async def test_a_name_that_is_not_in_the_state_fails_the_step_before_anything_is_asked():
    result, server = await asked(says("ok"), prompt="{{ tpoic }}", data={"topic": "x"})

    assert "'tpoic'" in result.error
    assert "'topic'" in result.error
    assert not server.asked


async def test_a_refusal_is_retried_as_its_policy_says():
    again = {"retry_policy": RetryPolicy(max_retries=1, base_delay_ms=0)}

    result, server = await asked(
        refuses("429 Too Many Requests", "slow down", Retry_After="0"), says("ok"), on_spec=again
    )

    assert result.state["response"] == "ok"
    assert len(server.asked) == 2


async def test_a_stopped_run_stops_the_model():
    begun = asyncio.Event()

    async def goes_on(_, writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        while True:
            writer.write(event("on and on"))
            await writer.drain()
            begun.set()
            await asyncio.sleep(0.01)

    async with chat_server(goes_on) as server:
        llm = LlmSettings(base_url=server.url)
        surroundings = setup(models=open_models({}))
        async with runner("llm", surroundings, on_spec={"llm": llm}) as started:
            handle = await started.emit(Event(data={"message": "go"}))
            await begun.wait()
            handle.cancel()
            result = await handle.outcome()
            await server.hung_up.wait()

    assert result.status == "cancelled"


def _faults(**fields: Any) -> list[str]:
    on_spec = fields.pop("on_spec", {})
    made = spec("llm", settings("llm", **fields), **on_spec)
    return [it.code for it in CATALOGUE.agent_types["llm"].faults(made)]


def test_what_its_settings_lack_is_told_before_it_runs():
    assert _faults() == ["no-prompt"]
    assert _faults(prompt="{{ message }}") == []
    assert _faults(prompt="{{ message") == ["bad-template"]
    assert _faults(on_spec={"system_prompt": "{% if %}"}) == ["bad-template"]
    example = {"text": "x", "label": "c"}
    assert _faults(labels=["a", "b"], examples=[example]) == ["unknown-label"]


def test_it_tells_which_keys_it_writes():
    writes = CATALOGUE.agent_types["llm"].writes

    assert writes(spec("llm", settings("llm", output_key="x"))) == {"x"}
    assert writes(spec("llm", settings("llm", labels=["a"]))) == {"response", "response_scores"}
