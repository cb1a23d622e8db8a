"""Rules about conditions: that each is one."""

from collections.abc import Iterator
from dataclasses import dataclass

from agentflow.errors import ConditionError
from agentflow.flow.condition import Condition, compile_condition
from agentflow.flow.flow import Orchestrator
from agentflow.flow.mended_condition import mended_condition
from agentflow.flow.rules.alone import EachAgent, EachOrchestrator, OneAgent, OneOrchestrator
from agentflow.flow.rules.survey import Rule, setting, setting_fix
from agentflow.flow.rules.wheres import case_keys
from agentflow.flow.where import Keys
from agentflow.problem import Fix, Problem

__all__ = ["RULES", "Asked", "asked", "compiled"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition, and where it is asked."""

    text: str
    path: str
    """That of the orchestrator that asks it."""
    chain: int | None
    """The case whose it is; None for a loop's own."""
    keys: Keys
    """Where in the orchestrator's table it stands."""

    def fixed(self, title: str, text: str) -> Fix:
        """The fix that asks something else."""
        if self.chain is None:
            return setting_fix(title, text, path=self.path, field="condition")
        at = {"path": self.path, "chain": self.chain}
        return Fix(title, "set_case", {**at, "field": "when", "value": text})


def asked(path: str, step: Orchestrator) -> Iterator[Asked]:
    """The conditions of one orchestrator."""
    own = setting(step, "condition", "")
    if isinstance(own, str) and own.strip():
        yield Asked(own, path, None, ("condition",))
    for number, chain in enumerate(step.chains):
        if chain.case is not None and chain.case.when.strip():
            keys = (*case_keys(step, number), "when")
            yield Asked(chain.case.when, path, number, keys)


def compiled(text: str) -> Condition | ConditionError:
    """A condition, or why it is none."""
    try:
        return compile_condition(text)
    except ConditionError as error:
        return error


def faulty_conditions(one: OneOrchestrator) -> Iterator[Problem]:
    """Conditions that are no expressions."""
    for it in asked(one.path, one.step):
        fault = compiled(it.text)
        if isinstance(fault, ConditionError):
            message, fixes = _told(it.text, fault)
            meant = mended_condition(it.text)
            best = [] if meant is None else [it.fixed(f"Write {meant}", meant)]
            yield one.problem("error", "bad-condition", message, *fixes, *best, keys=it.keys)


def faulty_conditions_of_agents(one: OneAgent) -> Iterator[Problem]:
    """Agents whose `when` is no expression."""
    text = one.spec.when
    fault = compiled(text) if text.strip() else None
    if isinstance(fault, ConditionError):
        message, fixes = _told(text, fault)
        meant = mended_condition(text)
        arguments = {"name": one.name, "field": "when", "value": meant}
        best = [] if meant is None else [Fix(f"Write {meant}", "set_agent", arguments)]
        yield one.problem("error", "bad-condition", message, *fixes, *best, keys=("when",))


def _told(text: str, fault: ConditionError) -> tuple[str, tuple[Fix, ...]]:
    column = "" if fault.column is None else f" (column {fault.column})"
    fixes = (Fix(fault.fix[:1].upper() + fault.fix[1:]),) if fault.fix else ()
    return f"{text!r}: {fault.what}{column}", fixes


RULES: tuple[Rule, ...] = (
    EachOrchestrator(faulty_conditions),
    EachAgent(faulty_conditions_of_agents),
)
