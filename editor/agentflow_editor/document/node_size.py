"""Node size: how large a step is drawn, so that all that it says of itself has room."""

from functools import lru_cache
from math import ceil

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentUse, Step
from agentflow_editor.document.lettering import LEADING, broken, widest
from agentflow_editor.document.ports import ChainPort, chain_ports

__all__ = [
    "HEAD",
    "LABEL_SIZE",
    "NOTE_GAP",
    "ROW",
    "START_SIZE",
    "box_size",
    "head_height",
    "row_height",
]

START_SIZE = (96, 40)
"""The width and height of the start."""
WIDTH = 208
HEAD = 56
"""The height of an agent with a name of usual length; the middle of it is level with `next`."""
TITLE_ROOM = 118
"""How wide a line of a name may be beside an icon and the sign of a problem."""
TITLE_SIZE = 11
"""How large the letters of a name are from as far away as it is read from near."""
MOST_LINES = 3
"""Of a name in a head of usual height."""
AROUND_TITLE = 34
"""What a higher head has above the lines of a name, and below them for what kind of step it is."""
ROW = 24
"""The height that a port takes whose words stand on one line."""
ROW_ROOM = 182
"""How wide the words beside a port may be."""
LABEL_SIZE = 11
"""How large their letters are."""
NOTE_GAP = 8
"""Between a port's label and the note left of it."""
LONGEST_NOTE = 6
"""Lines of a note; what is longer is told where the mouse rests."""
FOOT = 8
KEPT = 50_000
"""How many texts' heights are kept ready."""


def box_size(step: Step, catalogue: Catalogue) -> tuple[int, int]:
    """The width and height that a step is drawn with, in scene units."""
    head = head_height(step.name)
    if isinstance(step, AgentUse):
        return WIDTH, head
    return WIDTH, head + sum(map(row_height, chain_ports(step, catalogue))) + FOOT


@lru_cache(maxsize=KEPT)
def head_height(name: str) -> int:
    """How high an agent of this name is, and what an orchestrator shows above its ports."""
    count = _lines(name, TITLE_ROOM, TITLE_SIZE)
    return HEAD if count <= MOST_LINES else ceil(count * TITLE_SIZE * LEADING) + AROUND_TITLE


def row_height(port: ChainPort) -> int:
    """How high the row of a port is: its note stands beside its label, or below it."""
    return _row_height(port.label, port.note)


@lru_cache(maxsize=KEPT)
def _row_height(label: str, note: str) -> int:
    beside = LABEL_SIZE * (widest(label) + widest(note)) + NOTE_GAP
    if beside <= ROW_ROOM:
        return ROW
    below = _lines(note, ROW_ROOM, LABEL_SIZE)
    count = _lines(label, ROW_ROOM, LABEL_SIZE) + (below if below <= LONGEST_NOTE else 0)
    return ROW + ceil((count - 1) * LABEL_SIZE * LEADING)


def _lines(text: str, width: int, size: int) -> int:
    """How many lines a text takes at most."""
    return len(broken(text, width, lambda line: widest(line) * size))
