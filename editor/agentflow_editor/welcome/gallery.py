"""Gallery: templates to begin a flow from, each with a picture of its structure."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from agentflow_editor.canvas.previews import Previews
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme
from agentflow_resources.templates import FLOW_FILE, Template

__all__ = ["ROOM", "Gallery", "title_of"]

ROOM = QSize(250, 140)
"""How large the picture of a template is."""
_Key = Qt.Key
_THROUGH = (_Key.Key_Up, _Key.Key_Down, _Key.Key_PageUp, _Key.Key_PageDown)


class Gallery(QDialog):
    """Asks which template a new flow begins as a copy of, and in which new folder."""

    created = Signal(Path)
    """(file) The flow of the copy that was made."""

    def __init__(
        self,
        parent: QWidget,
        templates: Sequence[Template],
        home: Path,
        previews: Previews,
        theme: Theme,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("New from Template")
        self.resize(900, 640)
        self._home = home
        self._templates = {it.name: it for it in templates}
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search templates…")
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setViewMode(QListWidget.ViewMode.IconMode)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setMovement(QListWidget.Movement.Static)
        self.list.setIconSize(ROOM)
        self.list.setGridSize(ROOM + QSize(24, 40))
        self.list.setAccessibleName("Templates")
        self._about = PlainLabel()
        self._about.setWordWrap(True)
        self.folder = QLineEdit()
        self.folder.setAccessibleName("New folder")
        self._fault = PlainLabel()
        self._fault.setObjectName("fault")
        self._fault.setWordWrap(True)
        self._lay_out()
        self._previews = previews
        self._fill(previews, theme)
        self.search.textChanged.connect(self._filter)
        self.list.currentItemChanged.connect(self._show)
        self.list.itemActivated.connect(self.create_flow)
        self.list.setCurrentRow(0)
        self.search.setFocus()

    def done(self, result: int) -> None:
        """Close; what is not drawn yet is drawn no more."""
        self._previews.forget_wishes()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let who types words go through what is found."""
        if self.search.hasFocus() and event.key() in _THROUGH:
            QApplication.sendEvent(self.list, event)
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        browse = QPushButton("&Browse…")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        where = QHBoxLayout()
        where.addWidget(PlainLabel("New folder"))
        where.addWidget(self.folder, 1)
        where.addWidget(browse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.make = buttons.addButton("&Create", QDialogButtonBox.ButtonRole.AcceptRole)
        self.make.setDefault(True)
        buttons.accepted.connect(self.create_flow)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.search, self.list, self._about):
            column.addWidget(widget)
        column.addLayout(where)
        column.addWidget(self._fault)
        column.addWidget(buttons)

    def _fill(self, previews: Previews, theme: Theme) -> None:
        blank = QPixmap(ROOM)
        blank.fill(theme.color("canvas"))
        for template in self._templates.values():
            item = QListWidgetItem(QIcon(blank), title_of(template))
            item.setData(Qt.ItemDataRole.UserRole, template.name)
            self.list.addItem(item)

            def show(drawn: QPixmap, item: QListWidgetItem = item) -> None:
                if isValid(item) and not drawn.isNull():
                    picture = QIcon(drawn)
                    picture.addPixmap(drawn, QIcon.Mode.Selected)  # Qt would tint it
                    item.setIcon(picture)

            previews.want(Path(str(template.folder)) / FLOW_FILE, theme, show)

    def create_flow(self, *_: object) -> None:
        """Copy the chosen template; where that cannot be done, say why."""
        template, folder = self._current(), Path(self.folder.text()).expanduser()
        if template is None:
            return
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            self._fault.setText(f"{folder}: it exists, and nothing is overwritten; name a new one")
            return
        try:
            template.copy_to(folder)
        except OSError as error:
            self._fault.setText(f"{folder}: cannot be written ({error.strerror}); name another one")
            return
        self.accept()
        self.created.emit(folder / FLOW_FILE)

    def _current(self) -> Template | None:
        row = self.list.currentRow()
        if row < 0 or self.list.item(row).isHidden():
            return None
        return self._templates[self.list.item(row).data(Qt.ItemDataRole.UserRole)]

    def _filter(self, text: str) -> None:
        """Show what has every word of a text in its name or its description."""
        words = text.lower().split()
        shown: list[QListWidgetItem] = []
        for row in range(self.list.count()):
            item = self.list.item(row)
            template = self._templates[item.data(Qt.ItemDataRole.UserRole)]
            told = f"{template.name} {template.summary}".lower()
            item.setHidden(not all(word in told for word in words))
            shown += [] if item.isHidden() else [item]
        if shown and self._current() is None:
            self.list.setCurrentItem(shown[0])
        self._show()

    def _show(self, *_: object) -> None:
        template = self._current()
        self.make.setEnabled(template is not None)
        self._fault.setText("")
        if template is None:
            self._about.setText("No template has these words; search for others")
            return
        self._about.setText(template.summary)
        self.folder.setText(str(_free(self._home / template.name)))

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Folder for the New Flow", str(self._home))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()


def title_of(template: Template) -> str:
    """What a person reads as its name: "Creator critic", "HTTP"."""
    name = template.name.replace("-", " ")
    return name.upper() if name in ("http", "mcp") else name.capitalize()


def _free(folder: Path) -> Path:
    """A folder of this name that is not there yet."""
    numbers = (folder.with_name(f"{folder.name}-{number}") for number in range(2, 1000))
    return folder if not folder.exists() else next(it for it in numbers if not it.exists())
