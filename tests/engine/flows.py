"""Random flows for property tests: every mode, nested, with names as people write them."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import (
    AgentSpec,
    AgentUse,
    Case,
    Chain,
    Flow,
    FlowSettings,
    MemorySettings,
    Orchestrator,
    PoolSettings,
    RetryPolicy,
    Step,
    name_fault,
)
from agentflow.settings import Settings

__all__ = ["flows", "layouts", "names", "texts"]

CATALOGUE = Catalogue.installed()

CONDITIONS = ("quality_score >= 0.9", "score > 3", "kind == 'question'", "true", "size(items) > 2")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=40)
"""Any text that a file can hold; a lone carriage return is a line's end in some places."""

names = (
    st.text(st.sampled_from("abcxyzABC019 ._-éß漢🙂'\"\\[]$"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda name: name_fault(name) is None)
)
"""Names that a step may have."""

_durations = st.integers(1, 10_000_000).map(lambda ms: timedelta(milliseconds=ms))


def _maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


@st.composite
def flows(draw: st.DrawFn, *, max_steps: int = 12, parked: bool = True) -> Flow:
    """A flow whose agents are all scripted and all defined.

    Args:
        draw: handed in by hypothesis.
        max_steps: about how many steps there are; the root chain has at least one.
        parked: whether some steps may hang on nothing.
    """
    known = draw(st.lists(names, min_size=2, max_size=max_steps, unique=True))
    share = draw(st.integers(1, len(known)))
    agents, free = known[:share], known[share:]
    tree = _Tree(draw, agents, free, max_steps)
    root = tree.chain(0, at_least=1)
    loose = [tree.chain(0, at_least=1) for _ in range(draw(st.integers(0, 2)) if parked else 0)]
    return Flow(
        name=draw(texts),
        version=draw(st.sampled_from(["", "1.0.0"])),
        description=draw(texts),
        settings=FlowSettings(
            timeout=draw(_maybe(_durations)),
            max_concurrency=draw(st.integers(1, 9)),
            failure_threshold=draw(st.sampled_from([0.0, 0.3, 1.0])),
            max_hops=draw(st.integers(0, 30)),
        ),
        agents={name: _agent(draw, name) for name in agents},
        pools=draw(
            st.dictionaries(names, st.builds(PoolSettings, size=st.integers(1, 3)), max_size=2)
        ),
        memory=draw(_maybe(st.builds(MemorySettings, path=st.sampled_from(["", "m.db"])))),
        root=root,
        parked=tuple(loose),
    )


def layouts(flow: Flow) -> st.SearchStrategy[dict[str, tuple[int, int]]]:
    """Positions for some of a flow's steps and for its start."""
    paths = ["", *(place.path for place in flow.places())]
    place = st.integers(-5000, 5000)
    return st.dictionaries(st.sampled_from(paths), st.tuples(place, place))


def _agent(draw: st.DrawFn, name: str) -> AgentSpec:
    scripted = CATALOGUE.agent_types.get("scripted")
    return AgentSpec(
        name=name,
        type="scripted",
        description=draw(texts),
        enabled=draw(st.booleans()),
        timeout=draw(_maybe(_durations)),
        on_error=draw(st.sampled_from(["fail", "continue"])),
        retry_policy=draw(_maybe(st.builds(RetryPolicy, max_retries=st.integers(0, 3)))),
        settings=scripted.settings() if scripted else Settings(),
    )


class _Tree:
    """Grows chains out of a stock of names; each orchestrator takes one of them away."""

    def __init__(self, draw: st.DrawFn, agents: list[str], free: list[str], budget: int) -> None:
        self._draw, self._agents, self._free, self._budget = draw, agents, free, budget

    def chain(self, depth: int, *, at_least: int = 0, case: Case | None = None) -> Chain:
        count = self._draw(st.integers(at_least, 3))
        return Chain(steps=tuple(self._step(depth) for _ in range(count)), case=case)

    def _step(self, depth: int) -> Step:
        self._budget -= 1
        if self._free and depth < 5 and self._budget > 0 and self._draw(st.booleans()):
            return self._orchestrator(self._free.pop(), depth + 1)
        return AgentUse(agent=self._draw(st.sampled_from(self._agents)))

    def _orchestrator(self, name: str, depth: int) -> Orchestrator:
        grown: dict[str, Callable[[int], tuple[Chain, ...]]] = {
            "one": lambda depth: (self.chain(depth),),
            "branches": self._branches,
            "cases": self._cases,
        }
        mode = CATALOGUE.modes[self._draw(st.sampled_from(sorted(CATALOGUE.modes)))]
        given: dict[str, object] = {"timeout": self._draw(_maybe(_durations))}
        if mode.name == "loop":
            given |= {"condition": self._draw(st.sampled_from(("", *CONDITIONS)))}
            given |= {"max_iterations": self._draw(st.integers(1, 4))}
        if mode.name == "collaborative":
            given |= {"failure_threshold": self._draw(_maybe(st.sampled_from([0.0, 0.5])))}
        settings = mode.settings(**given)
        return Orchestrator(
            name=name, mode=mode.name, settings=settings, chains=grown[mode.chains](depth)
        )

    def _branches(self, depth: int) -> tuple[Chain, ...]:
        return tuple(self.chain(depth, at_least=1) for _ in range(self._draw(st.integers(1, 3))))

    def _cases(self, depth: int) -> tuple[Chain, ...]:
        called = self._draw(st.lists(names, min_size=1, max_size=3, unique=True))
        chains = [self.chain(depth, case=self._case(name)) for name in called]
        if self._draw(st.booleans()):
            chains.append(self.chain(depth))
        return tuple(chains)

    def _case(self, name: str) -> Case:
        kind = self._draw(st.sampled_from(["when", "keywords", "route", "name"]))
        words = tuple(self._draw(st.lists(names, max_size=2))) if kind == "keywords" else ()
        return Case(
            name=name,
            description=self._draw(texts),
            when=self._draw(st.sampled_from(CONDITIONS)) if kind == "when" else "",
            keywords=words,
            route=self._draw(names) if kind == "route" else "",
        )
