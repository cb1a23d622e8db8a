"""What AgenticGoKit's core loader makes of a file, and what its checks say: written after its code.

The loader is `core/config.go` of AgenticGoKit 0.5.1: kinds of values, defaults, inheritance of
[llm]. The rules are `ValidateOrchestrationConfig`, the orchestrator factory, and the rule on
members of its config validator. Nothing here knows of the exporter.
"""

import tomllib
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["GoConfig", "assert_same", "broken_rules", "loaded"]

Text = Annotated[str, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True)]  # strict floats take whole numbers, as Go does
Truth = Annotated[bool, Field(strict=True)]


class GoTable(BaseModel):
    """Unknown keys are ignored; a value of another kind refuses the file."""

    model_config = ConfigDict(extra="ignore")


class AgentFlow(GoTable):
    name: Text = ""
    version: Text = ""
    provider: Text = ""


class Llm(GoTable):
    provider: Text = ""
    model: Text = ""
    temperature: Number = 0
    max_tokens: Whole = 0
    timeout_seconds: Whole = 0
    top_p: Number = 0
    frequency_penalty: Number = 0
    presence_penalty: Number = 0


class RetryPolicy(GoTable):
    max_retries: Whole = 0
    base_delay_ms: Whole = 0
    max_delay_ms: Whole = 0
    backoff_factor: Number = 0


class RateLimit(GoTable):
    requests_per_second: Whole = 0
    burst_size: Whole = 0


class Agent(GoTable):
    role: Text = ""
    description: Text = ""
    system_prompt: Text = ""
    capabilities: list[Text] = []
    enabled: Truth = False
    auto_llm: Truth = False
    metadata: dict[Text, Text] = {}
    timeout_seconds: Whole = 0
    llm: Llm | None = None
    retry_policy: RetryPolicy | None = None
    rate_limit: RateLimit | None = None


class Orchestration(GoTable):
    mode: Text = ""
    timeout_seconds: Whole = 0
    max_iterations: Whole = 0
    sequential_agents: list[Text] = []
    collaborative_agents: list[Text] = []
    loop_agent: Text = ""


class Memory(GoTable):
    provider: Text = ""
    connection: Text = ""
    max_results: Whole = 0
    auto_embed: Truth = False


class Server(GoTable):
    name: Text = ""
    type: Text = ""
    host: Text = ""
    port: Whole = 0
    command: Text = ""
    endpoint: Text = ""
    enabled: Truth = False


class Mcp(GoTable):
    enabled: Truth = False
    enable_discovery: Truth = False
    transport: Text = ""
    max_retries: Whole = 0
    servers: list[Server] = []


class Logging(GoTable):
    level: Text = "info"
    format: Text = "json"


class Runtime(GoTable):
    max_concurrent_agents: Whole = 10
    timeout_seconds: Whole = 30


class GoConfig(GoTable):
    agent_flow: AgentFlow = AgentFlow()
    llm: Llm = Llm()
    logging: Logging = Logging()
    runtime: Runtime = Runtime()
    agents: dict[Text, Agent] = {}
    orchestration: Orchestration = Orchestration()
    agent_memory: Memory = Memory()
    mcp: Mcp = Mcp()
    providers: dict[Text, dict[str, Any]] = {}


def loaded(text: str) -> GoConfig:
    """The file as Go has it once its defaults are applied.

    Raises:
        tomllib.TOMLDecodeError: it is not TOML.
        pydantic.ValidationError: Go would refuse a value.
    """
    config = GoConfig.model_validate(tomllib.loads(text))
    llm = config.llm
    llm.provider = llm.provider or config.agent_flow.provider
    llm.temperature = llm.temperature or 0.7
    llm.max_tokens = llm.max_tokens or 800
    llm.timeout_seconds = llm.timeout_seconds or 30
    config.agent_flow.provider = ""  # Nothing but the default of [llm] reads it.
    config.agent_flow.name = config.agent_flow.name or "default-agent"
    for name, agent in config.agents.items():
        agent.role = agent.role or f"{name}_agent"
        agent.description = agent.description or f"Agent for {name}"
        agent.timeout_seconds = agent.timeout_seconds or 30
        agent.llm = _inherited(agent.llm or Llm(), llm)
    return config


def _inherited(own: Llm, usual: Llm) -> Llm:
    told = {key: value for key, value in own.model_dump().items() if value}
    return Llm.model_validate({**usual.model_dump(), **told})


def broken_rules(config: GoConfig) -> list[str]:
    """What the check of [orchestration], the orchestrator factory and the member rule find."""
    return [*_orchestration(config.orchestration), *_members(config)]


def _orchestration(told: Orchestration) -> Iterator[str]:
    if told.mode not in ("route", "collaborative", "sequential", "loop", "mixed"):
        yield f"mode {told.mode!r}"
    if told.timeout_seconds <= 0:
        yield "timeout_seconds must be positive"
    if told.mode == "sequential" and not told.sequential_agents:
        yield "sequential needs sequential_agents"
    if told.mode == "loop" and not told.loop_agent:
        yield "loop needs loop_agent"
    if told.mode == "loop" and told.max_iterations <= 0:
        yield "max_iterations must be positive"
    if told.mode == "mixed" and not (told.sequential_agents or told.collaborative_agents):
        yield "mixed needs one of the two lists"


def _members(config: GoConfig) -> Iterator[str]:
    told = config.orchestration
    named = [*told.sequential_agents, *told.collaborative_agents]
    for name in [*named, told.loop_agent] if told.loop_agent else named:
        if name not in config.agents:
            yield f"agent {name!r} not found"
        elif not config.agents[name].enabled:
            yield f"agent {name!r} is disabled"


def assert_same(before: GoConfig, after: GoConfig, told: set[str]) -> None:
    """Both say the same, but for agents that are not enabled and so never ran."""
    lists = before.orchestration
    off = {name for name, agent in before.agents.items() if not agent.enabled}
    named = {*lists.sequential_agents, *lists.collaborative_agents, lists.loop_agent}
    assert {f"agents.{name}" for name in off & named} <= {it.replace('"', "") for it in told}
    expected = before.model_copy(deep=True)
    in_line = [it for it in lists.sequential_agents if it not in off]
    together = [it for it in lists.collaborative_agents if it not in off]
    expected.orchestration.sequential_agents = in_line
    expected.orchestration.collaborative_agents = together
    if lists.mode == "collaborative":
        for name in expected.agents.keys() - {*lists.collaborative_agents}:
            expected.agents[name].enabled = False  # Told on import: there it took part unlisted.
    if lists.mode == "mixed" and not together and in_line:
        expected.orchestration.mode = "sequential"
    if lists.mode != "route" and after.orchestration.mode == "route":
        assert [*in_line, *together, *{lists.loop_agent} - off - {""}] == []
        expected.orchestration = after.orchestration
    assert after == expected
