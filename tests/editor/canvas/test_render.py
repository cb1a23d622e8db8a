"""A flow as a picture in a file."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage

from agentflow.catalogue import Catalogue
from agentflow.flow.load import parse
from agentflow_editor.canvas.render import render_file, render_flow
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.looks.theme import DARK, LIGHT, Theme
from editor.canvas.flows import flow, nested_flow
from editor.canvas.stage import Stage

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_png_shows_the_flow_in_the_theme(
    theme: Theme, catalogue: Catalogue, tmp_path: Path
) -> None:
    target = tmp_path / "flow.png"
    render_flow(Sheet(nested_flow()), catalogue, theme, target)
    image = QImage(str(target))
    assert image.pixelColor(2, 2).name() == theme.canvas
    assert image.width() > 1000


def test_a_file_is_drawn_as_it_says_in_the_theme_of_that_name(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    text = '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["a"]\n'
    wide = f'{text}[editor.nodes]\n"sequential/a" = [3000, 0]\n'
    widths: list[int] = []
    for source in (text, wide):
        target = tmp_path / "flow.png"
        render_file(parse(source, catalogue), catalogue, "dark", target)
        assert QImage(str(target)).pixelColor(2, 2).name() == DARK.canvas
        widths.append(QImage(str(target)).width())
    assert widths[0] < 2000 < 6000 < widths[1]


def test_the_scale_makes_the_picture_larger(catalogue: Catalogue, tmp_path: Path) -> None:
    sheet, sizes = Sheet(flow("a", "b")), []
    for scale in (1.0, 3.0):
        target = tmp_path / f"{scale}.png"
        render_flow(sheet, catalogue, LIGHT, target, scale)
        sizes.append(QImage(str(target)).width())
    assert sizes[1] == pytest.approx(3 * sizes[0], abs=3)


def test_an_svg_needs_no_fonts_where_it_is_looked_at(catalogue: Catalogue, tmp_path: Path) -> None:
    target = tmp_path / "flow.svg"
    render_flow(Sheet(nested_flow()), catalogue, LIGHT, target)
    root = ElementTree.fromstring(target.read_text())
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "path" in names
    assert "text" not in names


def test_a_pdf_is_one_page_of_the_drawings_size_with_texts_as_texts(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    target, drawn = tmp_path / "flow.pdf", tmp_path / "flow.svg"
    for it in (target, drawn):
        render_flow(Sheet(nested_flow()), catalogue, LIGHT, it)
    written = target.read_bytes()
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", written)
    root = ElementTree.fromstring(drawn.read_text())
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert box is not None
    assert (float(box[1]), float(box[2])) == (
        pytest.approx(width, abs=2),
        pytest.approx(height, abs=2),
    )
    assert written.count(b"/Type /Page\n") == 1
    assert b"/FontFile" in written


def test_the_same_flow_gives_the_same_picture(catalogue: Catalogue, tmp_path: Path) -> None:
    one, other = tmp_path / "one.png", tmp_path / "other.png"
    for target in (one, other):
        render_flow(Sheet(nested_flow()), catalogue, DARK, target)
    assert one.read_bytes() == other.read_bytes()


def test_an_unwritable_place_is_an_os_error(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        render_flow(Sheet(flow("a")), catalogue, DARK, tmp_path / "nowhere" / "flow.png")


def test_a_picture_needs_no_display_and_no_application(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from agentflow.catalogue import Catalogue\n"
        "from agentflow.flow.flow import Flow\n"
        "from agentflow_editor.canvas.render import render_file, render_flow\n"
        "from agentflow_editor.document.sheet import Sheet\n"
        "from agentflow_editor.looks.theme import DARK\n"
        "target = pathlib.Path(sys.argv[1])\n"
        "render_flow(Sheet(Flow()), Catalogue.installed(), DARK, target)\n"
    )
    target = tmp_path / "flow.png"
    environ = {"PATH": "", "PYTHONPATH": ":".join(sys.path)}
    subprocess.run([sys.executable, "-c", script, str(target)], check=True, env=environ)
    assert not QImage(str(target)).isNull()


def test_the_canvas_gives_its_picture_too(nested: Stage, tmp_path: Path) -> None:
    nested.canvas.save_picture(tmp_path / "flow.png")
    assert not QImage(str(tmp_path / "flow.png")).isNull()
    image = nested.canvas.render_image(1.0)
    assert image.width() == pytest.approx(nested.drawing.rect().width() + 48, abs=2)
