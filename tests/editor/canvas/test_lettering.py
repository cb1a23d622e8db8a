"""Names on nodes are written whole at every zoom, in letters that can be read, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from agentflow_editor.canvas.ink import SMALLEST, Ink
from agentflow_editor.canvas.lettering import broken, lettered
from agentflow_editor.canvas.marks import PLAIN
from agentflow_editor.canvas.paint import FAR, paint_box
from agentflow_editor.canvas.scene import Box
from agentflow_editor.looks.theme import LIGHT

NAMES = (
    "writer",
    "quality_checker_for_sources",
    "the second critic of the first draft",
    "summarizer-with-a-long-name.and_version_2",
    "Donaudampfschifffahrtsgesellschaft",
    "W" * 24,
)
ZOOMS = (0.22, 0.25, 0.3, 0.37, 0.45, 0.5, 0.55, 0.61, 0.62, 0.7, 0.8, 1.0, 1.5, 2.0, 3.0)


class Watched(Ink):
    """Notes what is written, and how large it is on the screen."""

    def __init__(self) -> None:
        super().__init__(LIGHT)
        self.written: list[tuple[str, float]] = []

    def text(self, painter, rect, text, face, color, align=None) -> None:
        shown = face.line(text, rect.width()).text
        self.written.append((shown, face.font.pixelSize() * painter.worldTransform().m11()))


def written(name: str, zoom: float) -> list[tuple[str, float]]:
    image = QImage(900, 400, QImage.Format.Format_ARGB32_Premultiplied)
    painter, ink = QPainter(image), Watched()
    painter.scale(zoom, zoom)
    box = Box(path="a", kind="agent", title=name, icon="robot", x=0, y=0, width=208, height=56)
    paint_box(painter, box, PLAIN, ink, zoom=zoom)
    painter.end()
    return [it for it in ink.written if it[0]]


@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_written_whole_and_legible_or_left_out(qapp, name: str, zoom: float) -> None:
    lines = written(name, zoom)

    said = "".join(text for text, _ in lines).replace(" ", "")
    assert said in ("", name.replace(" ", ""))
    assert all(size >= SMALLEST for _, size in lines)
    assert said or zoom < 0.62


def test_a_usual_name_is_read_as_soon_as_nodes_are_more_than_patches(qapp) -> None:
    assert written("writer", FAR) != []


def test_only_a_name_that_no_node_has_room_for_is_shortened_from_near(qapp) -> None:
    lines = [text for text, _ in written("word " * 60, 1.0)]

    assert lines[-1].endswith("…")
    assert len(lines) == 3


@given(st.text(max_size=60), st.integers(1, 30))
def test_a_broken_name_says_the_same(name: str, width: int) -> None:
    lines = broken(name, width, len)

    assert "".join("".join(lines).split()) == "".join(name.split())
    assert all(len(line) <= width for line in lines)


def test_a_name_is_broken_between_its_words() -> None:
    assert broken("quality_checker_for sources", 16, len) == ("quality_checker_", "for sources")
    found = lettered("one two", 4, [(13, 1), (12, 2)], lambda _: len)
    assert found is not None
    assert (found.face, found.lines) == (12, ("one", "two"))
    assert lettered("one two", 4, [(13, 1)], lambda _: len) is None
