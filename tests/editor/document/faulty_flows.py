"""A flow for each problem that a click mends, on a line each."""

# ruff: noqa: E501

__all__ = ["DONE_BY_A_CLICK"]

HEAD = '[orchestration]\nmode = "{}"\n[orchestration.{}]\n'
A = '[agents.a]\ntype = "scripted"\noutput = {{ score = 1.0, draft = "x" }}\n{}'


def sequence(agents: str, more: str = "") -> str:
    return HEAD.format("sequential", "sequential") + f"agents = {agents}\n{more}"


def one(settings: str) -> str:
    """A flow of one agent with some settings."""
    return sequence('["a"]', f"[agents.a]\n{settings}\n")


def team(settings: str, agents: str = '["a", "a"]') -> str:
    table = HEAD.format("collaborative", "collaborative")
    return f"{table}agents = {agents}\n{settings}\n{A.format('')}"


def routing(settings: str, *cases: str) -> str:
    tables = "".join(f"[[orchestration.routing.cases]]\n{it}\n" for it in cases)
    return f'[orchestration]\nmode = "route"\n[orchestration.routing]\n{settings}\n{tables}{A.format("")}'


def stages(*tables: str, more: str = "") -> str:
    written = "".join(f"[[orchestration.mixed.stages]]\n{it}\n" for it in tables)
    return f'[orchestration]\nmode = "mixed"\n{written}{A.format("")}{more}'


LOOP = 'name = "l"\nmode = "loop"\nagents = ["a"]\n'

DONE_BY_A_CLICK = {
    "asked-too-soon": stages(LOOP + 'condition = "score > 0.5"'),
    "bad-condition": stages(LOOP + "condition = \"score = 0.5 and draft == 'x'\""),
    "bad-default": one('type = "human"\nquestion = "?"\nfields = [{ name = "n", kind = "number", default = "x" }]'),
    "bad-name": sequence('["a/b"]', '[agents."a/b"]\ntype = "scripted"\n'),
    "bad-schema": one('type = "llm"\nprompt = "p"\nanswer = { type = "nothing" }'),
    "bad-template": one('type = "llm"\nprompt = "Say {{ message"'),
    "bad-threshold": team("failure_threshold = 30.0"),
    "concurrency-above-run": team("max_concurrency = 50"),
    "disabled-agent": one('type = "scripted"\nenabled = false'),
    "disabled-fallback": one('type = "scripted"\nfallback = "b"\n[agents.b]\ntype = "scripted"\nenabled = false'),
    "duplicate-case": routing('default = ["a"]', 'name = "x"\nwhen = "score > 1.0"\nagents = ["a"]', 'name = "x"\nwhen = "score > 2.0"\nagents = ["a"]'),
    "duplicate-name": stages('name = "s"\nmode = "loop"\nagents = ["a"]\ncondition = "score > 0.5"', 'name = "s"\nmode = "sequential"\nagents = ["a", "a"]'),
    "empty-case": routing('default = ["a"]', 'name = "x"\nwhen = "score > 1.0"'),
    "empty-chain": team("", '["a", []]'),
    "empty-flow": stages(),
    "fallback-circle": one('type = "scripted"\nfallback = "a"'),
    "labels-and-tools": one('type = "llm"\nprompt = "p"\nlabels = ["x"]\ntools = ["agents:f"]'),
    "missing-mode": sequence('["o"]', '[orchestrators.o]\nagents = ["a"]\n' + A.format("")),
    "name-taken": stages('name = "a"\nmode = "loop"\nagents = ["a"]\ncondition = "score > 0.5"'),
    "nested-list": sequence('["a", ["a", "a"]]', A.format("")),
    "no-cases": routing('default = ["a"]\ncases = []'),
    "no-choice": routing('choose = "model"\ndefault = ["a"]', 'name = "x"\nwhen = "score > 1.0"\nagents = ["a"]'),
    "no-choices": one('type = "human"\nquestion = "?"\nfields = [{ name = "n", kind = "choice" }]'),
    "no-default": routing("", 'name = "x"\nwhen = "score > 1.0"\nagents = ["a"]'),
    "no-server": one('type = "mcp"\ncommand = ["x"]\nurl = "https://x.example/"\ntool = "t"'),
    "no-synthesizer": team('strategy = "synthesis"'),
    "no-template": one('type = "text"\ntask = "format"'),
    "orchestrator-cycle": sequence('["o"]', '[orchestrators.o]\nmode = "sequential"\nagents = ["a", "o"]\n' + A.format("")),
    "parked": sequence('["a"]', A.format("") + '[editor]\nparked = [["a", "a"]]\n'),
    "repeated-field": one('type = "human"\nquestion = "?"\nfields = [{ name = "n" }, { name = "n" }]'),
    "retry-delays": one('type = "scripted"\n[agents.a.retry_policy]\nmax_retries = 1\nmax_delay_ms = 1'),
    "secret": one('type = "llm"\nprompt = "p"\n[agents.a.llm]\napi_key = "sk-live-1234567890abcdef"'),
    "secret ": one('type = "http"\nurl = "https://x.example/"\nheaders = { Authorization = "Bearer abcdefghij1234567890" }'),
    "timeout-never-fires": '[orchestration]\nmode = "sequential"\ntimeout = "5s"\n[orchestration.sequential]\nagents = ["a"]\n[agents.a]\ntype = "scripted"\ntimeout = "9s"\n',
    "two-bodies": one('type = "http"\nmethod = "POST"\nurl = "https://x.example/"\ntext = "t"\nbody = { a = 1 }'),
    "two-owners": sequence('["o", "o"]', '[orchestrators.o]\nmode = "sequential"\nagents = ["a"]\n' + A.format("")),
    "unknown-agent": sequence('["b"]', A.format("")),
    "unknown-branch": team("weights = { b = 2.0 }"),
    "unknown-key": one('type = "scripted"\ntimout = "5s"'),
    "unknown-label": one('type = "llm"\nprompt = "p"\nlabels = ["x"]\nexamples = [{ text = "t", label = "y" }]'),
    "unknown-mode": stages('name = "s"\nmode = "sequental"\nagents = ["a", "a"]'),
    "unknown-pool": one('type = "scripted"\nuses = ["gpus"]\n[pools.gpu]\nsize = 1'),
    "unknown-template": stages('name = "s"\ntemplate = "none"\nmode = "sequential"\nagents = ["a", "a"]'),
    "unknown-type": one('type = "scriptd"'),
    "unmerged-key": team('merge = { scor = "sum" }'),
    "unreachable-case": routing('default = ["a"]', 'name = "x"\nwhen = "true"\nagents = ["a"]', 'name = "y"\nwhen = "score > 1.0"\nagents = ["a"]'),
    "unused-agent": one('type = "scripted"\n[agents.b]\ntype = "scripted"'),
    "unused-key": sequence('["a"]\nagent = "a"', A.format("")),
    "unused-pool": one('type = "scripted"\n[pools.gpu]\nsize = 1'),
    "unwritten-key": stages('name = "first"\nagents = ["a"]', LOOP + 'condition = "scor > 0.5"'),
    "wrong-value": one('type = "scripted"\ntimeout = 30'),
    "zero-timeout": one('type = "scripted"\ntimeout = "0s"'),
}  # fmt: skip
"""By code: a flow that has the problem, whose every offered fix is tried."""
