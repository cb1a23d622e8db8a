"""FlowGraph: NodeGraphQt's graph as a mere holder of what is drawn.

It has no history, no session and no edits of its own: the document has. Nodes are made, changed and
removed as the document says, and what a person does on the canvas never reaches its model first.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.items import NodeItem
from agentflow_editor.canvas.library import BaseNode, NodeGraph
from agentflow_editor.canvas.link_item import LinkItem
from agentflow_editor.canvas.scene import Box, Link, LinkKey
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document.ports import IN, NEXT

__all__ = ["FlowGraph"]


class InertUndoStack(QUndoStack):
    """The library's history, switched off: what is pushed is done and forgotten."""

    def push(self, cmd: QUndoCommand) -> None:
        cmd.redo()

    def beginMacro(self, text: str) -> None:
        """Nothing: there is nothing to group."""

    def endMacro(self) -> None:
        """Nothing: there is nothing to group."""


class StepNode(BaseNode):
    """A node of any kind; what it is stands in its item's box."""

    __identifier__ = "agentflow"

    def __init__(self) -> None:
        super().__init__(NodeItem)


class FlowGraph(NodeGraph):
    """The nodes and links on the canvas, by path."""

    def __init__(self, view: FlowView, parent: QObject) -> None:
        super().__init__(parent, undo_stack=InertUndoStack(parent), viewer=view)
        # Its own check for cycles takes exponential time; the tree cannot hold one anyway.
        self.set_acyclic(False)
        self._links: dict[LinkKey, LinkItem] = {}

    def add_box(self, box: Box, ink: Ink) -> None:
        """Make a node."""
        node = StepNode()
        node.model.id = node.view.id = box.path
        if box.kind != "start":
            node.add_input(IN, multi_input=True)
        for name in (NEXT, *(port.name for port in box.ports)):
            node.add_output(name)
        node.view.ink, node.view.box = ink, box
        self.add_node(node, pos=[box.x, box.y], selected=False, push_undo=False)
        node.view.show_box(box)

    def remove_box(self, path: str) -> None:
        """Take a node away."""
        self.remove_node(self._node(path), push_undo=False)

    def add_link(self, link: Link, ink: Ink) -> None:
        """Make a link between two nodes that are there."""
        begin = self._node(link.source).get_output(link.port)
        end = self._node(link.target).get_input(IN)
        begin.connect_to(end, push_undo=False, emit_signal=False)
        item = begin.view.connected_pipes[-1]
        item.ink = ink
        item.show_link(link)
        self._links[link.key] = item

    def remove_link(self, key: LinkKey) -> None:
        """Take a link away."""
        source, port, target = key
        begin = self._node(source).get_output(port)
        begin.disconnect_from(self._node(target).get_input(IN), push_undo=False, emit_signal=False)
        del self._links[key]

    def node_item(self, path: str) -> NodeItem:
        """The item of a node that is there."""
        return self._node(path).view

    def node_items(self) -> list[NodeItem]:
        """The items of all nodes."""
        return [node.view for node in self.all_nodes()]

    def link_item(self, key: LinkKey) -> LinkItem:
        """The item of a link that is there."""
        return self._links[key]

    def find_link(self, key: LinkKey) -> LinkItem | None:
        """The item of a link; None where there is none."""
        return self._links.get(key)

    def link_items(self) -> list[LinkItem]:
        """The items of all links."""
        return list(self._links.values())

    def _node(self, path: str) -> BaseNode:
        node = self.get_node_by_id(path)
        assert node is not None, path
        return node

    def get_unique_name(self, name: str) -> str:
        # Names are paths here, and comparing all of them for each new node takes quadratic time.
        return name

    def _register_builtin_nodes(self) -> None:
        """None: the catalogue says what there is."""

    def _wire_signals(self) -> None:
        """None: gestures become edits of the document before anything is drawn."""
