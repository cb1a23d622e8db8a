"""Library: the classes of NodeGraphQt that the canvas stands on, with types.

NodeGraphQt has none, and what can be guessed of it is that of another Qt. Declared here is what the
canvas uses of it and nothing else, private names included: its version is pinned.
"""

from typing import TYPE_CHECKING, Any

import agentflow_editor.process.stand_ins  # noqa: F401  # pyright: ignore[reportUnusedImport] - before NodeGraphQt

__all__ = [
    "INPUT",
    "NO_GRID",
    "OUTPUT",
    "AbstractNodeItem",
    "BaseNode",
    "NodeGraph",
    "NodeViewer",
    "PipeItem",
    "PortItem",
]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject, QPoint, QRectF
    from PySide6.QtGui import QUndoStack
    from PySide6.QtWidgets import (
        QGraphicsItem,
        QGraphicsPathItem,
        QGraphicsScene,
        QGraphicsView,
        QWidget,
    )

    INPUT: str
    OUTPUT: str
    NO_GRID: int

    class PortItem(QGraphicsItem):
        """A port, as an item."""

        _name: str
        _port_type: str
        _pipes: list[Any]
        _multi_connection: bool
        _locked: bool
        _hovered: bool
        _display_name: bool
        name: str
        connected_pipes: list[Any]

    class AbstractNodeItem(QGraphicsItem):
        """A node, as an item."""

        _properties: dict[str, Any]
        _width: float
        _height: float
        id: str

        def __init__(self, name: str = "node", parent: QGraphicsItem | None = None) -> None: ...

    class PipeItem(QGraphicsPathItem):
        """A link, as an item."""

        _input_port: Any
        _output_port: Any

        def set_connections(self, port1: PortItem, port2: PortItem) -> None: ...

    class NodeScene(QGraphicsScene):
        """The scene."""

        grid_mode: int

    class NodeViewer(QGraphicsView):
        """The view."""

        _scene_range: QRectF
        _previous_pos: QPoint
        _search_widget: QWidget

        def _update_scene(self) -> None: ...
        def scene(self) -> NodeScene: ...

    class Port:
        """A port, as the graph knows it."""

        view: Any

        def connect_to(self, port: "Port", push_undo: bool, emit_signal: bool) -> None: ...
        def disconnect_from(self, port: "Port", push_undo: bool, emit_signal: bool) -> None: ...

    class BaseNode:
        """A node, as the graph knows it."""

        model: Any
        view: Any

        def __init__(self, qgraphics_item: type[AbstractNodeItem]) -> None: ...
        def add_input(self, name: str, multi_input: bool) -> Port: ...
        def add_output(self, name: str) -> Port: ...
        def get_input(self, port: str) -> Port: ...
        def get_output(self, port: str) -> Port: ...

    class NodeGraph(QObject):
        """The graph."""

        def __init__(
            self, parent: QObject, *, undo_stack: QUndoStack, viewer: NodeViewer
        ) -> None: ...
        def set_acyclic(self, mode: bool) -> None: ...
        def add_node(
            self, node: BaseNode, pos: Sequence[float], selected: bool, push_undo: bool
        ) -> None: ...
        def remove_node(self, node: BaseNode, push_undo: bool) -> None: ...
        def get_node_by_id(self, node_id: str) -> BaseNode | None: ...
        def all_nodes(self) -> list[BaseNode]: ...

else:
    from NodeGraphQt import BaseNode, NodeGraph
    from NodeGraphQt.constants import PortTypeEnum, ViewerEnum
    from NodeGraphQt.qgraphics.node_abstract import AbstractNodeItem
    from NodeGraphQt.qgraphics.pipe import PipeItem
    from NodeGraphQt.qgraphics.port import PortItem
    from NodeGraphQt.widgets.viewer import NodeViewer

    INPUT, OUTPUT = PortTypeEnum.IN.value, PortTypeEnum.OUT.value
    NO_GRID = ViewerEnum.GRID_DISPLAY_NONE.value
