"""The text of a flow: what did not change stays as it is in the file.

Only the differences to the flow that was read are applied to the file's own text. The text that
comes of it is read again, and has to say exactly the flow that was meant and every other value of
the file; where it does not, the file is written anew in the canonical form, without its comments.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tomlkit.exceptions import TOMLKitError

from agentflow.errors import FlowFileError, SaveError
from agentflow.flow.cannot_edit import CannotEditError
from agentflow.flow.canonical import canonical_text
from agentflow.flow.differences import apply, written
from agentflow.flow.flow import Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.flow_tables import Tables, tables_of
from agentflow.flow.imported import imported
from agentflow.flow.kinds import Kinds
from agentflow.flow.load import parse
from agentflow.flow.plain_tables import PlainTables
from agentflow.flow.read_tables import OUR_TABLES
from agentflow.flow.same_data import is_nothing, is_same_data
from agentflow.flow.sketch import Sketch
from agentflow.flow.spelling import MODE_TABLES
from agentflow.flow.toml_document import TomlDocument
from agentflow.flow.toml_values import table_of
from agentflow.flow.where import Keys

__all__ = ["Positions", "Rendered", "render"]

_CASES: Keys = ("orchestration", "routing", "cases")

Positions = Mapping[str, tuple[int, int]]
"""Path of a step → its node's top left corner, in whole scene units."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a file is to hold."""

    text: str
    """Without byte order mark."""
    rewritten: bool = False
    """Whether the file's own form could not be kept; its comments are gone then."""


def render(
    file: FlowFile | None,
    flow: Flow,
    layout: Positions,
    kinds: Kinds,
    sketch: Sketch | None = None,
) -> Rendered:
    """The text of a flow.

    Args:
        file: what it was read from; None for a flow that is in no file yet. One of another dialect
            becomes native.
        flow: what the text is to say.
        layout: positions of nodes by path.
        kinds: which modes and agent types there are, such as the Catalogue.
        sketch: what else the canvas shows; None leaves that as the file says it.

    Raises:
        SaveError: no text says this flow, such as one with two orchestrators of one name.
    """
    if file is not None and file.dialect is not None:
        file = imported(file, kinds)
    if sketch is None:
        sketch = Sketch() if file is None else file.sketch
    if file is not None and _is_said(file, flow, layout, sketch):
        return Rendered(file.text)
    for rendered, data in _attempts(file, *_states(file, flow, layout, sketch, kinds)):
        try:
            read = parse(rendered.text, kinds)
        except FlowFileError:
            continue
        if _is_said(read, flow, layout, sketch) and is_same_data(read.data, data):
            return rendered
    raise SaveError(
        "no file can say this flow",
        file=None if file is None else file.source,
        fix="look at Problems for names that stand twice or cannot be names",
    )


def _is_said(file: FlowFile, flow: Flow, layout: Positions, sketch: Sketch) -> bool:
    return flow == file.flow and dict(layout) == dict(file.layout) and sketch == file.sketch


def _attempts(file: FlowFile | None, old: Tables, new: Tables) -> Iterator[tuple[Rendered, Tables]]:
    """Texts that may say what is meant, the best first, each with the values that it must have."""
    if file is not None:
        tables = PlainTables(file.data)
        if _applied(tables, old, new, file):
            document = TomlDocument(file.text)
            if _applied(document, old, new, file):
                yield Rendered(document.text), tables.data
            yield from _anew(tables.data, rewritten=True)
    # Where our own tables are broken, at least those of other programs can stay.
    others = {} if file is None else file.data
    foreign = {key: value for key, value in others.items() if key not in OUR_TABLES}
    told = {key: it for key, it in written(new).items() if not is_nothing(it)}
    for key in ("nodes", "notes"):
        if is_nothing(told.get("editor", {}).get(key)):
            told.get("editor", {}).pop(key, None)
    yield from _anew({**foreign, **told}, rewritten=file is not None)


def _applied(target: TomlDocument | PlainTables, old: Tables, new: Tables, file: FlowFile) -> bool:
    try:
        apply(target, old, new, file.spelled)
    except CannotEditError:
        return False
    return True


def _anew(data: Tables, *, rewritten: bool) -> Iterator[tuple[Rendered, Tables]]:
    try:
        yield Rendered(canonical_text(data), rewritten), data
    except (TOMLKitError, ValueError, TypeError):
        return  # A value that TOML has no form for.


def _states(
    file: FlowFile | None, flow: Flow, layout: Positions, sketch: Sketch, kinds: Kinds
) -> tuple[Tables, Tables]:
    """The tables of the flow that was read and of the one to be written, in the file's form."""
    if file is None:
        return {}, tables_of(flow, layout, sketch, kinds, staged=False)
    staged = _is_staged(file)
    old = tables_of(file.flow, file.layout, file.sketch, kinds, staged=staged)
    new = tables_of(flow, layout, sketch, kinds, staged=staged)
    before, after = old["orchestration"], new["orchestration"]
    if before["mode"] != after["mode"] and "mixed" not in (before["mode"], after["mode"]):
        # The table of a mode that is no longer active is kept for the day when it is again.
        before.pop(MODE_TABLES.get(before["mode"], before["mode"]), None)
    implied = _CASES in file.spelled and not file.spelled[_CASES].keys
    if implied and list(flow.agents) != list(file.flow.agents):
        # A case for each agent was implied; which agents there are says nothing of cases now.
        before.get(_CASES[1], {}).pop(_CASES[2], None)
    return old, new


def _is_staged(file: FlowFile) -> bool:
    """Whether the root is written as stages."""
    told = table_of(file.data.get("orchestration")) or {}
    return told.get("mode") == "mixed" or ("mode" not in told and "mixed" in told)
