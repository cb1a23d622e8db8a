"""Rules about keys of the state: what is read has been written by somebody before it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from agentflow.errors import ConditionError
from agentflow.flow.flow import AgentSpec, AgentUse, Orchestrator, Place
from agentflow.flow.near import near
from agentflow.flow.rules.answers import Answers
from agentflow.flow.rules.conditions import Asked, asked, compiled
from agentflow.flow.rules.known_keys import AgentKeys, KnownKeys, Written
from agentflow.flow.rules.strategies import decided_keys
from agentflow.flow.rules.structure import MAX_DEPTH
from agentflow.flow.rules.survey import (
    Rule,
    Survey,
    setting,
    setting_fix,
    synthesizer,
)
from agentflow.flow.rules.vocabulary import AgentTypeInfo
from agentflow.problem import Fix, Problem

__all__ = ["ALWAYS_THERE", "COUNTED", "RULES", "keys_of_agent", "watch_keys"]

MAX_HINTS = 50
"""Near misses are looked for this often."""

ALWAYS_THERE = frozenset({"metadata", "message", "errors"})
"""What a condition may read though no agent writes it: the event's metadata and message, and the
errors that the run itself notes down."""

COUNTED = frozenset({"iteration"})
"""What only the condition of a loop may read: how many of its passes have ended."""

Watch = Callable[[str, bool, KnownKeys], object]
"""(path, whether its own conditions are asked now, what may be known there) at each step."""


def unwritten_keys(survey: Survey) -> Iterable[Problem]:
    """Conditions that read a key which no agent before them writes, where all of them are known."""
    parts, agents = (survey.places, survey.wheres), _keys_of_agents(survey)
    facts = (survey.registered, agents)
    return survey.answers.of("unwritten keys", parts, facts, _unwritten_keys, survey, agents)


def _unwritten_keys(survey: Survey, agents: Mapping[str, AgentKeys]) -> tuple[Problem, ...]:
    walk = _Walk(survey, agents)
    return () if walk.is_too_deep else tuple(walk.chain("", 0, KnownKeys()))


def _keys_of_agents(survey: Survey) -> Mapping[str, AgentKeys]:
    """What each agent that is defined reads and writes."""
    kinds, answers = survey.kinds, survey.answers
    return {
        name: keys_of_agent(answers, name, spec, kinds[spec.type])
        for name, spec in survey.flow.agents.items()
    }


def keys_of_agent(
    answers: Answers, name: str, spec: AgentSpec, kind: AgentTypeInfo | None
) -> AgentKeys:
    """What an agent reads and writes."""
    return answers.of(("keys of agent", name), (spec, kind), None, AgentKeys.of, spec, kind)


def watch_keys(survey: Survey, watch: Watch) -> Iterator[None]:
    """Go through the flow as a run does and tell what may be known at each step; lazily."""
    walk = _Walk(survey, _keys_of_agents(survey), watch)
    if not walk.is_too_deep:
        for _ in walk.chain("", 0, KnownKeys()):
            yield
    yield


def _unwatched(_path: str, _asks: bool, _keys: KnownKeys) -> None:
    pass


class _Walk:
    """Goes through the flow as a run does, and looks at what is read on the way."""

    def __init__(
        self, survey: Survey, agents: Mapping[str, AgentKeys], watch: Watch = _unwatched
    ) -> None:
        self._survey, self._watch = survey, watch
        self._agents_keys = agents
        self._hints = 0
        self._members: dict[tuple[str, int], list[Place]] = {}
        depths = {"": 0}
        for place in survey.places:
            if place.path not in survey.parked:
                self._members.setdefault((place.owner, place.chain), []).append(place)
                depths[place.path] = depths[place.owner] + 1
        self.is_too_deep = max(depths.values()) > MAX_DEPTH + 1

    def chain(self, owner: str, number: int, keys: KnownKeys) -> Iterator[Problem]:
        for place in self._members.get((owner, number), ()):
            self._watch(place.path, False, keys)
            if isinstance(place.step, AgentUse):
                yield from self._misread(place, place.step.agent, keys)
                self._add(place.step.agent, keys)
            else:
                yield from self._orchestrator(place, place.step, keys)

    def _orchestrator(self, place: Place, step: Orchestrator, keys: KnownKeys) -> Iterator[Problem]:
        if step.mode == "collaborative":
            yield from self._branches(place, step, keys)
        elif step.mode == "route":
            yield from self._cases(place, step, keys)
        elif step.mode == "loop":
            yield from self._loop(place, step, keys)
        else:
            for number in range(len(step.chains)):
                yield from self.chain(place.path, number, keys)

    def _loop(self, place: Place, step: Orchestrator, keys: KnownKeys) -> Iterator[Problem]:
        asks_first = setting(step, "check", "") == "before" and not keys.strangers
        missing = list(self._missing(place, step, keys)) if asks_first else []
        for agent in self._agents(place.path, step):  # An earlier pass may have run them.
            self._add(agent, keys)
        for it, name in missing:
            if name in keys.known:
                yield self._asked_too_soon(place, it, name)
        yield from self._unwritten(place, step, keys)
        for number in range(len(step.chains)):
            yield from self.chain(place.path, number, keys)

    def _cases(self, place: Place, step: Orchestrator, keys: KnownKeys) -> Iterator[Problem]:
        """One of the cases has run afterwards; a key that any of them writes may be there."""
        yield from self._unwritten(place, step, keys)
        begin = keys.mark()
        gained: list[tuple[Written, int]] = []
        for number in range(len(step.chains)):
            yield from self.chain(place.path, number, keys)
            gained.append(keys.back(begin))
        for written, ran in gained:
            if ran:
                keys.add(written)

    def _branches(self, place: Place, step: Orchestrator, keys: KnownKeys) -> Iterator[Problem]:
        """What branches write stands under the orchestrator's name; only `merge` lifts it out."""
        begin = keys.mark()
        gained: set[str] = set()
        knows_all = True
        for number in range(len(step.chains)):
            yield from self.chain(place.path, number, keys)
            written, _ = keys.back(begin)
            knows_all = knows_all and written is not None
            gained |= written or frozenset()
        self._watch(place.path, True, _found_by_branches(gained))
        merged: Mapping[str, object] = setting(step, "merge", {})
        if knows_all:
            yield from self._unmerged(place, merged, gained)
        keys.add(frozenset({step.name, "response", *merged, *decided_keys(step, gained)}))
        if not knows_all and setting(step, "strategy", "") == "competitive":
            keys.add(None)
        if agent := synthesizer(step):
            self._add(agent, keys)

    def _add(self, agent: str, keys: KnownKeys) -> None:
        its = self._known(agent)
        if its is None:
            keys.add(None)
        elif its.is_enabled:
            keys.add(its.writes)
            if its.fallback:
                self._add_fallbacks(agent, keys)

    def _add_fallbacks(self, agent: str, keys: KnownKeys) -> None:
        # A circle of fallbacks is another rule's; here each counts once.
        for name in self._survey.fallbacks_of(agent):
            other = self._known(name)
            keys.add(other.writes if other else None)

    def _known(self, agent: str) -> AgentKeys | None:
        """What an agent reads and writes; nobody knows that of one which code hands in."""
        its = self._agents_keys.get(agent)
        return its if its and its.is_known and agent not in self._survey.registered else None

    def _agents(self, path: str, step: Orchestrator) -> Iterator[str]:
        """Every agent in an orchestrator."""
        for number in range(len(step.chains)):
            for place in self._members.get((path, number), ()):
                if isinstance(place.step, AgentUse):
                    yield place.step.agent
                else:
                    yield from self._agents(place.path, place.step)

    def _unwritten(self, place: Place, step: Orchestrator, keys: KnownKeys) -> Iterator[Problem]:
        self._watch(place.path, True, keys)
        if keys.steps and not keys.strangers:
            for it, name in self._missing(place, step, keys):
                yield self._unwritten_key(place, it, name, keys.written)

    def _missing(
        self, place: Place, step: Orchestrator, keys: KnownKeys
    ) -> Iterator[tuple[Asked, str]]:
        """What an orchestrator's conditions read that is not known to be there."""
        for it in asked(place.path, step):
            condition = compiled(it.text)
            if not isinstance(condition, ConditionError):
                there = ALWAYS_THERE | COUNTED if step.mode == "loop" else ALWAYS_THERE
                for name in sorted(condition.names - keys.known - there):
                    yield it, name

    def _asked_too_soon(self, place: Place, it: Asked, name: str) -> Problem:
        message = f"it is asked before the first pass, and only its body writes {name!r}"
        after = setting_fix("Ask after each pass", "after", path=it.path, field="check")
        give = Fix(f"Write {name!r} in a step before it, or give it with the event")
        return self._survey.at(
            place, "warning", "asked-too-soon", message, after, give, keys=it.keys
        )

    def _unwritten_key(self, place: Place, it: Asked, name: str, written: Iterable[str]) -> Problem:
        message = f"it reads {name!r}, which no agent before it writes"
        self._hints += 1
        meant = near(name, written) if self._hints <= MAX_HINTS else None
        spelled = [] if meant is None else [_read_instead(it, name, meant)]
        give = Fix(f"Write {name!r} in a step before it, or give it with the event")
        return self._survey.at(
            place, "warning", "unwritten-key", message, *spelled, give, keys=it.keys
        )

    def _misread(self, place: Place, agent: str, keys: KnownKeys) -> Iterator[Problem]:
        """An agent may read what the event brings; only a misspelt key is worth a word."""
        its = self._known(agent)
        if its is None or not its.is_enabled or not its.reads or keys.strangers:
            return
        for name in sorted(its.reads - keys.known - ALWAYS_THERE):
            self._hints += 1
            meant = near(name, keys.written) if self._hints <= MAX_HINTS else None
            if meant is not None:
                message = f"agent {agent!r} reads {name!r}, which no agent before it writes"
                fix = _reading(agent, its, name, meant)
                yield self._survey.at(place, "warning", "unwritten-key", message, fix)

    def _unmerged(
        self, place: Place, merged: Mapping[str, object], gained: set[str]
    ) -> Iterator[Problem]:
        for key in merged:
            if key not in gained:
                message = f"it merges {key!r}, which none of its branches writes"
                meant = near(key, sorted(gained))
                fix = _merging(place.path, merged, key, meant)
                keys = ("merge", key)
                yield self._survey.at(place, "info", "unmerged-key", message, fix, keys=keys)


def _reading(agent: str, its: AgentKeys, name: str, meant: str) -> Fix:
    """The fix that has an agent read another key, where one setting of its names it."""
    fields = [field for field, value in its.named if value == name]
    title = f"Read {meant!r} instead"
    if len(fields) != 1:
        return Fix(title)
    arguments = {"name": agent, "field": fields[0], "value": meant}
    return Fix(title, "set_agent_setting", arguments)


def _merging(path: str, merged: Mapping[str, object], key: str, meant: str | None) -> Fix:
    kept = {it: how for it, how in merged.items() if it != key}
    if meant is None or meant in kept:
        title, told = f"Take {key!r} out", kept
    else:
        title, told = f"Merge {meant!r} instead", {**kept, meant: merged[key]}
    return setting_fix(title, told or None, path=path, field="merge")


def _found_by_branches(gained: Iterable[str]) -> KnownKeys:
    found = KnownKeys()
    found.add(frozenset(gained))
    return found


def _read_instead(it: Asked, name: str, meant: str) -> Fix:
    title = f"Read {meant!r} instead"
    text, count = re.subn(rf"\b{re.escape(name)}\b", meant, it.text)
    return it.fixed(title, text) if count == 1 else Fix(title)


RULES: tuple[Rule, ...] = (unwritten_keys,)
