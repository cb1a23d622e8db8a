"""HTTP exchanges: one request with its redirects, and what comes of it."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from agentflow.agents._addresses import is_plainly_private
from agentflow.agents._checked_transport import CheckedTransport
from agentflow.agents._http_answer import AnswerForm, answer_value, read_body
from agentflow.agents.base import AgentSetup
from agentflow.concurrency.threads import in_thread
from agentflow.errors import NotAllowedError, ToolError

__all__ = ["Answer", "Wish", "exchanged"]

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 60.0
"""How long a server may say nothing; the whole answer may take longer."""

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FIXES = {401: "check its key", 403: "check its key", 404: "check its url", 429: "wait"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an agent asks, all templates filled in."""

    where: str
    """Whose wish it is, for errors: "agents.weather"."""
    method: str
    url: str
    named_host: str
    """The host that the flow names, and that this has to go to; "" for any."""
    headers: Mapping[str, str]
    query: Mapping[str, Any]
    json: Any
    """What is sent as JSON; None for nothing."""
    text: str
    key: str
    """The same for each time that this is asked; "" where that changes nothing."""
    form: AnswerForm
    accept: frozenset[int]
    private_hosts: tuple[str, ...]
    max_redirects: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    value: Any


async def exchanged(wish: Wish, setup: AgentSetup) -> Answer:
    """Ask, follow redirects, and read the answer.

    Raises:
        NotAllowedError: it would go where it must not.
        ToolError: the server is not there, refuses, or answers what cannot be used.
    """
    async with httpx.AsyncClient(transport=await _transport(wish, setup), trust_env=False) as http:
        try:
            response = await _answered(http, _request(http, wish), wish)
            try:
                return Answer(response.status_code, await _value(response, wish))
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _failed(error) from error


async def _transport(wish: Wish, setup: AgentSetup) -> Any:
    """Connections of this exchange's own: nothing is left over for another host on the address."""
    if "http" not in setup.shared:
        setup.shared["http"] = await in_thread(httpx.create_ssl_context)
    trusted: ssl.SSLContext = setup.shared["http"]
    inner = httpx.AsyncHTTPTransport(verify=trusted, trust_env=False)
    near = (wish.named_host,) if is_plainly_private(wish.named_host) else ()
    return CheckedTransport(inner, where=wish.where, private_hosts=(*wish.private_hosts, *near))


def _request(http: httpx.AsyncClient, wish: Wish) -> httpx.Request:
    try:
        url = httpx.URL(wish.url)
    except httpx.InvalidURL as error:
        raise ToolError(f"its url is none ({error})", fix="mend the template of its url") from None
    _check(url, wish)
    query = {name: value for name, value in wish.query.items() if value is not None}
    return http.build_request(
        wish.method,
        url.copy_merge_params(query) if query else url,
        headers=_headers(wish),
        json=wish.json,
        content=wish.text or None if wish.json is None else None,
        timeout=httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
    )


def _headers(wish: Wish) -> httpx.Headers:
    headers = httpx.Headers({"Accept-Encoding": "identity", "User-Agent": "agentflow"})
    if wish.key:
        headers["Idempotency-Key"] = wish.key
    for name, value in wish.headers.items():
        if not (_HEADER_NAME.fullmatch(name) and value.isascii() and value.isprintable()):
            what = f"its header {name!r} holds what no header can: a line's end, or no plain letter"
            raise ToolError(what, fix="mend it, or what the state or the environment says there")
        headers[name] = value
    return headers


def _check(url: httpx.URL, wish: Wish) -> None:
    if url.scheme not in ("http", "https") or not url.host:
        raise NotAllowedError(wish.where, "its url is no http address", "begin it with https://")
    if url.userinfo:
        fix = "send them in a header, from the environment"
        raise NotAllowedError(wish.where, "its url holds a name or password", fix)
    if wish.named_host and url.host.lower() != wish.named_host:
        what = f"its url leads to {url.host!r} instead of {wish.named_host!r}, which the flow names"
        raise NotAllowedError(wish.where, what, "pass what the state says through urlencode")


async def _answered(http: httpx.AsyncClient, request: httpx.Request, wish: Wish) -> httpx.Response:
    """The first answer that is no redirect."""
    for _ in range(wish.max_redirects + 1):
        response = await http.send(request, stream=True)
        following = response.next_request
        if following is None:
            return response
        await response.aclose()
        _forget_secrets(following, request, wish)
        request = following
    what = f"the server redirected more than {wish.max_redirects} times"
    raise ToolError(what, fix="name the last address, or raise max_redirects")


def _forget_secrets(following: httpx.Request, request: httpx.Request, wish: Wish) -> None:
    """What the flow's author sends to one host is none of another's business."""
    before, after = request.url, following.url
    if (before.scheme, before.host, before.port) == (after.scheme, after.host, after.port):
        return
    if following.method != "GET":
        what = f"the server sends what it was told on to another host ({after.host!r})"
        raise ToolError(what, fix="name that host in the url, if that is meant")
    for name in (*wish.headers, "authorization", "cookie", "idempotency-key"):
        following.headers.pop(name, None)


async def _value(response: httpx.Response, wish: Wish) -> Any:
    body = await read_body(response)
    if not response.is_success and response.status_code not in wish.accept:
        said = " ".join(body[:2000].decode("utf-8", "replace").split())[:200]
        code = response.status_code
        what = f"the server answered {code} {response.reason_phrase}".rstrip()
        fix = _FIXES.get(code, f"mend what is asked, or take it: accept = [{code}]")
        raise ToolError(what + (f" ({said})" if said else ""), fix=fix)
    return answer_value(response, body, wish.form)


def _failed(error: Exception) -> ToolError:
    if isinstance(error, httpx.TimeoutException):
        return ToolError("the server did not answer in time", fix="run the step again")
    if isinstance(error, httpx.ConnectError):
        return ToolError("the server cannot be reached", fix="start it, or check the url")
    if isinstance(error, httpx.InvalidURL):
        return ToolError(f"an address is none ({error})", fix="check the url")
    return ToolError(f"the exchange broke off ({type(error).__name__})", fix="run the step again")
