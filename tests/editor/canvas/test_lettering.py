"""What is written on the canvas is whole at every zoom, and can be read, or it is not there."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from agentflow.flow.flow import AgentUse, Case, Chain, Orchestrator
from agentflow.flow.load import load
from agentflow.orchestrators.loop import LoopSettings
from agentflow_editor.canvas.drafting import build_scene
from agentflow_editor.canvas.ink import LEGIBLE, SMALLEST, TOLERANCE, Ink
from agentflow_editor.canvas.links import label_rect
from agentflow_editor.canvas.marks import PLAIN, Mark
from agentflow_editor.canvas.note_item import paint_note
from agentflow_editor.canvas.paint import CLOSE, FAR, paint_box
from agentflow_editor.canvas.regions import paint_region
from agentflow_editor.canvas.render import paint_scene
from agentflow_editor.canvas.routes import return_path
from agentflow_editor.canvas.scene import Box, Scene
from agentflow_editor.document.layout import completed
from agentflow_editor.document.lettering import broken, lettered
from agentflow_editor.document.sheet import Note, Sheet
from agentflow_editor.looks.theme import LIGHT
from editor.document.drawn import CATALOGUE, sheet

EXAMPLES = Path(__file__).parents[3] / "examples"
NAMES = (
    "writer",
    "quality_checker_for_sources",
    "the second critic of the first draft",
    "summarizer-with-a-long-name.and_version_2",
    "Donaudampfschifffahrtsgesellschaft",
    "W" * 24,
    "W" * 100,
    "m" * 200,
    "漢字" * 50,
    "снова " * 16,
    "a quality checker for all of the sources that were found in the library and in the archive "
    * 2,
)
CONDITIONS = (
    "score >= 0.9",
    "classification == 'question'",
    "classification == 'complaint' && urgency > 3 && !(name in ['ann', 'ben'])",
    "has_no_space_" * 8,
    " || ".join(f"value_{number} == {number}" for number in range(30)),
)
LABELS = ("short", "a case with a long name that nobody reads at a glance", "W" * 40)
ZOOMS = (0.22, 0.25, 0.3, 0.37, 0.45, 0.5, 0.55, 0.6, 0.61, 0.62, 0.7, 0.8, 1.0, 1.5, 2.0, 3.0)


class Watched(Ink):
    """Notes what is written, how large it is on the screen, and where."""

    def __init__(self) -> None:
        super().__init__(LIGHT)
        self.written: list[tuple[str, float, QRectF]] = []

    def text(self, painter, rect, text, face, color, align=None) -> None:
        line = face.line(text)
        if text and line.width <= rect.width() + TOLERANCE:
            scale = painter.worldTransform().m11()
            on_screen = painter.worldTransform().mapRect(rect)
            self.written.append((line.text, face.font.pixelSize() * scale, on_screen))


def written(name: str, zoom: float) -> list[tuple[str, float]]:
    """What is written on the node of an agent."""
    drawn = completed(Sheet(sheet(name).flow), CATALOGUE)
    box = next(it for it in build_scene(drawn, CATALOGUE).boxes.values() if it.path)
    return [(text, size) for text, size, _ in on_box(box, zoom)]


def on_box(box: Box, zoom: float, mark: Mark = PLAIN) -> list[tuple[str, float, QRectF]]:
    ink, painter, image = watched(zoom)
    paint_box(painter, box, mark, ink, zoom=zoom)
    painter.end()
    del image
    return ink.written


def watched(zoom: float) -> tuple[Watched, QPainter, QImage]:
    image = QImage(900, 600, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painter.scale(zoom, zoom)
    return Watched(), painter, image


def scene_of(step: Orchestrator) -> Scene:
    flow = sheet("a").flow.model_copy(update={"root": Chain(steps=(step,))})
    return build_scene(completed(Sheet(flow), CATALOGUE), CATALOGUE)


def router(label: str, condition: str) -> Box:
    """A router whose case has a name and a condition."""
    case = Case(name=label, when=condition)
    chains = (Chain(steps=(AgentUse(agent="a"),), case=case),)
    settings = CATALOGUE.modes["route"].settings()
    step = Orchestrator(name="r", mode="route", settings=settings, chains=chains)
    return scene_of(step).boxes["r"]


def said(lines: list[str]) -> str:
    return "".join("".join(lines).split())


@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_written_whole_and_legible_or_left_out(qapp, name: str, zoom: float) -> None:
    lines = written(name, zoom)

    assert all(size >= SMALLEST for _, size in lines)
    title = said([text for text, _ in lines if text != "Stand-in"])
    assert title in ("", said([name]))
    assert title or zoom < CLOSE


def test_a_usual_name_is_read_as_soon_as_nodes_are_more_than_patches(qapp) -> None:
    assert written("writer", FAR) != []


@pytest.mark.parametrize("name", NAMES)
def test_a_node_is_as_high_as_its_name_needs(qapp, name: str) -> None:
    drawn = completed(Sheet(sheet(name).flow), CATALOGUE)
    box = next(it for it in build_scene(drawn, CATALOGUE).boxes.values() if it.path)

    assert (box.height > 56) == (len(name) > 60)
    ground = QRectF(0, 0, box.width, box.height)
    for zoom in (0.7, 1.0, 2.0):
        for _, _, place in on_box(box, zoom):
            assert ground.contains(QRectF(place.topLeft() / zoom, place.size() / zoom))


@pytest.mark.parametrize("zoom", [0.3, 0.55, LEGIBLE, 0.7, 1.0, 2.0])
@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("label", LABELS)
def test_what_stands_beside_a_port_is_whole_or_left_out(
    qapp, label: str, condition: str, zoom: float
) -> None:
    box = router(label, condition)
    lines = on_box(box, zoom)
    texts = [text for text, size, _ in lines if size < 13 * zoom]
    beside = said([it for it in texts if it not in ("default", "1 case", "Router · 1 case")])

    assert all(size >= SMALLEST for _, size, _ in lines)
    whole, alone = said([label, condition]), said([label])
    assert beside.removesuffix("r") in (("",) if zoom < LEGIBLE else (whole, alone))
    if zoom >= LEGIBLE:
        assert (beside == whole) == (len(condition) < 200)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_no_line_beside_a_port_lies_over_another_one(qapp, condition: str) -> None:
    for label in LABELS:
        places = [place for _, _, place in on_box(router(label, condition), 1.0)]
        middles = sorted(place.center().y() for place in places if place.top() >= 56)
        apart = [after - before for before, after in pairwise(middles)]
        assert all(it == 0 or it > 11 for it in apart)  # a note stands beside a label, or below


def test_a_loop_says_when_it_ends(qapp) -> None:
    settings = LoopSettings(condition=CONDITIONS[2])
    chains = (Chain(steps=(AgentUse(agent="a"),)),)
    box = scene_of(Orchestrator(name="l", mode="loop", settings=settings, chains=chains)).boxes["l"]

    texts = [text for text, _, _ in on_box(box, 1.0)]
    assert said(["until ", CONDITIONS[2]]) in said(texts)


def test_what_a_run_found_is_whole_or_its_sign_alone(qapp) -> None:
    box = router("short", "x > 1")
    (port, *_) = box.ports
    for found in ("✓ x = 3", "✗ " + "a long text that was found " * 9):
        texts = [text for text, _, _ in on_box(box, 1.0, Mark(found={port.name: found}))]
        assert (found in texts) == (len(found) < 20)
        assert any(text.startswith(found[0]) for text in texts)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_what_a_step_is_is_told_in_whole_words(qapp, zoom: float) -> None:
    box = Box(
        path="a", kind="agent", title="a", icon="robot", x=0, y=0, width=208, height=56,
        subtitle="Language model · disabled · used 12×", severity="error",
    )  # fmt: skip
    below = [text for text, size, _ in on_box(box, zoom) if size < 13 * zoom]
    assert below in ([], ["disabled · used 12×"])


@pytest.mark.parametrize("zoom", [0.3, 0.59, LEGIBLE, 1.0])
@pytest.mark.parametrize("name", NAMES)
def test_a_regions_name_is_whole_or_left_out(qapp, name: str, zoom: float) -> None:
    settings = CATALOGUE.modes["loop"].settings()
    chains = (Chain(steps=(AgentUse(agent="a"),)),)
    scene = scene_of(Orchestrator(name=name, mode="loop", settings=settings, chains=chains))
    (region,) = scene.regions.values()
    ink, painter, _image = watched(zoom)
    paint_region(painter, region, ink, return_path(region), zoom=zoom)
    painter.end()
    texts = [text for text, _, _ in ink.written]
    assert texts in ([], [name.strip()])
    assert all(size >= SMALLEST for _, size, _ in ink.written)


@pytest.mark.parametrize("name", NAMES)
def test_the_name_on_a_link_is_whole_or_left_out(qapp, name: str) -> None:
    chains = (Chain(steps=(AgentUse(agent="a"),), case=Case(name=name)),)
    settings = CATALOGUE.modes["route"].settings()
    scene = scene_of(Orchestrator(name="r", mode="route", settings=settings, chains=chains))
    link = next(it for it in scene.links.values() if it.label)
    box, target = scene.boxes["r"].rect, scene.boxes[link.target].rect
    ink = Ink(LIGHT)
    begin = QRectF(box.right, box.y, 0, 0).topLeft()
    rect = label_rect(link, begin, QRectF(target.x, target.y, 0, 0).topLeft(), ink)
    assert rect.isEmpty() or rect.width() >= ink.label.width(name)


@pytest.mark.parametrize("zoom", [0.3, LEGIBLE, 1.0, 2.0])
def test_a_note_shows_all_that_it_says_however_small_its_file_says_it_is(qapp, zoom: float) -> None:
    text = "Ask twice. " * 40 + "Donaudampfschifffahrtsgesellschaft" * 3
    ink, painter, _image = watched(zoom)
    paint_note(painter, Note(text, 0, 0, 160, 40), ink, zoom=zoom)
    painter.end()
    texts = [it for it, _, _ in ink.written]
    assert said(texts) == ("" if zoom < LEGIBLE else said([text]))


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*/agentflow.toml")), ids=str)
def test_all_that_an_example_says_is_written(qapp, example: Path) -> None:
    scene = build_scene(completed(Sheet.of(load(example, CATALOGUE)), CATALOGUE), CATALOGUE)
    ink, painter, _image = watched(1.0)
    paint_scene(painter, scene, ink)
    painter.end()
    told = said([text for text, _, _ in ink.written])
    for box in scene.boxes.values():
        for text in (box.title, *(it for port in box.ports for it in (port.label, port.note))):
            assert said([text]) in told


@given(st.text(max_size=60), st.integers(1, 30))
def test_a_broken_name_says_the_same(name: str, width: int) -> None:
    lines = broken(name, width, len)

    assert "".join("".join(lines).split()) == "".join(name.split())
    assert all(len(line) <= width for line in lines)


def test_a_name_is_broken_between_its_words() -> None:
    def measure(_size: int):
        return len

    assert broken("quality_checker_for sources", 16, len) == ("quality_checker_", "for sources")
    found = lettered("one two", 4, 30, (13, 12), measure)
    assert found is not None
    assert (found.size, found.lines) == (12, ("one", "two"))
    assert lettered("one two", 4, 20, (13,), measure) is None
