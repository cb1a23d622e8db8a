"""Trust in models: what a model agent sends where its author, and not its user, chose."""

from collections.abc import Iterator

from agentflow.agents._named_host import named_origin, target
from agentflow.flow.flow import AgentSpec, LlmSettings
from agentflow.models.addresses import BASE_URLS
from agentflow.settings import Settings, asked_names

__all__ = ["model_asked"]


def model_asked(spec: AgentSpec, settings: Settings) -> tuple[str, ...]:
    """What of its asking a model a person has to agree to, in one line or none.

    Args:
        spec: the agent, with all that is said of its model.
        settings: what its type declares, as far as the model may come to read it.

    Nothing has to be agreed to where the model is the local one, or a known provider's at its own
    address that gets no variable of the environment but such as are plainly meant for it.
    """
    llm = spec.llm or LlmSettings()
    if llm.provider == "local" or not (llm.provider or llm.base_url):
        return ()
    provider = _at_home(llm)
    if not provider:
        return (f"Model: POST {target(llm.base_url)}{_sends(_names(spec, settings, llm))}",)
    odd = sorted(set(_odd_names(spec, settings, llm, provider)))
    where = named_origin(llm.base_url or BASE_URLS.get(provider, ""))
    return (f"Model: POST {where or provider}/{_sends(odd)}",) if odd else ()


def _at_home(llm: LlmSettings) -> str:
    """The provider whose own address is asked; "" where the file names another."""
    if not llm.base_url:
        return llm.provider
    asked = named_origin(llm.base_url)
    return next((name for name, url in BASE_URLS.items() if named_origin(url) == asked), "")


def _names(spec: AgentSpec, settings: Settings, llm: LlmSettings) -> tuple[str, ...]:
    """The variables that are sent: all texts of an agent may come to be read by its model."""
    return asked_names([spec.system_prompt, settings, llm])


def _odd_names(
    spec: AgentSpec, settings: Settings, llm: LlmSettings, provider: str
) -> Iterator[str]:
    """The variables whose names do not say that they are the provider's, or a model's name."""
    named = _plain(provider)
    for name in asked_names([spec.system_prompt, settings, llm.base_url, llm.api_key]):
        if named not in _plain(name):
            yield name
    for name in asked_names([llm.provider, llm.model]):
        if named not in _plain(name) and not {"MODEL", "PROVIDER"} & set(name.upper().split("_")):
            yield name


def _plain(name: str) -> str:
    return name.upper().replace("_", "")


def _sends(names: tuple[str, ...] | list[str]) -> str:
    return "".join(f", sends ${{{name}}}" for name in names)
