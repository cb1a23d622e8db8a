"""Every fix that `check` offers can be done in the editor, and mends what it was offered for."""

from collections.abc import Iterable

from hypothesis import given, settings

from agentflow.catalogue import Catalogue
from agentflow.flow.check import check
from agentflow.flow.flow import Flow
from agentflow.flow.load import parse
from agentflow.problem import Problem
from agentflow_editor.document.edits.fixes import apply_fix
from agentflow_editor.document.sheet import Sheet
from engine.flows import flows

CATALOGUE = Catalogue.installed()

FAULTY = """\
[orchestration]
mode = "mixed"
timeout = "30s"
failure_threshold = 30.0
max_concurrency = 2

[[orchestration.mixed.stages]]
name = "research"
mode = "collaborative"
agents = ["writer", "critic", "spre"]
timeout = "60s"
agent_timeout = "0s"
max_concurrency = 4
failure_threshold = -1.0

[[orchestration.mixed.stages]]
name = "refine"
mode = "loop"
agents = ["writer"]
condition = "scor > 1 && quality > 1"

[[orchestration.mixed.stages]]
name = "writer"
mode = "route"
[[orchestration.mixed.stages.cases]]
name = "question"
agents = ["critic"]
[[orchestration.mixed.stages.cases]]
name = "question"
agents = ["critic"]
[[orchestration.mixed.stages.cases]]
name = "order"
route = "question"
agents = ["critic"]

[[orchestration.mixed.stages]]
name = "nothing"
mode = "route"
cases = []

[llm]
api_key = "sk-live"

[agents.writer]
type = "scripted"
timeout = "50s"
output = { score = 1, quality = 1 }
[agents.writer.retry_policy]
max_retries = 1
max_delay_ms = 1
[agents.writer.llm]
api_key = "sk-live"

[agents.critic]
type = "scriptde"
enabled = false

[agents.spare]
type = "scripted"
timeout = "0s"
fallback = "critic"

[agents.other]
type = "scripted"
fallback = "spar"
"""


def count(problem: Problem, problems: Iterable[Problem]) -> int:
    """How often it is said; where it is said may change with what was mended before it."""
    return sum((it.code, it.message) == (problem.code, problem.message) for it in problems)


def mended(flow: Flow) -> set[str]:
    """The codes of the problems that had a fix to do, each of which has been seen to mend it."""
    codes: set[str] = set()
    problems = check(flow, CATALOGUE)
    for problem in problems:
        for fix in problem.fixes:
            if fix.edit:
                after = apply_fix(Sheet(flow), fix, catalogue=CATALOGUE)
                left = count(problem, check(after.flow, CATALOGUE))
                assert left < count(problem, problems), (str(problem), fix)
                codes.add(problem.code)
    return codes


def test_the_fixes_of_a_faulty_flow_mend_it():
    assert mended(parse(FAULTY, CATALOGUE).flow) == {
        "asked-too-soon",
        "bad-threshold",
        "concurrency-above-run",
        "disabled-agent",
        "disabled-fallback",
        "duplicate-case",
        "name-taken",
        "no-cases",
        "no-default",
        "retry-delays",
        "secret",
        "timeout-never-fires",
        "unknown-agent",
        "unknown-type",
        "unreachable-case",
        "unused-agent",
        "unwritten-key",
        "zero-timeout",
    }


@given(flows(max_steps=6))
@settings(max_examples=25)
def test_the_fixes_of_a_random_flow_mend_it(flow: Flow):
    mended(flow.model_copy(update={"agents": dict(list(flow.agents.items())[1:])}))
