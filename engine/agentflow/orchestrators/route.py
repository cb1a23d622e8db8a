"""Route mode: one chain out of several, chosen by what the event or the state says."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from time import monotonic
from typing import Literal

from pydantic import Field

from agentflow.conditions import asked, compiled
from agentflow.errors import NoRouteError, RunError
from agentflow.flow.flow import Case, Orchestrator, OrchestratorSettings
from agentflow.orchestrators.base import (
    ChainRunner,
    Coming,
    Dispatch,
    OrchestrationMode,
    OwnAgent,
    arrived,
)
from agentflow.run import Run
from agentflow.state import State
from agentflow.trace import Comparison, RouteChosen

_CHOSEN = RouteChosen.__name__

_CHOICE = "choice"


class RouteSettings(OrchestratorSettings):
    """How a router chooses where no case is named and no condition of a case holds."""

    choose: Literal["default", "model"] = "default"
    """"model" lets the flow's language model choose among the cases without a condition, by their
    names, descriptions and examples; the default is taken then if the model cannot answer."""
    prompt: str = Field(default="", json_schema_extra={"form": "template"})
    """What the model is shown, a template over the state; "" shows what the state's answer is."""


def build(orchestrator: Orchestrator, chains: Sequence[ChainRunner]) -> Dispatch:
    """Make it ready to run.

    Raises:
        ConditionError: a case's `when` is no expression.
    """
    cases = tuple(chain.case for chain in orchestrator.chains)
    pairs = tuple(zip(cases, chains[: len(cases)], strict=True))
    default = next((chain for case, chain in pairs if case is None), None)
    ways = [_Way(case, chain) for case, chain in pairs if case is not None]
    model = chains[-1] if calls(orchestrator) else None
    return _Router(ways, default, model).dispatch


def calls(orchestrator: Orchestrator) -> tuple[OwnAgent, ...]:
    """The agent that asks the model, where a model chooses."""
    settings = orchestrator.settings
    cases = [it.case for it in orchestrator.chains if it.case and _is_for_a_model(it.case)]
    if not isinstance(settings, RouteSettings) or settings.choose != "model" or not cases:
        return ()
    lines = [f"- {it.name}: {it.description}" if it.description else f"- {it.name}" for it in cases]
    task = "\n".join(["Each text belongs to one of these:", *lines])
    return (
        OwnAgent(
            name=f"{orchestrator.name} (model)",
            segment="model",
            type="llm",
            system_prompt=_untemplated(task),
            settings={
                "prompt": settings.prompt,
                "output_key": _CHOICE,
                "labels": [it.name for it in cases],
                "examples": [
                    {"text": text, "label": it.name} for it in cases for text in it.examples
                ],
            },
        ),
    )


def _untemplated(text: str) -> str:
    """A template that says the text, whatever stands in it."""
    return "{% raw %}" + text.replace("{%", "{ %") + "{% endraw %}" if "{" in text else text


def _is_for_a_model(case: Case) -> bool:
    return not case.when and not case.keywords


class _Way:
    """A case, and the chain that it leads to."""

    def __init__(self, case: Case, chain: ChainRunner) -> None:
        self.case, self.chain = case, chain
        self.names = (case.route or case.name, case.name)
        self.tests = {why: f"{why} = {self.names[0]!r}" for why in ("route", "target")}
        self._condition = compiled(case.when)
        words = "|".join(re.escape(word) for word in case.keywords)
        self._words = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None

    def compared(self, run: Run, state: State, path: str) -> Comparison | None:
        """Its own condition, asked; None when it is taken only by its name."""
        if self._condition is not None:
            verdict = asked(self._condition, run, state, path)
            found = ", ".join(f"{name} = {value!r}" for name, value in verdict.values.items())
            return Comparison(self.case.name, self.case.when, found, verdict.holds)
        if self._words is not None:
            message = str(run.event.data.get("message", state.get("message", "")))
            match = self._words.search(message)
            test = f"message holds {' or '.join(map(repr, self.case.keywords))}"
            found = repr(match.group()) if match else f"message = {message[:60]!r}"
            return Comparison(self.case.name, test, found, match is not None)
        return None

    @property
    def why(self) -> str:
        """What it is taken for when its own condition holds."""
        return "when" if self._condition is not None else "keywords"


_Asked = tuple[tuple[str, str], ...]
"""(where a case is named, its name): a result's or the event's route, then the event's target."""


class _Router:
    def __init__(
        self, ways: Sequence[_Way], default: ChainRunner | None, model: ChainRunner | None
    ) -> None:
        self._ways, self._default, self._model = tuple(ways), default, model
        self._by_name = {name: way for way in reversed(self._ways) for name in way.names}
        self._by_target = {
            name: (way.case.name, partial(self._names_compared, (("target", name),)), way.chain)
            for name, way in self._by_name.items()
        }
        """The case that an event's target names, what is compared for that, and the chain."""

    def dispatch(self, run: Run, state: State, path: str) -> Coming:
        """Run the chain of the first case that holds."""
        event, told = run.event, state.metadata
        if told or event.metadata or (found := self._by_target.get(event.target)) is None:
            return self._by_route(run, state, path)
        case, made, chain = found
        # What names were compared to which is made up by whoever reads of it.
        run.recorder.add((_CHOSEN, run.now, path, case, "target", made))
        return chain(run, state, f"{path}/")

    def _by_route(self, run: Run, state: State, path: str) -> Coming:
        """Run the chain of the case that a result's or the event's `route` names, or its target."""
        event = run.event
        route = state.metadata.get("route", "") or event.metadata.get("route", "")
        target = ("target", event.target)
        asked = (("route", route), target) if route else (target,)
        for why, name in asked:
            if way := self._by_name.get(name):
                made = partial(self._names_compared, asked)
                run.recorder.add((_CHOSEN, run.now, path, way.case.name, why, made))
                return way.chain(run, state.without_route(), f"{path}/")
        return self._unnamed(run, state, path, list(self._names_compared(asked)))

    async def _unnamed(self, run: Run, state: State, path: str, made: list[Comparison]) -> State:
        """Run the chain of a case that nobody names."""
        way, why = self._holding(run, state, path, made)
        if way is None and self._model is not None:
            way, why = await self._chosen(self._model, run, state, path, made)
        chain = self._default if way is None else way.chain
        if chain is None:
            raise NoRouteError(path, [f"{it.case}: {it.test}, but {it.found}" for it in made])
        case, run.now = "default" if way is None else way.case.name, monotonic()
        run.recorder.add((_CHOSEN, run.now, path, case, why, tuple(made)))
        return await arrived(chain(run, state.without_route(), f"{path}/"))

    def _names_compared(self, asked: _Asked) -> Iterator[Comparison]:
        """Each case and each name, up to the case that has the name."""
        for why, name in asked:
            for way in self._ways if name else ():
                holds = name in way.names
                yield Comparison(way.case.name, way.tests[why], f"{why} = {name!r}", holds)
                if holds:
                    return

    async def _chosen(
        self, model: ChainRunner, run: Run, state: State, path: str, made: list[Comparison]
    ) -> tuple[_Way | None, str]:
        """The case that the model chooses; none if it cannot, and there is a default."""
        left, whole = run.left, run.whole
        try:
            answer = await arrived(model(run, state.without_route(), f"{path}/"))
        except RunError:
            if self._default is None:
                raise
            return None, "the model could not choose"
        finally:
            run.left, run.whole = left, whole  # its answer is no part of the state
            run.now = monotonic()
        chosen, scores = answer[_CHOICE], answer.get(f"{_CHOICE}_scores", {})
        for way in self._ways:
            if _is_for_a_model(way.case):
                name = way.case.name
                share = f"share = {scores[name]}" if name in scores else f"it chose {chosen!r}"
                made.append(Comparison(name, "the model's choice", share, name == chosen))
        return next(way for way in self._ways if way.case.name == chosen), "model"

    def _holding(
        self, run: Run, state: State, path: str, made: list[Comparison]
    ) -> tuple[_Way | None, str]:
        for way in self._ways:
            comparison = way.compared(run, state, path)
            if comparison is None:
                if self._model is None and not any(it.case == way.case.name for it in made):
                    test = f"route = {way.names[0]!r}"
                    made.append(Comparison(way.case.name, test, "no route is named", False))
                continue
            made.append(comparison)
            if comparison.holds:
                return way, way.why
        return None, "default"


MODE = OrchestrationMode(
    name="route",
    title="Router",
    summary="Takes the first case that holds, or the default.",
    icon="directions-fork",
    settings=RouteSettings,
    chains="cases",
    port="",
    build=build,
    calls=calls,
)
