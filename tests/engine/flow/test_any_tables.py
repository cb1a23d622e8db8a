"""Files whose values are of any kind, at keys that mean something."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentflow.catalogue import Catalogue
from agentflow.flow.canonical import canonical_text
from agentflow.flow.check import check_file
from agentflow.flow.flow import AgentUse, Chain, FlowSettings
from agentflow.flow.load import parse
from agentflow.flow.render import render

CATALOGUE = Catalogue.installed()

KEYS = st.sampled_from(
    [
        *(
            "a",
            "b",
            "agent",
            "agents",
            "cases",
            "condition",
            "config",
            "default",
            "field",
            "keywords",
        ),
        *(
            "llm",
            "max_iterations",
            "merge",
            "mode",
            "name",
            "output",
            "outputs",
            "pattern",
            "route",
        ),
        *("retry_policy", "rules", "settings", "stages", "threshold", "timeout", "type", "when"),
    ]
)
WORDS = st.sampled_from(["a", "b", "30s", "${X}", "loop", "mixed", "route", "scripted", "", "a/b"])
NAMES = st.sampled_from(["a", "b", "c"])
MODES = st.sampled_from(["loop", "route", "sequential", "collaborative", "mixed"])
LEAVES = st.one_of(
    st.integers(), st.booleans(), st.floats(), WORDS, st.just(date(2026, 1, 1)), st.just(1 << 80)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)


def table(**known: st.SearchStrategy) -> st.SearchStrategy:
    """Tables that say some of these keys, some of them wrongly."""
    return st.fixed_dictionaries({}, optional={key: it | VALUES for key, it in known.items()})


ORCHESTRATORS = table(
    name=NAMES,
    mode=MODES,
    pattern=MODES,
    agents=st.lists(NAMES | st.lists(NAMES), max_size=3),
    agent=NAMES,
    cases=st.lists(table(name=NAMES, when=WORDS, agents=st.lists(NAMES)), max_size=3),
    default=NAMES,
    rules=st.dictionaries(NAMES, NAMES),
    patterns=st.lists(table(agent=NAMES, keywords=st.lists(WORDS)), max_size=2),
    config=table(timeout=WORDS, loop_condition=WORDS),
    condition=table(type=st.just("quality_threshold"), field=NAMES, threshold=st.floats()),
)
FILES = table(
    orchestration=table(
        mode=MODES,
        timeout=WORDS,
        timeout_seconds=st.integers(),
        sequential=ORCHESTRATORS,
        routing=ORCHESTRATORS,
        mixed=table(stages=st.lists(ORCHESTRATORS, max_size=3)),
        sequential_agents=st.lists(NAMES),
    ),
    orchestrators=st.dictionaries(NAMES, ORCHESTRATORS, max_size=3),
    agents=st.dictionaries(NAMES, st.dictionaries(KEYS, VALUES, max_size=4), max_size=3),
    editor=table(
        parked=st.lists(st.lists(NAMES)),
        nodes=st.dictionaries(NAMES, st.lists(LEAVES, max_size=2)),
    ),
    foreign=VALUES,
)


@given(FILES, st.integers(0, 2))
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_file_says_it_is_read_checked_edited_and_saved(data, edit):
    file = parse(canonical_text(data), CATALOGUE)
    check_file(file, CATALOGUE)
    steps = file.flow.root.steps
    changes = (
        {"root": Chain(steps=(*steps, AgentUse(agent="z"))), "agents": {}},
        {"root": Chain(steps=steps[1:]), "parked": ()},
        {"settings": FlowSettings(max_hops=3), "name": "other"},
    )[edit]
    flow = file.flow.model_copy(update=changes)

    after = parse(render(file, flow, {}, CATALOGUE).text, CATALOGUE)

    assert after.flow == flow
    assert repr(after.data.get("foreign")) == repr(file.data.get("foreign"))
