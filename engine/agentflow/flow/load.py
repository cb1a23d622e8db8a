"""Reads agentflow.toml into a Flow.

Whatever can be read is read: a value that does not fit becomes a problem and its default. What a
Flow cannot show (wrong values, unknown keys, orchestrators that stand twice) is told here; the
rest is for `check`. Nothing is executed, and nothing but the one file is read.

Steps that hang on nothing stand in a table of ours, a list of chains of names:

    [editor]
    parked = [["draft", "polish"], ["archive"]]

An orchestrator `[orchestrators.<name>]` that nobody names is a parked chain of its own.

A file in another dialect is translated first; what that changed, and what it could not say, is
told with places in the file as it is.
"""

from pathlib import Path
from typing import Any

from agentflow.errors import FlowSyntaxError
from agentflow.flow.dialects.heard import dialect_of, remarks, translated
from agentflow.flow.flow import AgentSpec, Chain, Flow, LlmSettings, PoolSettings
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.kinds import Kinds
from agentflow.flow.lines import LineIndex
from agentflow.flow.read_agents import Known, read_agents, unknown
from agentflow.flow.read_editor import read_layout, read_parked, read_sketch
from agentflow.flow.read_memory import read_memory
from agentflow.flow.read_notes import Notes, TooMuchError
from agentflow.flow.read_root import RootReader
from agentflow.flow.read_settings import as_table, read_settings
from agentflow.flow.read_steps import StepReader
from agentflow.flow.read_tables import read_heading, tell_unknown_tables
from agentflow.flow.spelled import in_file
from agentflow.flow.spelling import canonical
from agentflow.flow.text_guard import Source, parse_toml, read_source, source_of

__all__ = ["FlowFile", "flow_of", "load", "parse"]


def load(path: Path | str, kinds: Kinds) -> FlowFile:
    """Read a file.

    Raises:
        FlowFileError: it cannot be read.
        FlowSyntaxError: it is not TOML, or made to hurt the reader.
    """
    file = Path(path)
    return _read(read_source(file), kinds, file)


def parse(text: str, kinds: Kinds, source: Path | None = None) -> FlowFile:
    """Read a text as if it stood in a file.

    Args:
        text: TOML.
        kinds: which modes and agent types there are, such as the Catalogue.
        source: the file that the text is of, or will be.

    Raises:
        FlowSyntaxError: it is not TOML, or made to hurt the reader.
    """
    # A half of a character cannot be encoded; the guard refuses it with its place.
    raw = text.encode("utf-8", "surrogatepass")
    return _read(source_of(raw, source), kinds, source)


def _read(source: Source, kinds: Kinds, file: Path | None) -> FlowFile:
    try:
        return _read_all(source, kinds, file)
    except TooMuchError as error:
        fix = "split it into flows of their own, if it is meant to be one"
        raise FlowSyntaxError(str(error), file=file, fix=fix) from None


def _read_all(source: Source, kinds: Kinds, file: Path | None) -> FlowFile:
    data = parse_toml(source.text, file)
    notes = Notes()
    dialect = dialect_of(data)
    heard = translated(data, dialect)
    said = canonical(heard.data, notes, heard.spelled)
    spelled = in_file(said.spelled, heard.spelled)
    flow = flow_of(said.data, kinds, notes)
    layout, sketch = read_layout(said.data, notes), read_sketch(said.data, notes)
    tell_unknown_tables(said.data, notes)
    lines = LineIndex(source.text)
    lost, changed = remarks(dialect, heard, spelled, lines) if dialect else ((), ())
    return FlowFile(
        flow=flow,
        layout=layout,
        sketch=sketch,
        problems=(*lost, *notes.problems(spelled, lines)),
        text=source.text,
        source=file,
        data=data,
        native=said.data,
        dialect=dialect,
        translated=changed,
        digest=source.digest,
        lines=lines,
        has_bom=source.has_bom,
        spelled=spelled,
    )


def flow_of(data: dict[str, Any], kinds: Kinds, notes: Notes, known: Known = unknown) -> Flow:
    """What tables in the native form say.

    Args:
        data: the tables.
        kinds: which modes and agent types there are.
        notes: gets what is wrong with them.
        known: tells the agents that need not be read.
    """
    heading = read_heading(data, notes)
    llm = read_settings(LlmSettings, as_table(data.get("llm"), ("llm",), notes), ("llm",), notes)
    agents: dict[str, AgentSpec] = read_agents(data, kinds, notes, known)
    pools = {
        name: read_settings(
            PoolSettings, as_table(it, ("pools", name), notes), ("pools", name), notes
        )
        for name, it in as_table(data.get("pools"), ("pools",), notes).items()
    }
    tables = as_table(data.get("orchestrators"), ("orchestrators",), notes)
    steps = StepReader(kinds, tables, notes)
    orchestration = as_table(data.get("orchestration"), ("orchestration",), notes)
    settings, root = RootReader(kinds, steps, list(agents), notes).read(orchestration)
    parked: tuple[Chain, ...] = read_parked(data, steps, notes)
    return Flow(
        name=heading.name,
        version=heading.version,
        description=heading.description,
        settings=settings,
        llm=llm,
        agents=agents,
        pools=pools,
        memory=read_memory(data, notes),
        root=root,
        parked=parked,
    )
