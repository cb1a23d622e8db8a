"""Inner flows: the files that a flow's agents run as a step, read without running them."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from agentflow.errors import FlowFileError, SetupError
from agentflow.flow.flow import AgentSpec, Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.kinds import Kinds
from agentflow.flow.load import load

__all__ = ["MOST_DEPTH", "FlowRunner", "inner_faults", "inner_file", "inner_flows", "named_files"]

MOST_DEPTH = 10
"""How deep flows may run one another."""


class FlowRunner(Protocol):
    """What is to be known of an agent type that may run another flow. AgentType is one."""

    @property
    def flow_file(self) -> Callable[[AgentSpec], str]: ...


def inner_file(folder: Path, name: str) -> Path:
    """The file that a name means to a flow in a folder.

    Raises:
        SetupError: it is outside that folder. A stranger's flow must not read the rest of the disk.
    """
    home = folder.resolve()
    file = (home / name).resolve()
    if not file.is_relative_to(home):
        raise SetupError(f"{name!r} is outside the flow's own folder; move it in")
    return file


def named_files(flow: Flow, types: Mapping[str, FlowRunner]) -> Iterator[tuple[str, str]]:
    """(agent, name of a flow file) of each agent that is to run one."""
    for agent, spec in flow.agents.items():
        kind = types.get(spec.type)
        name = kind.flow_file(spec) if kind else ""
        if name and "${" not in name:
            yield agent, name


def inner_flows(
    flow: Flow, folder: Path, kinds: Kinds, types: Mapping[str, FlowRunner]
) -> Iterator[tuple[Path, Flow]]:
    """Every flow that could come to run, however deep, each once, as far as it can be read."""
    seen: set[Path] = set()
    waiting = [(flow, folder)]
    while waiting:
        outer, home = waiting.pop()
        for _, name in named_files(outer, types):
            opened = _opened(home, name, kinds)
            if isinstance(opened, FlowFile) and opened.source and opened.source not in seen:
                seen.add(opened.source)
                yield opened.source, opened.flow
                waiting.append((opened.flow, opened.source.parent))


def inner_faults(
    flow: Flow, source: Path, kinds: Kinds, types: Mapping[str, FlowRunner]
) -> Iterator[tuple[str, str]]:
    """(agent, what is wrong with the flow that it runs), for the agents of one flow."""
    sound: set[Path] = set()
    for agent, name in named_files(flow, types):
        if fault := _fault((source.resolve(),), name, kinds, types, sound):
            yield agent, fault


def _fault(
    trail: tuple[Path, ...],
    name: str,
    kinds: Kinds,
    types: Mapping[str, FlowRunner],
    sound: set[Path],
) -> str:
    """What is wrong with a flow or one that it runs; "" for nothing. `trail` leads to it."""
    opened = _opened(trail[-1].parent, name, kinds)
    if isinstance(opened, str):
        return opened
    file = opened.source or Path(name)
    if file in trail:
        return f"it would run itself ({' → '.join(it.name for it in (*trail, file))})"
    if len(trail) > MOST_DEPTH:
        return f"flows run one another more than {MOST_DEPTH} deep"
    if file in sound:
        return ""
    for _, inner in named_files(opened.flow, types):
        if fault := _fault((*trail, file), inner, kinds, types, sound):
            return fault
    sound.add(file)
    return ""


def _opened(folder: Path, name: str, kinds: Kinds) -> FlowFile | str:
    """The file as it was read, or why it cannot be."""
    try:
        return load(inner_file(folder, name), kinds)
    except FlowFileError as error:
        return f"{name!r} {error.what}"
    except SetupError as error:
        return str(error)
