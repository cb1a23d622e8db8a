"""Rewriting: one file's own text with the differences of one flow after another."""

from collections.abc import Mapping
from functools import cached_property

from agentflow.flow.cannot_edit import CannotEditError
from agentflow.flow.differences import Target, apply
from agentflow.flow.flow import Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.flow_tables import TableMaker, Tables
from agentflow.flow.plain_tables import PlainTables
from agentflow.flow.sketch import Sketch
from agentflow.flow.spelling import MODE_TABLES
from agentflow.flow.toml_document import TomlDocument
from agentflow.flow.toml_values import table_of
from agentflow.flow.where import Keys

__all__ = ["Positions", "Rewriting"]

_CASES: Keys = ("orchestration", "routing", "cases")

Positions = Mapping[str, tuple[int, int]]
"""Path of a step → its node's top left corner, in whole scene units."""


class Rewriting:
    """Edits copies of a file's text. What a flow shares with the last one is not worked out again.

    So the text of a flow of a thousand steps is there within some milliseconds of an edit.
    """

    def __init__(self, file: FlowFile, maker: TableMaker) -> None:
        """Make it.

        Args:
            file: as it was read; in the native format.
            maker: makes the tables of flows; it may know many of them already.
        """
        self.file = file
        """What is rewritten."""
        self._maker = maker

    def document(self, flow: Flow, layout: Positions, sketch: Sketch) -> TomlDocument | None:
        """The file's text with what differs in it; None where the text cannot hold that.

        It is not read again: whoever saves it has to see whether it says what is meant.
        """
        document = self.unedited.copy()
        return document if self.apply(document, flow, layout, sketch) else None

    def data(self, flow: Flow, layout: Positions, sketch: Sketch) -> Tables | None:
        """The file's values with what differs in them; None where they cannot hold that."""
        tables = PlainTables(self.file.data)
        return tables.data if self.apply(tables, flow, layout, sketch) else None

    def apply(self, target: Target, flow: Flow, layout: Positions, sketch: Sketch) -> bool:
        """Make a target that says what the file does say this flow; whether it can."""
        old, new = self.states(flow, layout, sketch)
        try:
            apply(target, old, new, self.file.spelled)
        except CannotEditError:
            return False
        return True

    def states(self, flow: Flow, layout: Positions, sketch: Sketch) -> tuple[Tables, Tables]:
        """The tables of the flow that was read and of this one, in the file's form."""
        file, old = self.file, self._old
        new = self._maker.tables(flow, layout, sketch, staged=self._is_staged)
        before, after = old["orchestration"], new["orchestration"]
        if before["mode"] != after["mode"] and "mixed" not in (before["mode"], after["mode"]):
            # The table of a mode that is no longer active is kept for the day when it is again.
            before = _without(before, MODE_TABLES.get(before["mode"], before["mode"]))
        implied = _CASES in file.spelled and not file.spelled[_CASES].keys
        if implied and list(flow.agents) != list(file.flow.agents) and _CASES[1] in before:
            # A case for each agent was implied; which agents there are says nothing of cases now.
            before = {**before, "routing": _without(before["routing"], _CASES[2])}
        return {**old, "orchestration": before}, new

    @cached_property
    def _old(self) -> Tables:
        file = self.file
        return self._maker.tables(file.flow, file.layout, file.sketch, staged=self._is_staged)

    @cached_property
    def unedited(self) -> TomlDocument:
        """The file's text as it is. Nobody may edit this one."""
        return TomlDocument(self.file.text)

    @property
    def _is_staged(self) -> bool:
        """Whether the root is written as stages."""
        told = table_of(self.file.data.get("orchestration")) or {}
        return told.get("mode") == "mixed" or ("mode" not in told and "mixed" in told)


def _without(table: Tables, key: object) -> Tables:
    return {it: value for it, value in table.items() if it != key}
