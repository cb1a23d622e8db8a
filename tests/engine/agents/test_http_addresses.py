"""The addresses that requests may go to, and that they go to those very ones."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from agentflow.agents._addresses import allowed_addresses, is_plainly_private
from agentflow.agents._checked_transport import CheckedTransport
from agentflow.errors import NotAllowedError, ToolError
from engine.agents.web_server import Reply, web_server


class NameServer:
    """Answers with one list of addresses after the other."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


async def verdict(address: str, *private: str) -> str:
    try:
        await allowed_addresses("a.test", 80, private, "x", NameServer([address]))
    except NotAllowedError as error:
        return "never" if "no flow may reach" in str(error) else "private"
    return "public"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", "public"),
        ("2606:2800:220:1::1", "public"),
        ("127.0.0.1", "private"),
        ("127.255.255.254", "private"),
        ("10.1.2.3", "private"),
        ("172.31.0.1", "private"),
        ("192.168.1.1", "private"),
        ("100.64.0.1", "private"),
        ("::1", "private"),
        ("fd12::1", "private"),
        ("::ffff:127.0.0.1", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("::127.0.0.1", "private"),
        ("64:ff9b::7f00:1", "private"),
        ("64:ff9b:1::10.0.0.1", "private"),
        ("2002:7f00:1::", "private"),
        ("2002:c0a8:101::", "private"),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", "private"),
        ("0.0.0.0", "never"),
        ("::", "never"),
        ("169.254.169.254", "never"),
        ("100.100.100.200", "never"),
        ("fd00:ec2::254", "never"),
        ("fe80::1", "never"),
        ("fe80::1%eth0", "never"),
        ("::ffff:169.254.169.254", "never"),
        ("64:ff9b::a9fe:a9fe", "never"),
        ("2002:a9fe:a9fe::", "never"),
        ("224.0.0.1", "never"),
        ("255.255.255.255", "never"),
        ("ff02::1", "never"),
    ],
)
async def test_an_address_is_judged_by_where_it_leads(address: str, expected: str):
    assert await verdict(address) == expected


async def test_a_private_host_that_is_named_may_be_reached_and_a_forbidden_one_not():
    assert await verdict("10.1.2.3", "A.test.") == "public"
    assert await verdict("169.254.169.254", "a.test") == "never"


async def test_one_bad_address_among_good_ones_is_one_too_many():
    mixed = NameServer(["93.184.216.34", "127.0.0.1"])

    with pytest.raises(NotAllowedError):
        await allowed_addresses("a.test", 80, (), "x", mixed)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        *(("localhost", True), ("127.0.0.1", True), ("::1", True), ("10.0.0.7", True)),
        *(("127.1", False), ("nas.lan", False), ("93.184.216.34", False)),
        ("169.254.1.1", False),
    ],
)
def test_only_a_host_that_says_so_is_plainly_private(host: str, expected: bool):
    assert is_plainly_private(host) is expected


async def test_the_request_goes_to_the_address_that_was_judged_under_the_name_that_was_asked():
    names = NameServer(["127.0.0.1"])
    async with web_server(lambda asked: Reply(asked.headers["host"])) as server:
        inner = httpx.AsyncHTTPTransport()
        transport: Any = CheckedTransport(inner, where="x", private_hosts=["a.test"], find=names)
        async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
            answer = await http.get(f"http://a.test:{server.port}/")

    assert answer.text == f"a.test:{server.port}"
    assert answer.url.host == "a.test"
    assert names.asked == ["a.test"]


async def test_a_name_that_changes_its_address_after_it_was_judged_gains_nothing():
    names = NameServer(["93.184.216.34"], ["127.0.0.1"])
    connected: list[str] = []

    class Noted(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            connected.append(request.url.host)
            return httpx.Response(200)

    transport: Any = CheckedTransport(Noted(), where="x", find=names)
    async with httpx.AsyncClient(transport=transport) as http:
        await http.get("http://a.test/")
        with pytest.raises(NotAllowedError):
            await http.get("http://a.test/")

    assert connected == ["93.184.216.34"]


async def test_the_certificate_is_asked_of_the_name_and_not_of_the_address():
    seen: list[Any] = []

    class Noted(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(request.extensions["sni_hostname"])
            return httpx.Response(200)

    transport: Any = CheckedTransport(Noted(), where="x", find=NameServer(["93.184.216.34"]))
    async with httpx.AsyncClient(transport=transport) as http:
        await http.get("https://a.test/")

    assert seen == ["a.test"]


async def test_a_second_address_is_tried_where_the_first_cannot_be_reached():
    names = NameServer(["::1", "127.0.0.1"])
    async with web_server(lambda _: Reply("here")) as server:
        inner = httpx.AsyncHTTPTransport()
        transport: Any = CheckedTransport(inner, where="x", private_hosts=["a.test"], find=names)
        async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
            answer = await http.get(f"http://a.test:{server.port}/")

    assert answer.text == "here"


async def test_a_host_that_is_nowhere_is_told():
    async def nowhere(host: str, port: int) -> Sequence[str]:
        raise OSError("unknown")

    with pytest.raises(ToolError, match=r"no host 'a\.test'"):
        await allowed_addresses("a.test", 80, (), "x", nowhere)
