"""Theme: every colour that the editor draws with, in a light and a dark set."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

__all__ = ["DARK", "LIGHT", "Theme"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A set of colours, as "#rrggbb". Text on its ground has a contrast of at least 4.5 to 1."""

    name: str
    is_dark: bool
    window: str
    """The ground of docks, bars and dialogs."""
    base: str
    """The ground of lists and text."""
    raised: str
    """Buttons, headers, hovered rows."""
    border: str
    text: str
    muted: str
    """Second lines, hints, what is disabled."""
    accent: str
    """Selection and focus."""
    on_accent: str
    canvas: str
    grid: str
    node: str
    node_border: str
    link: str
    return_link: str
    agent: str
    sequential: str
    collaborative: str
    route: str
    loop: str
    waiting: str
    running: str
    done: str
    failed: str
    skipped: str
    paused: str
    cancelled: str
    error: str
    warning: str
    info: str

    def color(self, role: str) -> QColor:
        """The colour of a role, by its name here; an unknown role is the text's."""
        return QColor(getattr(self, role, self.text))

    def palette(self) -> QPalette:
        """The same colours for Qt's own widgets, disabled ones included."""
        roles = QPalette.ColorRole
        plain = {
            roles.Window: self.window,
            roles.WindowText: self.text,
            roles.Base: self.base,
            roles.AlternateBase: self.window,
            roles.Text: self.text,
            roles.Button: self.raised,
            roles.ButtonText: self.text,
            roles.BrightText: self.failed,
            roles.ToolTipBase: self.raised,
            roles.ToolTipText: self.text,
            roles.PlaceholderText: self.muted,
            roles.Highlight: self.accent,
            roles.HighlightedText: self.on_accent,
            roles.Link: self.accent,
            roles.LinkVisited: self.accent,
            roles.Light: self.raised,
            roles.Midlight: self.raised,
            roles.Mid: self.border,
            roles.Dark: self.border,
            roles.Shadow: self.border,
        }
        palette = QPalette()
        for role, value in plain.items():
            palette.setColor(role, QColor(value))
        for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(self.muted))
        palette.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, QColor(self.border))
        return palette


DARK = Theme(
    name="dark",
    is_dark=True,
    window="#1f2329",
    base="#181b20",
    raised="#2b3038",
    border="#3a414c",
    text="#e6e9ee",
    muted="#9aa4b2",
    accent="#4c9aff",
    on_accent="#0b1220",
    canvas="#14171b",
    grid="#20252c",
    node="#262b33",
    node_border="#454d5a",
    link="#8b96a5",
    return_link="#6b7685",
    agent="#4c9aff",
    sequential="#3fb68b",
    collaborative="#b083f0",
    route="#f0883e",
    loop="#e3b341",
    waiting="#9aa4b2",
    running="#4c9aff",
    done="#3fb950",
    failed="#ff6b63",
    skipped="#8b949e",
    paused="#e3b341",
    cancelled="#b5936b",
    error="#ff6b63",
    warning="#e3b341",
    info="#6cb6ff",
)

LIGHT = Theme(
    name="light",
    is_dark=False,
    window="#f3f5f8",
    base="#ffffff",
    raised="#e7ebf0",
    border="#c6cdd6",
    text="#1c2229",
    muted="#57606c",
    accent="#0a5fd0",
    on_accent="#ffffff",
    canvas="#fafbfc",
    grid="#edf0f4",
    node="#ffffff",
    node_border="#b3bcc8",
    link="#66717f",
    return_link="#8a95a3",
    agent="#0a5fd0",
    sequential="#12805c",
    collaborative="#7a3fc9",
    route="#b85510",
    loop="#8a6100",
    waiting="#57606c",
    running="#0a5fd0",
    done="#1a7f37",
    failed="#c9252d",
    skipped="#616a74",
    paused="#8a6100",
    cancelled="#7d5a2e",
    error="#c9252d",
    warning="#8a6100",
    info="#0a5fd0",
)
