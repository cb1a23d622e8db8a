"""CrashDialog: what happened, in words and as a report to copy. Nothing is sent anywhere."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from agentflow_editor.fonts import mono
from agentflow_editor.plain_text import PlainLabel, PlainTextView

__all__ = ["CrashDialog"]


class CrashDialog(QDialog):
    """Shows reports of errors that nobody expected, the newest last. The editor goes on."""

    def __init__(self, parent: QWidget, *, is_kept: bool) -> None:
        super().__init__(parent)
        self.setWindowTitle("An Unexpected Error")
        self.resize(720, 420)
        kept = (
            "Your unsaved work is kept and would be offered again after a crash."
            if is_kept
            else "Your unsaved work could not be kept elsewhere: save it now, under a new name."
        )
        text = PlainLabel(
            f"Something went wrong that should not have. The flow is still open. {kept} This "
            "report can be copied; nothing is sent anywhere."
        )
        text.setWordWrap(True)
        self._report = PlainTextView()
        self._report.setFont(mono(12))
        self._report.setAccessibleName("Report")
        buttons = QDialogButtonBox()
        copy = buttons.addButton("&Copy Report", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._copy)
        buttons.addButton("&Go On", QDialogButtonBox.ButtonRole.RejectRole).setDefault(True)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (text, self._report, buttons):
            column.addWidget(widget)

    @property
    def report(self) -> str:
        """All that is shown."""
        return self._report.whole

    def add(self, report: str) -> None:
        """Show one more; the same again is shown once."""
        if report not in self._report.whole:
            self._report.add_text(("\n" + "-" * 72 + "\n" if self._report.whole else "") + report)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report)
