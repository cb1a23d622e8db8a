"""A thousand files that were made to hurt whoever reads them, the same ones every time."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
COUNT = 1000

MIB = 1 << 20

WHOLE = """\
[agent_flow]
name = "whole"
version = "1.0.0"
description = "says everything that can be said"

[orchestration]
mode = "mixed"
timeout = "2m"
max_concurrency = 5
failure_threshold = 0.3
max_hops = 10

[[orchestration.mixed.stages]]
name = "research"
mode = "collaborative"
agents = ["one", ["two", "three"]]
timeout = "60s"
agent_timeout = "10s"
merge = { score = "max" }

[[orchestration.mixed.stages]]
name = "refine"
mode = "loop"
agents = ["one", "polish"]
max_iterations = 5
condition = "score >= 0.9"
check = "after"
on_exhausted = "fail"

[[orchestration.mixed.stages]]
name = "deliver"
mode = "route"
default = ["three"]
[[orchestration.mixed.stages.cases]]
name = "question"
when = "kind == 'question'"
agents = ["two"]

[orchestrators.polish]
mode = "sequential"
agents = ["two", "three"]

[llm]
provider = "openai"
model = "some"
temperature = 0.5
base_url = "http://127.0.0.1:9/v1"
api_key = "${A_KEY}"

[agents.one]
type = "scripted"
delay = "1ms"
output = { score = 1.0, text = "{{ message }}" }
timeout = "5s"
metadata = { a = [1, 2] }

[agents.one.retry_policy]
max_retries = 2
base_delay_ms = 10

[agents.one.rate_limit]
requests_per_second = 2.5
burst_size = 2

[agents.two]
type = "python"
call = "payload:boom"
params = { deep = { er = 1 } }

[agents.three]
type = "llm"
system_prompt = "You are {{ role }}."
role = "a writer"
enabled = true
on_error = "continue"

[agents.three.llm]
temperature = 1

[editor]
parked = [["two"]]

[editor.nodes]
"research" = [0, 0]
"research/one" = [160, 120]
"""

WRONG = (
    *("[]", "{}", '""', "0", "-1", "1.5", "true", "nan", "inf", "-inf", "1979-05-27T07:32:00Z"),
    *("07:32:00", "1979-05-27", "9223372036854775807", "0xffffffffffffffffffff", "1e400"),
    *('"${NOT_SET}"', '"\\u0000"', '"\\u202egnp.exe"', "[[[[[[1]]]]]]", '{ a = { b = "c" } }'),
    *('[1, "a", [], {}]', '"<img src=file:///etc/passwd>"', '"' + "x" * 5000 + '"'),
)

CONDITIONS = (
    "(" * 5000 + "1" + ")" * 5000,
    "!" * 9000 + "true",
    "-" * 9000 + "1 == 1",
    " || ".join(["a == 1"] * 20_000),
    "[" * 3000 + "]" * 3000,
    "'" + "a" * 200_000 + "'.matches('(a+)+$')",
    "'" + "a" * 60 + "!'.matches('^(([a-z])+.)+[A-Z]([a-z])+$')",
    "[1,2,3].map(a, [1,2,3].map(b, [1,2,3].map(c, [1,2,3].map(d, a))))",
    "__import__('os').system('true')",
    "a.__class__.__mro__[1].__subclasses__()",
    "x" * 300_000,
    "a ? b : " * 5000 + "c",
    "9" * 100_000 + " == 1",
    "1e999999 > 1.0",
    "'\\ud800' == 'a'",
    "",
    "\t",
)

TEMPLATES = (
    "{{ 'x' * 10**12 }}",
    "{% for a in range(10**9) %}{% for b in range(10**9) %}x{% endfor %}{% endfor %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.system('true') }}",
    "{% include '/etc/passwd' %}{% import 'os' as os %}{% extends 'x' %}",
    "{{" * 3000,
    "{% if a %}" * 3000,
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{{ " + "a." * 20_000 + "a }}",
    "{{ " + "-" * 20_000 + "1 }}",
    "{{ 9" + "9" * 50_000 + " }}",
    "{% raw %}" + "{" * 100_000,
)

NAMES = (
    *(
        "",
        " ",
        "/",
        "a/b",
        "a#b",
        "a~b",
        "a|b",
        "..",
        "../../etc/passwd",
        "C:\\\\con",
        "\\n",
        "\\t",
    ),
    *(
        "\\u001b[2J",
        "\\u0000",
        "\\u202e",
        "\\u0085",
        "\\u2028",
        "<b>x</b>",
        "&amp;",
        "]]>",
        "`;$(x)",
    ),
    *("x" * 200, "x" * 201, "x" * 100_000, "\U0001f4a9" * 50, "e\\u0301" * 90, "end", "__class__"),
    *(
        "<table>" * 30,
        "{{ 7 * 7 }}",
        "${HOME}",
        "%s%s%n",
        "'; DROP TABLE runs; --",
        "\\\\\\\\x\\\\y",
    ),
)

KEY_BOMBS = (
    ".".join("a" * 30_000) + " = 1",
    "[" + ".".join("a" * 10_000) + "]",
    "\n".join(f"a{'.a' * 15} = {n}" for n in range(3)),
    "\n".join(f"k{n}.{'.'.join('abcdefghijklmn')} = 1" for n in range(5000)),
    "\n".join(f"[{'.'.join(f't{n}x{m}' for m in range(15))}]" for n in range(4000)),
    "a = {" + ", ".join(f"k{n}.b.c.d.e.f.g.h = 1" for n in range(8000)) + "}",
    '"' + "k" * 900_000 + '" = 1',
    "\n".join(f'"{n}" = 1' for n in range(60_000)),
    "\n".join("[[a]]" for _ in range(60_000)),
    "\n".join(f"[a{n}]" for n in range(60_000)),
    "[a]\n" * 1000,
    "a = 1\n" * 1000,
    "a = 1\n[a]\nb = 2",
    "[[a]]\n[a]\n",
    "a = [1]\n[[a]]",
    "a = {}\n[a.b]",
    "a.b = 1\n[a]",
    "[a.b]\n[a]\nb.c = 1",
)

TEXT_BOMBS = (
    "a = " + "[" * 10_000,
    "a = " + "[" * 10_000 + "]" * 10_000,
    "a = " + "{a = " * 10_000,
    "[" * 30_000,
    "[" * MIB,
    "a = [" + "1," * 250_000 + "]",
    "a = [" + "[]," * 60_000 + "]",
    "a = [" + "\n" * 500_000 + "]",
    "a = " + "9" * 5_000,
    "a = " + "9" * 1_000_000,
    "a = 0x" + "f" * 1_000_000,
    "a = 0b" + "1" * 900_000,
    "a = 1" + "_1" * 400_000,
    "a = 1e" + "9" * 100_000,
    "a = 1." + "0" * 900_000 + "1",
    "a = 0000-00-00",
    "a = 9999-99-99T99:99:99Z",
    'a = "' + '\\"' * 300_000,
    'a = """' + '\\"""' * 200_000,
    "a = '''" + "''x" * 300_000,
    'a = "' + "\\n" * 400_000 + '"',
    'a = "' + "\\u0041" * 150_000 + '"',
    'a = "' + "x" * 1_000_000,
    'a = "' + "x" * 1_000_000 + '"',
    "# " + "x" * 1_000_000,
    "#\n" * 500_000,
    "\n" * MIB,
    " " * MIB,
    "=" * 500_000,
    "." * 500_000,
    "," * 500_000,
    '"' * 500_000,
    "'" * 500_000,
    "\\" * 500_000,
    "a = " * 200_000,
    "a = 1\rb = 2",
    "a = 1\x0bb = 2",
    'a = "\x1b]0;owned\x07"',
    'a = "\x7f"',
    "{ 'a': 1 }",
    "--- \na: &a [*a, *a]\n",
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'a'>]><a>&a;</a>",
    "import os; os.system('true')",
    "",
    "a",
    "=",
    "[",
    "]",
    "a =",
    'a = "',
    "[[",
    "[]",
    "[[]]",
    "a = [",
    "a = {",
    "a = tru",
    "a = +",
    "a = \\",
    'a = "\\x"',
    'a = "\\ud800"',
    'a = "\\U00110000"',
)

BYTES = (
    b"\0",
    b"a = 1\0",
    b"\0" * MIB,
    b"\xff",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xef\xbb\xbf\xef\xbb\xbfa = 1",
    b"a = 1\n\xef\xbb\xbfb = 2",
    b"a = '\xc0\xaf'",
    b"a = '\xe0\x80\xaf'",
    b"a = '\xed\xa0\x80'",
    b"a = '\xed\xa0\xbd\xed\xb2\xa9'",
    b"a = '\xf4\x90\x80\x80'",
    b"a = '\xf8\x88\x80\x80\x80'",
    b"a = '\x80'",
    b"\x80" * 900_000,
    b"a = '" + b"\xf0\x9f\x92\xa9" * 200_000 + b"'",
    b"\x7fELF\x02\x01\x01" + b"\0" * 100,
    b"PK\x03\x04" + b"\0" * 100,
    b"\x1f\x8b\x08" + b"\0" * 100,
    b"\x89PNG\r\n\x1a\n",
    b"%PDF-1.7",
    b"#" * (MIB + 1),
    b"x" * (20 * MIB),
)

ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037", "latin-1")


def hostile_files() -> Iterator[tuple[str, bytes]]:
    """(name, contents) of all of them."""
    dice = random.Random(20_000)
    made: dict[str, bytes] = {}
    for kind in (_bombs, _encoded, _schemas, _structures, _languages):
        for number, contents in enumerate(kind()):
            made[f"{kind.__name__[1:]}-{number}"] = contents
    kinds: tuple[Callable[[random.Random], bytes], ...] = (_cut, _flipped, _shuffled, _mistyped)
    while len(made) < COUNT:
        kind = kinds[len(made) % len(kinds)]
        made[f"{kind.__name__[1:]}-{len(made)}"] = kind(dice)
    yield from made.items()


def _bombs() -> Iterator[bytes]:
    yield from BYTES
    for text in (*KEY_BOMBS, *TEXT_BOMBS):
        yield text.encode()


def _encoded() -> Iterator[bytes]:
    for encoding in ENCODINGS:
        yield WHOLE.replace("whole", "whölé", 1).encode(encoding)
    yield b"\xef\xbb\xbf" + WHOLE.encode()
    yield WHOLE.replace("\n", "\r\n").encode()
    yield WHOLE.replace("\n", "\r").encode()
    yield WHOLE.replace("\n", "\n\r").encode()
    yield WHOLE.replace("\n", "\r\n", 9).encode()
    yield WHOLE.replace("\n", "\u2028").encode()
    yield WHOLE.replace(" ", "\u00a0").encode()
    yield WHOLE.replace("one", "\ud800").encode("utf-8", "surrogatepass")
    yield WHOLE.replace('"', "\u201c").encode()
    yield (WHOLE * 2).encode()
    yield WHOLE[::-1].encode()
    yield WHOLE.upper().encode()


def _values() -> list[re.Match[str]]:
    return list(re.finditer(r"^(\w+) = (.+)$", WHOLE, re.MULTILINE))


def _schemas() -> Iterator[bytes]:
    """A wrong value in every place where there is a value."""
    for number, place in enumerate(_values()):
        for turn in range(5):
            wrong = WRONG[(number * 5 + turn * 7) % len(WRONG)]
            yield (WHOLE[: place.start(2)] + wrong + WHOLE[place.end(2) :]).encode()


def _structures() -> Iterator[bytes]:
    names = [f"n{number}" for number in range(100_000)]
    quoted = ", ".join(f'"{name}"' for name in names)
    yield f"[orchestration]\nmode = 'sequential'\nsequential.agents = [{quoted}]\n".encode()
    few = "".join(f"[agents.n{n}]\ntype='scripted'\n" for n in range(25_000))
    yield few.encode()
    yield (
        "[orchestration]\nmode = 'collaborative'\n[orchestration.collaborative]\n"
        "agents = [" + "'a', " * 90_000 + "]\n"
    ).encode()
    for length in (1, 2, 3, 500):
        yield _chained(length, closed=True)
    for length in (40, 400, 4000):
        yield _chained(length, closed=False)
    for last in ("a0", "nobody"):
        yield _standing_by([f"a{n}" for n in range(1000)], last)
    yield _standing_by(["x" * 3000 + str(n) for n in range(40)], "x" * 2999 + "y")
    stage = "[[orchestration.mixed.stages]]\nname='s'\nmode='sequential'\nagents=['a']\n"
    yield ("[orchestration]\nmode='mixed'\n" + stage * 10_000).encode()
    case = "[[orchestration.routing.cases]]\nname='c'\nwhen='a == 1'\nagents=['a']\n"
    yield ("[orchestration]\nmode='route'\n" + case * 10_000).encode()
    yield ("[editor]\nparked = [" + "['a'], " * 30_000 + "]\n").encode()
    yield ("[editor.nodes]\n" + "\n".join(f"'n{n}' = [1, 2]" for n in range(40_000))).encode()
    yield b"[editor.nodes]\n'a' = [9223372036854775807, -9223372036854775808]\n"
    yield ("[unknown]\n" + "\n".join(f"k{n} = 1" for n in range(60_000))).encode()
    numbers = "\n".join(f"k{n} = {n}" for n in range(35_000))
    for table in ("agents", "agents.a", "orchestrators", "pools", "memory", "editor.notes", "llm"):
        yield f"[{table}]\n{numbers}\n".encode()
    yield "\n".join(f"[agents.k{n}]\nx = 1" for n in range(15_000)).encode()
    yield "\n".join(f"[agents.k{n}]\ntype = 'scriptd'" for n in range(13_000)).encode()
    yield ("[agents]\n" + "\n".join(f"k{n} = {{}}" for n in range(20_000))).encode()
    for mode in ("", "quantum", "MIXED", "x" * 100_000, "\\u0000"):
        yield f'[orchestration]\nmode = "{mode}"\n'.encode()
    for table in ("orchestration", "agents", "orchestrators", "editor", "llm", "agent_flow"):
        for value in ("1", "[]", "[[]]", '"x"', "[{}]"):
            yield f"{table} = {value}\n".encode()
        yield f"[[{table}]]\n".encode()
        yield f"[{table}.{table}.{table}]\n".encode()
    for name in NAMES:
        yield WHOLE.replace('"one"', f'"{name}"').replace(".one", f'."{name}"').encode()
        yield WHOLE.replace('"polish"', f'"{name}"').replace(".polish", f'."{name}"').encode()


def _standing_by(names: list[str], last: str) -> bytes:
    """Agents that all are used, and of which each stands by for the one before."""
    after = [*names[1:], last]
    tables = (
        f"[agents.{it}]\ntype='scripted'\nfallback='{fallback}'\n"
        for it, fallback in zip(names, after, strict=True)
    )
    head = "[orchestration]\nmode='sequential'\n[orchestration.sequential]\n"
    return (f"{head}agents={names}\n" + "".join(tables)).encode()


def _chained(length: int, *, closed: bool) -> bytes:
    """Orchestrators that are members of one another, in a ring or not."""
    tables = [
        f"[orchestrators.o{n}]\nmode='sequential'\nagents=['o{(n + 1) % length}']\n"
        for n in range(length if closed else length - 1)
    ]
    head = "[orchestration]\nmode='sequential'\n[orchestration.sequential]\nagents=['o0']\n"
    return (head + "".join(tables)).encode()


def _languages() -> Iterator[bytes]:
    """Conditions and templates that no reader should have to suffer from."""
    grown = "{{ 'a'" + " | replace('a', 'aaaaaaaaaaaaaaaa')" * 4 + " | replace('a', 'bb') }}"
    agents = (f'[agents.n{n}]\ntype = "llm"\nsystem_prompt = "{n}{grown}"\n' for n in range(2000))
    yield "".join(agents).encode()
    for condition in CONDITIONS:
        told = condition.replace("\\", "\\\\").replace('"', '\\"')
        yield WHOLE.replace("score >= 0.9", told).encode()
        yield WHOLE.replace("kind == 'question'", told).encode()
    for template in TEMPLATES:
        told = template.replace("\\", "\\\\").replace('"', '\\"')
        yield WHOLE.replace("You are {{ role }}.", told).encode()
        yield WHOLE.replace("{{ message }}", told).encode()
    for call in ("os:system", "../../x:y", "a.b.c.d:e", ":", "x" * 100_000, "json:loads", "-c:x"):
        yield WHOLE.replace("payload:boom", call).encode()
    for url in (
        "file:///etc/passwd",
        "http://169.254.169.254/",
        "gopher://x",
        "javascript:1",
        "//",
    ):
        yield WHOLE.replace("http://127.0.0.1:9/v1", url).encode()
    for duration in ("1e999h", "-5s", "9999999999h", "1s" * 10_000, "NaNs", "1" * 5000 + "s", "∞"):
        yield WHOLE.replace('"60s"', f'"{duration}"').encode()
        yield WHOLE.replace('"2m"', f'"{duration}"').encode()


def _bases() -> list[bytes]:
    files = [*ROOT.glob("examples/*/agentflow.toml"), *ROOT.glob("tests/data/**/*.toml")]
    return [WHOLE.encode(), *(file.read_bytes() for file in sorted(files))]


def _cut(dice: random.Random) -> bytes:
    base = dice.choice(_bases())
    return base[: dice.randrange(len(base))]


def _flipped(dice: random.Random) -> bytes:
    raw = bytearray(dice.choice(_bases()))
    for _ in range(dice.choice([1, 1, 3, 40])):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    return bytes(raw)


def _shuffled(dice: random.Random) -> bytes:
    lines = dice.choice(_bases()).splitlines(keepends=True)
    for _ in range(dice.choice([1, 2, 10])):
        lines.insert(dice.randrange(len(lines) + 1), dice.choice(lines))
    if dice.random() < 0.3:
        dice.shuffle(lines)
    return b"".join(lines)


def _mistyped(dice: random.Random) -> bytes:
    text = WHOLE
    for place in sorted(dice.sample(_values(), dice.choice([1, 3, 9])), key=lambda it: -it.start()):
        text = text[: place.start(2)] + dice.choice(WRONG) + text[place.end(2) :]
    return text.encode()
