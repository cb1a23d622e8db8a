"""Prompts: texts that are taken as they are written elsewhere, and are templates here."""

from typing import Any

from agentflow.flow.dialects.base import Said
from agentflow.flow.where import Keys

__all__ = ["looks_like_template", "quote_prompt", "unquoted"]

_RAW, _ENDRAW = "{% raw %}", "{% endraw %}"
"""Around a text that is no template, though it looks like one."""


def looks_like_template(text: str) -> bool:
    """Whether a template's engine would find anything to do in a text."""
    return any(sign in text for sign in ("{{", "{%", "{#"))


def quote_prompt(said: Said, keys: Keys, agent: dict[str, Any]) -> None:
    """Let an agent's `system_prompt` mean what it says.

    Args:
        said: gets told.
        keys: where the agent stands.
        agent: its table.
    """
    prompt = agent.get("system_prompt")
    if isinstance(prompt, str) and looks_like_template(prompt):
        # What would end the quotation stands apart in it.
        agent["system_prompt"] = _RAW + prompt.replace("{%", "{" + _ENDRAW + _RAW + "%") + _ENDRAW
        what = "is quoted, because it looks like a template and is none there"
        said.translated((*keys, "system_prompt"), what)


def unquoted(prompt: str) -> str:
    """A prompt as it was before it was quoted; one that was not stays as it is."""
    if prompt.startswith(_RAW) and prompt.endswith(_ENDRAW):
        return prompt[len(_RAW) : -len(_ENDRAW)].replace(_ENDRAW + _RAW, "")
    return prompt
