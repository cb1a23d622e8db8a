"""Rules about secrets: that none stands in the file."""

import re
from collections.abc import Iterator

from agentflow.flow.flow import LlmSettings
from agentflow.flow.rules.alone import EachAgent, OneAgent
from agentflow.flow.rules.survey import Rule, Survey
from agentflow.problem import Fix, Problem
from agentflow.secret_text import holds_secret, without_secrets

__all__ = ["RULES"]

_PLACEHOLDER_ALONE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*(:\s*)?\}")
"""A placeholder whose default, if it has one, is empty: a default would be the key itself."""

_MESSAGE = "a key stands in the file, where everybody who gets the file can read it"


def key_of_the_flow(survey: Survey) -> Iterator[Problem]:
    """An api_key for all agents that is more than the name of an environment variable."""
    llm = survey.flow.llm
    if _is_secret(llm):
        instead = _placeholder(llm)
        arguments = {"field": "llm.api_key", "value": instead}
        fix = Fix(_title(instead), "set_flow", arguments)
        yield survey.of_flow("error", "secret", _MESSAGE, fix, keys=("llm", "api_key"))


def keys_of_agents(one: OneAgent) -> Iterator[Problem]:
    """The same for one agent."""
    llm = one.spec.llm
    if llm is not None and _is_secret(llm):
        instead = _placeholder(llm)
        arguments = {"name": one.name, "field": "llm.api_key", "value": instead}
        fix = Fix(_title(instead), "set_agent", arguments)
        yield one.problem("error", "secret", _MESSAGE, fix, keys=("llm", "api_key"))


def keys_in_settings(one: OneAgent) -> Iterator[Problem]:
    """What looks like somebody's key, in whatever an agent's type declares."""
    for field, value in one.spec.settings.given().items():
        if holds_secret(value):
            instead = f"${{{_variable(one.name)}}}"
            told = without_secrets(value, instead)
            arguments = {"name": one.name, "field": field, "value": told}
            fix = Fix(_title(instead), "set_agent_setting", arguments)
            yield one.problem("warning", "secret", _MESSAGE, fix, keys=(field,))


def _variable(agent: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9]+", "_", agent).strip("_").upper()
    return f"{plain}_KEY" if plain and not plain[0].isdigit() else "API_KEY"


def _is_secret(llm: LlmSettings) -> bool:
    return bool(llm.api_key) and not _PLACEHOLDER_ALONE.fullmatch(llm.api_key)


def _placeholder(llm: LlmSettings) -> str:
    """What usually holds such a key."""
    provider = re.sub(r"[^A-Za-z0-9]+", "_", llm.provider).strip("_").upper()
    name = f"{provider}_API_KEY" if provider and not provider[0].isdigit() else "API_KEY"
    return f"${{{name}}}"


def _title(placeholder: str) -> str:
    return f"Write {placeholder} instead, and keep the key in that environment variable"


RULES: tuple[Rule, ...] = (
    key_of_the_flow,
    EachAgent(keys_of_agents),
    EachAgent(keys_in_settings),
)
