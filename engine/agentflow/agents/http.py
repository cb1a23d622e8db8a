"""HTTP agents: ask an endpoint, and put its answer into the state."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from agentflow.agents._named_host import named_host, target
from agentflow.agents._template_faults import template_faults
from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType, unset
from agentflow.errors import NotAllowedError
from agentflow.flow.flow import AgentSpec
from agentflow.problem import Fix, Problem
from agentflow.settings import Settings, asked_names
from agentflow.state import State
from agentflow.templates import fill, fill_all

# The client is imported when the first request is made: it takes longer to import than a flow
# without requests takes to run.
if TYPE_CHECKING:
    from agentflow.agents._http_exchange import Wish

__all__ = ["AGENT_TYPE", "HttpSettings"]


class HttpSettings(Settings):
    """What is asked, and what becomes of the answer."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    """How it asks: GET reads, the others send something or change something.

    These send an Idempotency-Key along, which is the same each time that this step of this run is
    called, be it after a failure or because the run was broken off: a server that knows such keys
    does a thing once. `headers` may give another.
    """
    url: str = Field(default="", json_schema_extra={"form": "template-line"})
    """Where it asks, a template over the state: "https://api.example/{{ id | urlencode }}"."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Sent along; templates. A key belongs here as a placeholder: "Bearer ${API_TOKEN}"."""
    query: dict[str, Any] = Field(default_factory=dict)
    """Added to the url behind "?"; templates."""
    body: dict[str, Any] = Field(default_factory=dict)
    """Sent as JSON; its texts are templates, and one that is just an expression its value."""
    text: str = Field(default="", json_schema_extra={"form": "template"})
    """Sent as text, instead of `body`; a template."""
    output_key: str = "response"
    """Where the answer goes."""
    answer: Literal["auto", "json", "text"] = "auto"
    """What the answer is; "auto" goes by what the server says it is."""
    accept: tuple[int, ...] = ()
    """Status codes that are answers too, beside 200 to 299: [404]. All others fail the step."""
    status_key: str = ""
    """Where the status code goes; "" keeps it out of the state."""
    private_hosts: tuple[str, ...] = ()
    """Hosts that may be on this machine or in a private network: ["printer.lan"].

    A url that names such an address itself, such as "http://127.0.0.1:8080/", needs none.
    """
    max_redirects: int = Field(default=5, ge=0, le=20)
    """How often the server may send the request elsewhere."""


def build(spec: AgentSpec, setup: AgentSetup) -> AgentHandler:
    """Make one ready to run.

    Raises:
        NotAllowedError: asking what the author wants is not allowed.
    """
    settings = spec.settings
    assert isinstance(settings, HttpSettings)
    where = f"agents.{spec.name}"
    if not setup.may_execute:
        fix = "allow it if you trust the flow"
        raise NotAllowedError(where, f"would ask {target(settings.url)}", fix)

    async def ask(state: State, call: AgentCall) -> dict[str, Any]:
        from agentflow.agents._http_exchange import exchanged  # noqa: PLC0415

        answer = await exchanged(_wish(settings, state, where, call), setup)
        told = {settings.status_key: answer.status} if settings.status_key else {}
        return {**told, settings.output_key: answer.value}

    return ask


def _wish(settings: HttpSettings, state: State, where: str, call: AgentCall) -> "Wish":
    from agentflow.agents._http_exchange import Wish  # noqa: PLC0415

    def filled(field: str) -> Any:
        return fill_all(getattr(settings, field), state, f"{where}.{field}", path=call.path)

    headers: Mapping[str, Any] = filled("headers")
    return Wish(
        where=where,
        method=settings.method,
        url=fill(settings.url, state, f"{where}.url", path=call.path).strip(),
        named_host=named_host(settings.url),
        headers={name: str(value) for name, value in headers.items()},
        query=filled("query"),
        json=filled("body") or None,
        text=fill(settings.text, state, f"{where}.text", path=call.path),
        form=settings.answer,
        accept=frozenset(settings.accept),
        key="" if settings.method == "GET" else call.key,
        private_hosts=settings.private_hosts,
        max_redirects=settings.max_redirects,
    )


def _executes(spec: AgentSpec) -> tuple[str, ...]:
    settings = spec.settings
    if not isinstance(settings, HttpSettings) or not settings.url:
        return ()
    keys = "".join(f", sends ${{{name}}}" for name in asked_names(settings))
    asked = f"HTTP: {settings.method} {target(settings.url)}{keys}"
    near = tuple(f"HTTP: may reach {it} in a private network" for it in settings.private_hosts)
    return (asked, *near)


def _writes(spec: AgentSpec) -> frozenset[str]:
    settings = spec.settings
    if not isinstance(settings, HttpSettings):
        return frozenset()
    return frozenset({settings.output_key, settings.status_key} - {""})


def _faults(spec: AgentSpec) -> tuple[Problem, ...]:
    settings = spec.settings
    if not isinstance(settings, HttpSettings):
        return ()
    fields = ("url", "headers", "query", "body", "text")
    templates = template_faults({field: getattr(settings, field) for field in fields})
    return (*_url_faults(settings.url), *_body_faults(settings), *templates)


def _url_faults(url: str) -> tuple[Problem, ...]:
    if url.startswith(("http://", "https://", "{", "${")):
        return ()
    message = f"{url!r} is no http address" if url else "no address is named that it could ask"
    fix = Fix('Name an address, such as url = "https://api.example/items"')
    return (Problem(severity="error", code="no-url", message=message, where="url", fixes=(fix,)),)


def _body_faults(settings: HttpSettings) -> tuple[Problem, ...]:
    if not (settings.body and settings.text):
        return ()
    message = "only one of body and text can be sent"
    fixes = (unset("text", "Send the body"), unset("body", "Send the text"))
    return (
        Problem(severity="error", code="two-bodies", message=message, where="text", fixes=fixes),
    )


AGENT_TYPE = AgentType(
    name="http",
    title="HTTP",
    summary="Asks an endpoint of a server for JSON or text.",
    icon="web",
    settings=HttpSettings,
    build=build,
    executes=_executes,
    writes=_writes,
    faults=_faults,
)
