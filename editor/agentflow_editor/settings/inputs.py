"""Inputs: what a flow is run with when nobody has said anything yet."""

import json
from pathlib import Path

__all__ = ["first_input"]

LARGEST = 1_000_000


def first_input(flow: Path | None) -> dict[str, str] | None:
    """The sample that stands beside a flow, in the fields of the input dialog; None without one."""
    if flow is None:
        return None
    for name, field in (("input.json", "data"), ("input.txt", "text")):
        sample = flow.parent / name
        if sample.is_file() and sample.stat().st_size <= LARGEST:
            return _fields(sample.read_text(encoding="utf-8", errors="replace"), field)
    return None


def _fields(text: str, field: str) -> dict[str, str]:
    if field == "data":
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return {"text": "", "data": "", "metadata": "", field: text.rstrip("\n")}
