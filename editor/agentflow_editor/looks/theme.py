"""Theme: every colour that the editor draws with, light and dark, in plain and in high contrast."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

__all__ = ["DARK", "HIGH_DARK", "HIGH_LIGHT", "LIGHT", "THEMES", "Theme", "theme_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A set of colours, as "#rrggbb".

    Text on its ground has a contrast of at least 4.5 to 1, in high contrast of 7 to 1.
    """

    name: str
    is_dark: bool
    is_high: bool = False
    """Whether its contrast is high."""
    window: str
    """The ground of docks, bars and dialogs."""
    base: str
    """The ground of lists and text."""
    raised: str
    """Buttons, headers, hovered rows."""
    border: str
    text: str
    muted: str
    """Second lines, hints."""
    disabled: str
    """What cannot be done now. In high contrast it is told from the rest by being paler."""
    accent: str
    """Selection and focus."""
    on_accent: str
    canvas: str
    grid: str
    node: str
    node_border: str
    note: str
    """The ground of notes on the canvas."""
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
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(self.disabled))
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
    disabled="#9aa4b2",
    accent="#4c9aff",
    on_accent="#0b1220",
    canvas="#14171b",
    grid="#20252c",
    node="#262b33",
    node_border="#454d5a",
    note="#35301f",
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
    skipped="#99a2ac",
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
    disabled="#57606c",
    accent="#0a5fd0",
    on_accent="#ffffff",
    canvas="#fafbfc",
    grid="#edf0f4",
    node="#ffffff",
    node_border="#b3bcc8",
    note="#fff4cf",
    link="#66717f",
    return_link="#8a95a3",
    agent="#0a5fd0",
    sequential="#0f6f50",
    collaborative="#7a3fc9",
    route="#a0480c",
    loop="#8a6100",
    waiting="#57606c",
    running="#0a5fd0",
    done="#166d2f",
    failed="#c9252d",
    skipped="#616a74",
    paused="#8a6100",
    cancelled="#7d5a2e",
    error="#c9252d",
    warning="#8a6100",
    info="#0a5fd0",
)

HIGH_DARK = Theme(
    name="dark, high contrast",
    is_dark=True,
    is_high=True,
    window="#000000",
    base="#000000",
    raised="#1f1f1f",
    border="#6e6e6e",
    text="#ffffff",
    muted="#d9d9d9",
    disabled="#8f8f8f",
    accent="#7cc8ff",
    on_accent="#000000",
    canvas="#000000",
    grid="#262626",
    node="#0a0a0a",
    node_border="#ffffff",
    note="#1f1a00",
    link="#e6e6e6",
    return_link="#c4c4c4",
    agent="#7cc8ff",
    sequential="#5ff0b4",
    collaborative="#d9c2ff",
    route="#ffb97a",
    loop="#ffe066",
    waiting="#d9d9d9",
    running="#7cc8ff",
    done="#6ff07c",
    failed="#ffaaa5",
    skipped="#d0d0d0",
    paused="#ffe066",
    cancelled="#ecc9a5",
    error="#ffaaa5",
    warning="#ffe066",
    info="#a6d8ff",
)

HIGH_LIGHT = Theme(
    name="light, high contrast",
    is_dark=False,
    is_high=True,
    window="#ffffff",
    base="#ffffff",
    raised="#f0f0f0",
    border="#767676",
    text="#000000",
    muted="#3a3a3a",
    disabled="#6e6e6e",
    accent="#003f9e",
    on_accent="#ffffff",
    canvas="#ffffff",
    grid="#e6e6e6",
    node="#ffffff",
    node_border="#000000",
    note="#fff9dd",
    link="#333333",
    return_link="#4d4d4d",
    agent="#003f9e",
    sequential="#004d37",
    collaborative="#4d1d94",
    route="#702b00",
    loop="#523800",
    waiting="#3a3a3a",
    running="#003f9e",
    done="#004a18",
    failed="#8a0c13",
    skipped="#404040",
    paused="#523800",
    cancelled="#543610",
    error="#8a0c13",
    warning="#523800",
    info="#003f9e",
)

THEMES = (DARK, LIGHT, HIGH_DARK, HIGH_LIGHT)


def theme_of(*, is_dark: bool, is_high: bool) -> Theme:
    """The one that is so."""
    return next(it for it in THEMES if (it.is_dark, it.is_high) == (is_dark, is_high))
