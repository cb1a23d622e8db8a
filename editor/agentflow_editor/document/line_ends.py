"""Line ends: what a widget shows without them gets them back as the file has them."""

from collections.abc import Sequence

__all__ = ["rejoined", "shown_lines"]


def shown_lines(text: str) -> list[str]:
    """The lines of a text without their ends, as a widget shows them."""
    lines = text.split("\n")
    return [line.removesuffix("\r") for line in lines] if "\r" in text else lines


def rejoined(lines: Sequence[str], like: str) -> str:
    """Lines as a text; those that are as in another text end as they do there, all others as most.

    Args:
        lines: without ends.
        like: the text that they were made of.
    """
    if "\r" not in like:
        return "\n".join(lines)
    known = like.split("\n")
    end = "\r" if 2 * like.count("\r\n") > like.count("\n") else ""
    shorter = min(len(lines), len(known))
    same = [line == old.removesuffix("\r") for line, old in zip(lines, known, strict=False)]
    first = next((at for at in range(shorter) if not same[at]), shorter)
    rest = range(shorter - first)
    last = next(
        (at for at in rest if lines[-1 - at] != known[-1 - at].removesuffix("\r")), len(rest)
    )
    middle = [f"{line}{end}" for line in lines[first : len(lines) - last]]
    if not last and middle:
        middle[-1] = lines[-1]  # nothing ends the last line
    return "\n".join([*known[:first], *middle, *known[len(known) - last :]])
