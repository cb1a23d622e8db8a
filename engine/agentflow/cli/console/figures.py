"""Figures: a run's metrics as a table of text, a row an agent."""

from collections.abc import Iterator

# Who has figures to tell imports this module: rich is heavier than a small flow's whole run.
from rich.cells import set_cell_size

from agentflow.cli.console.safe import one_line
from agentflow.running.metrics import AgentMetrics, Metrics
from agentflow.wording import duration

__all__ = ["figure_lines"]

_HEADS = ("steps", "failed", "retries", "success", "p50", "p95", "p99", "max")
_WIDTH = 8
_WIDEST_NAME = 40


def figure_lines(metrics: Metrics) -> Iterator[str]:
    """The table's lines; none for a run of no agents."""
    if not metrics.agents:
        return
    names = {name: one_line(name, _WIDEST_NAME) for name in metrics.agents}
    width = max(5, *(len(name) for name in names.values()))
    yield _line("agent", width, _HEADS)
    for name, agent in metrics.agents.items():
        yield _line(names[name], width, _cells(agent))


def _cells(agent: AgentMetrics) -> tuple[str, ...]:
    times = (agent.median, agent.p95, agent.p99, agent.max)
    told = [duration(it) for it in times] if agent.count else ["-"] * len(times)
    share = f"{agent.success_rate:.0%}" if agent.count else "-"
    return (str(agent.count), str(agent.failed), str(agent.retries), share, *told)


def _line(name: str, width: int, cells: tuple[str, ...]) -> str:
    return set_cell_size(name, width) + "".join(f"{cell:>{_WIDTH}}" for cell in cells)
