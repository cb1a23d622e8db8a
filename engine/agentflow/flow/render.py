"""The text of a flow: what did not change stays as it is in the file.

Only the differences to the flow that was read are applied to the file's own text. The text that
comes of it is read again, and has to say exactly the flow that was meant and every other value of
the file; where it does not, the file is written anew in the canonical form, without its comments.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tomlkit.exceptions import TOMLKitError

from agentflow.errors import FlowFileError, SaveError
from agentflow.flow.canonical import canonical_text
from agentflow.flow.differences import written
from agentflow.flow.flow import Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.flow_tables import TableMaker, Tables
from agentflow.flow.imported import imported
from agentflow.flow.kinds import Kinds
from agentflow.flow.load import parse
from agentflow.flow.read_tables import OUR_TABLES
from agentflow.flow.rewriting import Positions, Rewriting
from agentflow.flow.same_data import is_nothing, is_same_data
from agentflow.flow.sketch import Sketch

__all__ = ["Positions", "Rendered", "render"]


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
    for rendered, data in _attempts(file, flow, layout, sketch, kinds):
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


def _attempts(
    file: FlowFile | None, flow: Flow, layout: Positions, sketch: Sketch, kinds: Kinds
) -> Iterator[tuple[Rendered, Tables]]:
    """Texts that may say what is meant, the best first, each with the values that it must have."""
    if file is None:
        new = TableMaker(kinds).tables(flow, layout, sketch, staged=False)
    else:
        rewriting = Rewriting(file, TableMaker(kinds))
        data = rewriting.data(flow, layout, sketch)
        if data is not None:
            document = rewriting.document(flow, layout, sketch)
            if document is not None:
                yield Rendered(document.text), data
            yield from _anew(data, rewritten=True)
        new = rewriting.states(flow, layout, sketch)[1]
    # Where our own tables are broken, at least those of other programs can stay.
    others = {} if file is None else file.data
    foreign = {key: value for key, value in others.items() if key not in OUR_TABLES}
    told = {key: it for key, it in written(new).items() if not is_nothing(it)}
    for key in ("nodes", "notes"):
        if is_nothing(told.get("editor", {}).get(key)):
            told.get("editor", {}).pop(key, None)
    yield from _anew({**foreign, **told}, rewritten=file is not None)


def _anew(data: Tables, *, rewritten: bool) -> Iterator[tuple[Rendered, Tables]]:
    try:
        yield Rendered(canonical_text(data), rewritten), data
    except (TOMLKitError, ValueError, TypeError):
        return  # A value that TOML has no form for.
