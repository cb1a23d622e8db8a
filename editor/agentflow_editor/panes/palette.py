"""The palette: everything that can stand on the canvas, to be dragged there or added by a key."""

import json
from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import (
    QEvent,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QFont, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QTreeView, QVBoxLayout, QWidget

from agentflow.flow.flow import Flow
from agentflow_editor.document import edits
from agentflow_editor.document.sheet import Layout, Sheet
from agentflow_editor.looks.fonts import pixels
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import on_one_line, plain_tooltip
from agentflow_editor.looks.theme import Theme
from agentflow_editor.panes.base import Pane
from agentflow_editor.widgets.empty import OrEmpty
from agentflow_editor.widgets.wide_tree import WideTree
from agentflow_editor.workbench import Workbench

__all__ = ["MIME", "PANE", "Palette"]

MIME = "application/x-agentflow-step"
"""What is dragged: JSON with "agent_type", "mode" or "agent"."""
_WHAT = int(Qt.ItemDataRole.UserRole)
_ICON = _WHAT + 1
_WORDS = _WHAT + 2

Offer = tuple[str, dict[str, str], str, str, str]
"""(title, what is dragged, icon, role of its colour, summary)"""


class _Model(QStandardItemModel):
    """Groups of offers. An offer is dragged as JSON, never as anything that Qt would unpack."""

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        for index in indexes:
            data.setData(MIME, json.dumps(index.data(_WHAT)).encode())
        return data


class _Keys(QObject):
    """Lets the arrow keys leave the search line for the list."""

    def __init__(self, search: QLineEdit, tree: QTreeView) -> None:
        super().__init__(search)
        self._tree = tree
        search.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up)
        ):
            self._tree.setFocus()
            return True
        return super().eventFilter(watched, event)


class Palette(QWidget):
    """A search line over a list of agent types, orchestrators and the flow's own agents."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._bench = workbench
        self._own: tuple[tuple[str, str], ...] | None = None
        self._model = _Model(self)
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self._model)
        self._shown.setRecursiveFilteringEnabled(True)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._shown.setFilterRole(_WORDS)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search what can be added")
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._add_current)
        self.tree = self._made_tree()
        _Keys(self.search, self.tree)
        self._pages = OrEmpty(self.tree, "magnify-close", "Nothing here is called that.")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self._pages, 1)
        workbench.document.changed.connect(self._on_changed)
        workbench.theme.changed.connect(self._paint)
        self._fill()
        self._paint(workbench.theme.theme)

    def _made_tree(self) -> QTreeView:
        tree = WideTree()
        tree.setModel(self._shown)
        tree.setRootIsDecorated(False)
        tree.setItemsExpandable(False)
        tree.setIndentation(4)
        tree.setDragEnabled(True)
        tree.setDragDropMode(QTreeView.DragDropMode.DragOnly)
        tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        tree.setAccessibleName("What can be added")
        tree.activated.connect(self._add)
        return tree

    def _on_changed(self, before: Sheet, after: Sheet) -> None:
        if before.flow.agents is not after.flow.agents and self._own != _own(after.flow):
            self._fill()
            self._paint(self._bench.theme.theme)

    def _fill(self) -> None:
        self._model.clear()
        catalogue, flow = self._bench.catalogue, self._bench.document.sheet.flow
        self._own = _own(flow)
        modes: list[Offer] = [
            (it.title, {"mode": it.name}, it.icon, it.name, it.summary)
            for it in catalogue.modes.values()
        ]
        types: list[Offer] = [
            (it.title, {"agent_type": it.name}, it.icon, "agent", it.summary)
            for it in catalogue.agent_types.values()
        ]
        own: list[Offer] = []
        for name, type_name in self._own:
            kind = catalogue.agent_types.get(type_name)
            summary = flow.agents[name].description or (kind.title if kind else type_name)
            picture = kind.icon if kind else "puzzle-outline"
            own.append((name, {"agent": name}, picture, "agent", f"{name}: {summary}"))
        groups = (("Orchestrators", modes), ("Agents", types), ("Agents of This Flow", own))
        for title, offers in groups:
            if offers:
                self._model.appendRow(_group(title, offers))
        self.tree.expandAll()
        self._pages.show_contents(True)

    def _filter(self, text: str) -> None:
        self._shown.setFilterFixedString(text.strip())
        self.tree.expandAll()
        self._pages.show_contents(self._shown.rowCount() > 0)
        first = self._shown.index(0, 0, self._shown.index(0, 0))
        self.tree.setCurrentIndex(first if text.strip() else QModelIndex())

    def _add_current(self) -> None:
        self._add(self.tree.currentIndex())

    def _add(self, index: QModelIndex | QPersistentModelIndex) -> None:
        what = cast("dict[str, str] | None", index.data(_WHAT))
        if what is None:
            return
        document = self._bench.document
        before = document.sheet
        after = self._added(before, what, _slot_after(before, self._bench.selection.current))
        new = edits.new_paths(before, after)
        # Without a position of its own the document finds it one beside its neighbours.
        placed = {path: at for path, at in after.layout.items() if path not in new}
        document.edit(f"Add {index.data()}", after.with_layout(Layout(placed)))
        self._bench.selection.select(new[:1])

    def _added(self, sheet: Sheet, what: dict[str, str], slot: edits.Slot) -> Sheet:
        nowhere = (-1_000_000, -1_000_000)
        catalogue = self._bench.catalogue
        if "mode" in what:
            return edits.add_orchestrator(
                sheet, what["mode"], nowhere, catalogue=catalogue, slot=slot
            )
        if "agent" in what:
            return edits.add_use(sheet, what["agent"], nowhere, slot=slot)
        return edits.add_agent(sheet, what["agent_type"], nowhere, catalogue=catalogue, slot=slot)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            for row in range(self._model.rowCount()):
                self._model.item(row).setFont(_small())

    def _paint(self, theme: Theme) -> None:
        self._pages.paint(theme)
        for row in range(self._model.rowCount()):
            group = self._model.item(row)
            group.setForeground(theme.color("muted"))
            for number in range(group.rowCount()):
                offer = group.child(number)
                name, role = offer.data(_ICON)
                offer.setIcon(icon(name, theme.color(role), selected=theme.on_accent))


def _group(title: str, offers: list[Offer]) -> QStandardItem:
    group = QStandardItem(title)
    group.setFlags(Qt.ItemFlag.ItemIsEnabled)
    group.setFont(_small())
    for name, what, picture, role, summary in offers:
        offer = QStandardItem(on_one_line(name))
        offer.setData(what, _WHAT)
        offer.setData((picture, role), _ICON)
        offer.setData(f"{name} {summary}", _WORDS)
        offer.setToolTip(plain_tooltip(summary))
        offer.setFlags(
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )
        group.appendRow(offer)
    return group


def _small() -> QFont:
    font = QFont()
    font.setPixelSize(pixels(11))
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _own(flow: Flow) -> tuple[tuple[str, str], ...]:
    return tuple((name, spec.type) for name, spec in flow.agents.items())


def _slot_after(sheet: Sheet, path: str | None) -> edits.Slot:
    """Behind a step; behind the last one of the flow where none is selected."""
    for place in sheet.flow.places():
        if path and place.path == path:
            return edits.Slot(place.owner, place.chain, place.index + 1)
    return edits.Slot("", 0, 0 if path == "" else len(sheet.flow.root.steps))


PANE = Pane(id="palette", title="Palette", icon="view-grid-plus", area="left", build=Palette)
