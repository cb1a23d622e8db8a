"""Mermaid text: any name as a label that cannot get out of its place."""

import json

__all__ = ["front_matter", "label", "one_line"]

MAX_LABEL = 200
"""Longer texts are cut: a picture is no place for them."""

# Without these signs a label can neither end early nor become Markdown, HTML, a formula or a
# directive. Mermaid turns its entities back when it draws.
_ENTITIES = str.maketrans(
    {
        "#": "#35;",
        ";": "#59;",
        '"': "#quot;",
        "&": "#amp;",
        "<": "#lt;",
        ">": "#gt;",
        "`": "#96;",
        "\\": "#92;",
        "%": "#37;",
        "$": "#36;",
    }
)


def label(text: str) -> str:
    """A text as a label, in quotes or without, on one line."""
    cut = text if len(text) <= MAX_LABEL else text[: MAX_LABEL - 1] + "…"
    return one_line(cut).translate(_ENTITIES)


def one_line(text: str) -> str:
    """On one line, without control signs and signs that turn the direction of writing."""
    return "".join(sign if sign.isprintable() else " " for sign in text) or " "


def front_matter(title: str) -> list[str]:
    """The lines that give a diagram its title."""
    # JSON's strings are YAML's; the one pair of signs that some viewers look for anywhere is split.
    told = json.dumps(one_line(title), ensure_ascii=False)
    return ["---", "title: " + told.replace("%%", r"%\u0025"), "---"]
