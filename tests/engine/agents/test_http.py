"""HTTP agents: real requests to a real server on loopback, and those that must not be made."""

import gzip
import json

import pytest

from agentflow.errors import NotAllowedError
from agentflow.flow.flow import RetryPolicy
from engine.agents.agent_alone import CATALOGUE, built, outcome, settings, spec
from engine.agents.web_server import Asked, Reply, web_server
from engine.checked import found
from engine.fakes import setup

KIND = CATALOGUE.agent_types["http"]


def echo(asked: Asked) -> Reply:
    return Reply({"target": asked.target, "body": asked.body.decode()})


async def test_the_answer_goes_into_the_state_as_json():
    async with web_server(lambda _: Reply({"temperature": 21, "wind": ["north", 3]})) as server:
        result = await outcome("http", {}, url=f"{server.url}/now", output_key="weather")

    assert result.error == ""
    assert result.state["weather"] == {"temperature": 21, "wind": ["north", 3]}
    assert server.asked[0].method == "GET"
    assert server.asked[0].headers["host"] == f"127.0.0.1:{server.port}"


async def test_url_query_headers_and_body_are_templates_over_the_state():
    state = {"id": "a b/c", "limit": 3, "who": "Ana"}
    async with web_server(echo) as server:
        await outcome(
            "http",
            state,
            method="POST",
            url=f"{server.url}/items/{{{{ id | urlencode }}}}",
            query={"limit": "{{ limit }}", "q": "x & {{ who }}"},
            headers={"X-Who": "{{ who }}"},
            body={"n": "{{ limit + 1 }}", "name": "{{ who }}"},
        )

    (asked,) = server.asked
    assert asked.target == "/items/a%20b/c?limit=3&q=x+%26+Ana"
    assert asked.headers["x-who"] == "Ana"
    assert json.loads(asked.body) == {"n": 4, "name": "Ana"}


async def test_a_text_is_sent_and_a_text_comes_back_in_its_own_encoding():
    def answer(asked: Asked) -> Reply:
        kind = {"Content-Type": "text/plain; charset=latin-1"}
        return Reply(asked.body.upper() + "é".encode("latin-1"), headers=kind)

    async with web_server(answer) as server:
        result = await outcome(
            "http", {"a": "x"}, method="PUT", url=server.url, text="<{{ a }}>", status_key="code"
        )

    assert result.state["response"] == "<X>é"
    assert result.state["code"] == 200


async def test_what_changes_something_has_a_key_that_is_the_same_each_time_it_is_asked():
    statuses = iter(["503 Busy", "200 OK"])
    async with web_server(lambda _: Reply("done", status=next(statuses))) as server:
        again = {"retry_policy": RetryPolicy(max_retries=1, base_delay_ms=1)}
        sent = await outcome("http", {}, method="POST", url=server.url, on_spec=again)

    first, second = (it.headers["idempotency-key"] for it in server.asked)
    assert sent.status == "succeeded"
    assert first == second
    assert first.startswith(f"{sent.run_id}:")


async def test_what_only_reads_has_no_key_and_the_flow_may_give_another():
    own = {"idempotency-key": "order {{ n }}"}
    async with web_server(echo) as server:
        await outcome("http", {}, url=server.url)
        await outcome("http", {"n": 7}, method="PUT", url=server.url, headers=own)

    read, changed = (it.headers for it in server.asked)
    assert "idempotency-key" not in read
    assert changed["idempotency-key"] == "order 7"


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"X-Said": "{{ said }}"}, "'X-Said'"),
        ({"X-Price": "5 €"}, "'X-Price'"),
        ({"X Two": "words"}, "'X Two'"),
    ],
)
async def test_what_no_header_can_hold_fails_the_step_and_names_the_header(headers, named):
    async with web_server(echo) as server:
        result = await outcome("http", {"said": "a\nX-Evil: 1"}, url=server.url, headers=headers)

    assert f"its header {named} holds what no header can" in result.error
    assert server.asked == []


async def test_another_status_fails_the_step_and_says_what_the_server_said():
    async with web_server(lambda _: Reply("no such\nthing", status="404 Not Found")) as server:
        result = await outcome("http", {}, url=server.url)

    assert result.status == "failed"
    assert "answered 404 Not Found (no such thing)" in result.error
    assert "check its url" in result.error


async def test_a_status_that_is_accepted_is_an_answer():
    async with web_server(lambda _: Reply({"error": "none"}, status="404 Not Found")) as server:
        result = await outcome("http", {}, url=server.url, accept=[404], status_key="status")

    assert result.state["response"] == {"error": "none"}
    assert result.state["status"] == 404


async def test_what_is_no_json_where_json_is_wanted_fails():
    async with web_server(lambda _: Reply("<html>")) as server:
        result = await outcome("http", {}, url=server.url, answer="json")

    assert "no JSON ('<html>')" in result.error


async def test_an_answer_without_end_is_cut_off_while_it_comes():
    many = b"x" * (5 * 1024 * 1024)
    async with web_server(lambda _: Reply(many)) as server:
        result = await outcome("http", {}, url=server.url)

    assert "longer than 4 MB" in result.error


async def test_few_packed_bytes_do_not_become_many():
    packed = gzip.compress(b"0" * 50_000_000)
    async with web_server(lambda _: Reply(packed, headers={"Content-Encoding": "gzip"})) as server:
        result = await outcome("http", {}, url=server.url)

    assert "longer than 4 MB" in result.error


async def test_an_answer_that_is_packed_unasked_is_unpacked():
    packed = gzip.compress(b"hello")
    async with web_server(lambda _: Reply(packed, headers={"Content-Encoding": "gzip"})) as server:
        result = await outcome("http", {}, url=server.url)

    assert result.state["response"] == "hello"


async def test_a_server_that_is_not_there_fails_the_step():
    async with web_server(echo) as server:
        pass
    result = await outcome("http", {}, url=server.url)

    assert "cannot be reached" in result.error


async def test_a_redirect_is_followed_and_keeps_the_key_on_the_same_host():
    def answer(asked: Asked) -> Reply:
        if asked.target == "/old":
            return Reply(status="302 Found", headers={"Location": "/new"})
        return Reply({"key": asked.headers.get("authorization")})

    async with web_server(answer) as server:
        result = await outcome(
            "http", {}, url=f"{server.url}/old", headers={"Authorization": "Bearer k"}
        )

    assert result.state["response"] == {"key": "Bearer k"}


async def test_a_redirect_to_another_host_takes_no_key_along():
    async with web_server(lambda asked: Reply(asked.headers)) as other:
        there = {"Location": f"{other.url}/new"}
        async with web_server(lambda _: Reply(status="302 Found", headers=there)) as server:
            result = await outcome(
                "http",
                {},
                url=f"{server.url}/old",
                headers={"Authorization": "Bearer k", "X-Api-Key": "k"},
            )

    assert "authorization" not in result.state["response"]
    assert "x-api-key" not in result.state["response"]


async def test_a_redirect_takes_no_body_to_another_host():
    async with web_server(echo) as other:
        there = {"Location": other.url}
        async with web_server(lambda _: Reply(status="307 Again", headers=there)) as server:
            result = await outcome("http", {}, url=server.url, method="POST", text="secret")

    assert "to another host" in result.error
    assert other.asked == []


async def test_redirects_in_a_circle_end():
    there = {"Location": "/again"}
    async with web_server(lambda _: Reply(status="302 Found", headers=there)) as server:
        result = await outcome("http", {}, url=server.url, max_redirects=3)

    assert "more than 3 times" in result.error
    assert len(server.asked) == 4


async def test_a_redirect_to_a_private_host_that_nobody_named_is_refused():
    async with web_server(echo) as inner:
        there = {"Location": f"http://localhost:{inner.port}/"}
        async with web_server(lambda _: Reply(status="302 Found", headers=there)) as server:
            result = await outcome("http", {}, url=server.url)

    assert "private_hosts" in result.error
    assert inner.asked == []


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "①②⑦.0.0.1", "localhost"),
        *("[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "0.0.0.0"),
        *("169.254.169.254", "[fe80::1]", "localhost.", "LOCALHOST"),
    ],
)
async def test_no_spelling_of_this_machine_is_reached_unless_the_flow_names_it(host: str):
    async with web_server(echo) as server:
        result = await outcome("http", {"at": f"http://{host}:{server.port}/"}, url="{{ at }}")

    assert result.status == "failed"
    assert server.asked == []


async def test_a_host_that_the_flow_names_as_private_is_reached():
    async with web_server(echo) as server:
        state = {"at": f"http://localhost:{server.port}/x"}
        result = await outcome("http", state, url="{{ at }}", private_hosts=["localhost"])

    assert result.state["response"]["target"] == "/x"


async def test_link_local_addresses_hold_a_machines_keys_and_are_never_reached():
    named = await outcome("http", {}, url="http://169.254.169.254/latest/meta-data")
    listed = await outcome(
        "http", {}, url="http://169.254.169.254/", private_hosts=["169.254.169.254"]
    )

    assert "no flow may reach" in named.error
    assert "no flow may reach" in listed.error


@pytest.mark.parametrize(
    "id_", ["@evil.example/", "\\@evil.example", "/../..//evil.example", "?#@"]
)
async def test_what_the_state_says_cannot_lead_away_from_the_host_that_is_named(id_: str):
    async with web_server(echo) as server:
        result = await outcome("http", {"id": id_}, url=f"{server.url}/{{{{ id }}}}")

    assert result.error == ""
    assert len(server.asked) == 1


async def test_a_password_in_the_url_is_refused():
    result = await outcome("http", {}, url="http://ana:secret@127.0.0.1/")

    assert "a name or password" in result.error
    assert "secret" not in result.error


async def test_a_key_from_the_environment_reaches_the_server_and_no_error():
    environ = setup(environ={"TOKEN": "s3cret-token"})
    async with web_server(lambda asked: Reply(str(asked.headers), status="500 No")) as server:
        result = await outcome(
            "http", {}, environ, url=server.url, headers={"Authorization": "Bearer ${TOKEN}"}
        )

    assert server.asked[0].headers["authorization"] == "Bearer s3cret-token"
    assert "s3cret-token" not in repr(result)


def test_asking_is_refused_where_nothing_may_be_executed():
    with pytest.raises(NotAllowedError, match=r"would ask https://api\.example/"):
        built("http", setup(may_execute=False), url="https://api.example/x")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"url": "https://api.example/a/{{ b }}"}, ("HTTP: GET https://api.example/",)),
        (
            {"url": "http://[::1]:80/", "method": "PUT"},
            ("HTTP: PUT http://[::1]:80/",),
        ),
        (
            {"url": "https://api.example{{ more }}"},
            ("HTTP: GET an address that is known only when it runs",),
        ),
        (
            {"url": "https://a.example/", "headers": {"Key": "${B} ${A}"}},
            ("HTTP: GET https://a.example/, sends ${A}, sends ${B}",),
        ),
        (
            {"url": "{{ at }}", "private_hosts": ["nas.lan"]},
            (
                "HTTP: GET an address that is known only when it runs",
                "HTTP: may reach nas.lan in a private network",
            ),
        ),
    ],
)
def test_a_person_is_told_which_host_is_asked_and_which_keys_it_gets(fields, told):
    assert KIND.executes(spec("http", settings("http", **fields))) == told


def test_an_agent_without_an_address_or_with_two_bodies_has_problems():
    flow = '[orchestration.sequential]\nagents = ["a"]\n[agents.a]\ntype = "http"\n'

    assert found("no-url", flow)
    assert found("no-url", flow + 'url = "ftp://x/"')
    assert found("two-bodies", flow + 'url = "http://x/"\ntext = "a"\nbody = { b = 1 }')
    assert found("bad-template", flow + 'url = "http://x/{{ a"')
