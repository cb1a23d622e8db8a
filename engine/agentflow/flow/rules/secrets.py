"""Rules about secrets: that none stands in the file."""

import re
from collections.abc import Iterator

from agentflow.flow.flow import LlmSettings
from agentflow.flow.rules.survey import Rule, Survey
from agentflow.problem import Fix, Problem

__all__ = ["RULES"]

_PLACEHOLDER_ALONE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*(:\s*)?\}")
"""A placeholder whose default, if it has one, is empty: a default would be the key itself."""

_MESSAGE = "a key stands in the file, where everybody who gets the file can read it"


def keys_in_the_file(survey: Survey) -> Iterator[Problem]:
    """An api_key that is more than the name of an environment variable."""
    if _is_secret(survey.flow.llm):
        llm, name = _without_key(survey.flow.llm)
        fix = Fix(_title(name), "set_flow", {"field": "llm", "value": llm})
        yield survey.of_flow("error", "secret", _MESSAGE, fix, keys=("llm", "api_key"))
    for agent, spec in survey.flow.agents.items():
        if spec.llm is not None and _is_secret(spec.llm):
            llm, name = _without_key(spec.llm)
            arguments = {"name": agent, "field": "llm", "value": llm}
            fix = Fix(_title(name), "set_agent", arguments)
            yield survey.of_agent(agent, "error", "secret", _MESSAGE, fix, keys=("llm", "api_key"))


def _is_secret(llm: LlmSettings) -> bool:
    return bool(llm.api_key) and not _PLACEHOLDER_ALONE.fullmatch(llm.api_key)


def _without_key(llm: LlmSettings) -> tuple[LlmSettings, str]:
    """The same settings with a placeholder for the key, and that placeholder."""
    provider = re.sub(r"[^A-Za-z0-9]+", "_", llm.provider).strip("_").upper()
    placeholder = f"${{{provider}_API_KEY}}" if provider else "${API_KEY}"
    return llm.model_copy(update={"api_key": placeholder}), placeholder


def _title(placeholder: str) -> str:
    return f"Write {placeholder} instead, and keep the key in that environment variable"


RULES: tuple[Rule, ...] = (keys_in_the_file,)
