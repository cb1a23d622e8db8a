"""CrashDialog: what happened, in words and as a report to copy. Nothing is sent anywhere."""

from collections import Counter

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from agentflow_editor.looks.fonts import mono, pixels
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.process.crash import cause
from agentflow_editor.widgets.text_view import TextView

__all__ = ["CrashDialog"]

INTRO = (
    "Something went wrong that should not have. The flow is still open. {} This report can be "
    "copied; nothing is sent anywhere."
)
KEPT = "Your unsaved work is kept and would be offered again after a crash."
NOT_KEPT = "Your unsaved work could not be kept elsewhere: save it now, under a new name."
RULE = f"\n{'-' * 72}\n"


class CrashDialog(QDialog):
    """Shows reports of errors that nobody expected, the newest last. The editor goes on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("An Unexpected Error")
        self.resize(QSize(pixels(720), pixels(420)).boundedTo(parent.size()))
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._reports: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._report = TextView()
        self._report.setFont(mono(12))
        self._report.setAccessibleName("Report")
        buttons = QDialogButtonBox()
        copy = buttons.addButton("&Copy Report", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._copy)
        go_on = buttons.addButton("&Go On", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self._text, self._report, buttons):
            column.addWidget(widget)
        go_on.setDefault(True)

    @property
    def report(self) -> str:
        """All that is shown."""
        return self._report.whole

    def tell_kept(self, is_kept: bool) -> None:
        """Say what has become of the unsaved work."""
        self._text.setText(INTRO.format(KEPT if is_kept else NOT_KEPT))

    def knows(self, report: str) -> bool:
        """Whether the same has gone wrong before."""
        return cause(report) in self._reports

    def add(self, report: str) -> None:
        """Show one more; the same again is counted."""
        key = cause(report)
        self._reports.setdefault(key, report)
        self._counts[key] += 1
        self._report.show_text(RULE.join(map(self._told, self._reports)))

    def _told(self, key: str) -> str:
        count = self._counts[key]
        often = f"\nThis happened {count:,} times.\n" if count > 1 else ""
        return self._reports[key] + often

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report)
