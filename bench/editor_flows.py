"""Flows of any size to draw: every mode, nested, in rows as a person would fold a long flow."""

from collections.abc import Iterator
from pathlib import Path

from agentflow.catalogue import Catalogue
from agentflow.flow.load import parse
from agentflow_editor.document.layout import arrange
from agentflow_editor.document.sheet import Sheet

__all__ = ["busy_text", "flow_text", "telling_text", "write_busy_flow", "write_flow"]

GROUP = 12
"""The steps of one group: an agent, a parallel step of four, a loop of two, a router of two."""
ROW = 8
"""Groups that stand side by side."""
BRANCHES, BODY = 125, 7
"""A busy flow: how many loops run side by side, and over how many agents each."""
PAUSE = "15ms"
"""How long such an agent takes: two entries each, so some 10,000 a second of all together."""
BETWEEN = 120
"""Scene units between two rows."""


def write_flow(folder: Path, steps: int, catalogue: Catalogue, *, placed: bool = True) -> Path:
    """Write a flow of so many steps; without positions the editor has to lay it out."""
    folder.mkdir(parents=True, exist_ok=True)
    text = flow_text(steps)
    if placed:
        text += _positions(text, catalogue)
    target = folder / "agentflow.toml"
    target.write_text(text, encoding="utf-8")
    return target


def write_busy_flow(folder: Path) -> Path:
    """Write a flow of a thousand steps that goes on and on, with 10,000 entries a second."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "agentflow.toml"
    target.write_text(busy_text(), encoding="utf-8")
    return target


def busy_text() -> str:
    """Loops side by side, none of which ends."""
    loops = [f"again{number}" for number in range(BRANCHES)]
    bodies = {
        loop: [f"step{number}-{it}" for it in range(BODY)] for number, loop in enumerate(loops)
    }
    head = '[agent_flow]\nname = "busy"\n\n[orchestration]\nmode = "collaborative"\n'
    root = f"max_concurrency = {BRANCHES}\n\n[orchestration.collaborative]\nagents = {loops}\n"
    rest = (
        f'[orchestrators.{loop}]\nmode = "loop"\nagents = {body}\nmax_iterations = 100_000\n'
        for loop, body in bodies.items()
    )
    agents = (
        f'[agents.{name}]\ntype = "scripted"\ndelay = "{PAUSE}"\noutput = {{ n = 1 }}\n'
        for body in bodies.values()
        for name in body
    )
    return "\n".join([head + root, *rest, *agents])


def telling_text(base_url: str) -> str:
    """One agent, which says what a model on this machine says."""
    return f'''[agent_flow]
name = "teller"

[orchestration]
mode = "sequential"

[orchestration.sequential]
agents = ["teller"]

[llm]
provider = "openai"
model = "teller"
base_url = "{base_url}"

[agents.teller]
type = "llm"
system_prompt = "Go on and on."
'''


def flow_text(steps: int) -> str:
    """The file of a flow of so many steps, without positions."""
    groups, rest = divmod(steps, GROUP)
    stages = [stage for number in range(groups) for stage in _stages(number)]
    stages += [_stage(f"last{number}", f'agents = ["last{number}"]') for number in range(rest)]
    agents = [name for number in range(groups) for name in _agents(number)]
    agents += [f"last{number}" for number in range(rest)]
    head = f'[agent_flow]\nname = "{steps} steps"\n\n[orchestration]\nmode = "mixed"\n'
    return "\n".join([head, *stages, *map(_agent, agents)])


def _stages(number: int) -> Iterator[str]:
    yield _stage(f"fetch{number}", f'agents = ["fetch{number}"]')
    members = f'["news{number}", "papers{number}", ["reader{number}", "summary{number}"]]'
    yield _stage(f"both{number}", f'mode = "collaborative"\nagents = {members}')
    body = f'agents = ["writer{number}", "critic{number}"]\nmax_iterations = 2'
    yield _stage(f"refine{number}", f'mode = "loop"\n{body}\ncondition = "score >= 1.0"')
    case = f"""name = "good"\nwhen = "score > 0.5"\nagents = ["answer{number}"]"""
    router = _stage(f"sort{number}", f'mode = "route"\ndefault = ["archive{number}"]')
    yield f"{router}\n[[orchestration.mixed.stages.cases]]\n{case}\n"


def _stage(name: str, rest: str) -> str:
    return f'[[orchestration.mixed.stages]]\nname = "{name}"\n{rest}\n'


def _agents(number: int) -> Iterator[str]:
    names = ("fetch", "news", "papers", "reader", "summary", "writer", "critic", "answer")
    yield from (f"{name}{number}" for name in (*names, "archive"))


def _agent(name: str) -> str:
    score = "1.0" if name.startswith("critic") else "0.0"
    return f'[agents.{name}]\ntype = "scripted"\noutput = {{ score = {score} }}\n'


def _positions(text: str, catalogue: Catalogue) -> str:
    """The automatic layout, cut into rows: a flow of a thousand steps is no line."""
    flow = parse(text, catalogue).flow
    laid = arrange(Sheet(flow), catalogue)
    starts = {f"fetch{number}": number for number in range(0, len(flow.root.steps), ROW)}
    height = max(y for _, y in laid.values()) - min(y for _, y in laid.values()) + BETWEEN
    row, left = 0, 0
    lines = ["[editor.nodes]"]
    for path, (x, y) in laid.items():
        if path in starts and x != left:
            row, left = row + 1, x
        lines.append(f'"{path}" = [{x - left}, {y + row * height}]')
    return "\n".join(lines) + "\n"
