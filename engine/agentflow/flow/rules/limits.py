"""Rules about numbers: shares, counts and delays that make no sense, or no difference."""

import math
from collections.abc import Iterator
from datetime import timedelta

from agentflow.flow.flow import RetryPolicy
from agentflow.flow.rules.alone import EachAgent, EachOrchestrator, OneAgent, OneOrchestrator
from agentflow.flow.rules.survey import Rule, Survey, setting, setting_fix
from agentflow.problem import Fix, Problem

__all__ = ["RULES"]

_NO_TIME = "a timeout of zero ends it before it begins"


def run_threshold_out_of_range(survey: Survey) -> Iterator[Problem]:
    """The run's failure_threshold, where that is no share."""
    own = survey.flow.settings.failure_threshold
    if not _is_share(own):
        fix = setting_fix(*_meant_share(own), path="", field="failure_threshold")
        keys = ("orchestration", "failure_threshold")
        yield survey.of_flow("error", "bad-threshold", _no_share(own), fix, keys=keys)


def thresholds_out_of_range(one: OneOrchestrator) -> Iterator[Problem]:
    """A failure_threshold that is no share."""
    value = setting(one.step, "failure_threshold", None)
    if isinstance(value, float) and not _is_share(value):
        fix = setting_fix(*_meant_share(value), path=one.path, field="failure_threshold")
        keys = ("failure_threshold",)
        yield one.problem("error", "bad-threshold", _no_share(value), fix, keys=keys)


def needless_concurrency(one: OneOrchestrator) -> Iterator[Problem]:
    """A max_concurrency above that of the run, which bounds it anyway."""
    own, most = one.step.settings.max_concurrency, one.run.max_concurrency
    if own is not None and own > most:
        message = f"{own} agents at once can never be reached, because the run allows {most}"
        raise_it = f"Raise the run's max_concurrency to {own}"
        lower_it = f"Lower it to {most}"
        yield one.problem(
            "info",
            "concurrency-above-run",
            message,
            setting_fix(raise_it, own, path="", field="max_concurrency"),
            setting_fix(lower_it, most, path=one.path, field="max_concurrency"),
            keys=("max_concurrency",),
        )


def endless_conditions(one: OneOrchestrator) -> Iterator[Problem]:
    """Loops that only their limits end."""
    step = one.step
    if step.mode == "loop" and not str(setting(step, "condition", "")).strip():
        passes = setting(step, "max_iterations", "its limit of")
        message = f"it has no condition, so it runs {passes} times unless the state's "
        message += "loop_completed becomes true"
        fix = Fix('Give it a condition, such as "quality >= 0.8"')
        yield one.problem("info", "no-condition", message, fix, keys=("condition",))


def waits_that_shrink(one: OneAgent) -> Iterator[Problem]:
    """Retry policies whose longest wait is shorter than their first."""
    policy = one.spec.retry_policy
    if policy is not None and policy.max_retries > 0 and _shrinks(policy):
        message = (
            f"max_delay_ms {policy.max_delay_ms} is below base_delay_ms "
            f"{policy.base_delay_ms}, so every wait is the shorter one"
        )
        field = "retry_policy.max_delay_ms"
        fix = Fix(
            f"Raise max_delay_ms to {policy.base_delay_ms}",
            "set_agent",
            {"name": one.name, "field": field, "value": policy.base_delay_ms},
        )
        keys = ("retry_policy", "max_delay_ms")
        yield one.problem("warning", "retry-delays", message, fix, keys=keys)


def no_time_for_the_run(survey: Survey) -> Iterator[Problem]:
    """A timeout of zero, which ends the run before it begins."""
    if survey.flow.settings.timeout == timedelta(0):
        fix = setting_fix("Remove the timeout", None, path="", field="timeout")
        keys = ("orchestration", "timeout")
        yield survey.of_flow("error", "zero-timeout", _NO_TIME, fix, keys=keys)


def no_time_for_members(one: OneOrchestrator) -> Iterator[Problem]:
    """Timeouts of zero on an orchestrator."""
    for field in ("timeout", "agent_timeout"):
        if setting(one.step, field, None) == timedelta(0):
            fix = setting_fix("Remove the timeout", None, path=one.path, field=field)
            yield one.problem("error", "zero-timeout", _NO_TIME, fix, keys=(field,))


def no_time_for_an_agent(one: OneAgent) -> Iterator[Problem]:
    """An agent's timeout of zero."""
    if one.spec.timeout == timedelta(0):
        arguments = {"name": one.name, "field": "timeout", "value": None}
        fix = Fix("Remove the timeout", "set_agent", arguments)
        yield one.problem("error", "zero-timeout", _NO_TIME, fix, keys=("timeout",))


def _is_share(value: float) -> bool:
    return 0.0 <= value <= 1.0


def _no_share(value: float) -> str:
    return f"failure_threshold {value:g} is no share between 0 and 1"


def _meant_share(value: float) -> tuple[str, float]:
    """What somebody meant who wrote this, and the title of the fix: 30 was thirty percent."""
    if 1 < value <= 100:
        return f"Write {value / 100:g} for {value:g} percent", value / 100
    nearest = 1.0 if value > 1 and not math.isnan(value) else 0.0
    return f"Set it to {nearest:g}", nearest


def _shrinks(policy: RetryPolicy) -> bool:
    return policy.max_delay_ms < policy.base_delay_ms


RULES: tuple[Rule, ...] = (
    run_threshold_out_of_range,
    EachOrchestrator(thresholds_out_of_range),
    EachOrchestrator(needless_concurrency),
    EachOrchestrator(endless_conditions),
    EachAgent(waits_that_shrink),
    no_time_for_the_run,
    EachOrchestrator(no_time_for_members),
    EachAgent(no_time_for_an_agent),
)
