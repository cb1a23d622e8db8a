"""Given: what the command line says a run begins with."""

import io
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, cast

import click

from agentflow.event import Event

__all__ = ["SAMPLES", "Given", "sample_hint"]

SAMPLES = ("input.json", "input.txt")
"""What `--sample` looks for beside the flow, in this order."""

_MOST_BYTES = 10_000_000

_FIXES = {
    "--set": "a text needs its quotes: KEY='\"text\"'",
    "--input": "mend it, or give a text that begins like an object as --set message='\"{…\"'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The options that make the event, as they were typed."""

    text: str | None = None
    """A message, a JSON object, or "@" and the name of a file that holds either."""
    sample: bool = False
    """Whether the file beside the flow is taken instead."""
    sets: tuple[str, ...] = ()
    """ "key=JSON" each; they add to the rest, or replace it."""
    meta: tuple[str, ...] = ()
    """ "key=text" each."""
    session: str = ""
    """Whose memory the run has."""

    def event(self, flow: Path) -> Event:
        """The event for the flow in a file.

        Raises:
            click.UsageError: an option says what cannot be.
        """
        if self.sample and self.text is not None:
            raise click.UsageError("--input and --sample exclude one another; give one of them")
        data = _from_file(_sample_of(flow)) if self.sample else _from_text(self.text)
        data |= {key: _json(text, f"--set {key}") for key, text in _pairs("--set", self.sets)}
        metadata = dict(_pairs("--meta", self.meta))
        return Event(data=data, metadata=metadata, session_id=self.session)


def _pairs(option: str, words: Iterable[str]) -> Iterable[tuple[str, str]]:
    for word in words:
        key, equals, text = word.partition("=")
        if not (key and equals):
            _refuse(option, f"{word!r} has no key and value", "write KEY=VALUE")
        yield key, text


def _sample_beside(flow: Path) -> Path | None:
    """The sample input that stands beside a flow; None where there is none."""
    return next((flow.parent / it for it in SAMPLES if (flow.parent / it).is_file()), None)


def sample_hint(flow: Path, data: Mapping[str, Any]) -> str:
    """What to say of a failed run that got other keys than the sample has; "" for nothing."""
    found = _sample_beside(flow)
    if found is None:
        return ""
    if not data:
        return f"It was run without input; --sample takes {found.name}, --input what you give."
    try:
        missing = [key for key in _from_file(found) if key not in data]
    except click.UsageError:
        return ""
    if not missing:
        return ""
    return f"The sample input also has {', '.join(missing)}; --sample takes {found.name}."


def _sample_of(flow: Path) -> Path:
    found = _sample_beside(flow)
    if found is None:
        _refuse("--sample", f"there is no {' or '.join(SAMPLES)} beside {flow}", "use --input")
    return found


def _from_text(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    if text.startswith("@"):
        return _from_file(Path(text[1:]))
    if text.lstrip().startswith("{"):
        return _object(text, "--input")
    return {"message": text}


def _from_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:  # of a pipe or a device nobody knows the size beforehand
            read = file.read(_MOST_BYTES + 1)
        if len(read) > _MOST_BYTES:
            _refuse(str(path), "it is larger than 10 MB", "give less")
        text = io.TextIOWrapper(io.BytesIO(read), encoding="utf-8-sig").read()
    except OSError as error:
        _refuse(str(path), f"it cannot be read ({error.strerror})", "name a file of UTF-8 text")
    except UnicodeDecodeError as error:
        _refuse(str(path), f"it cannot be read ({error})", "name a file of UTF-8 text")
    return _object(text, str(path)) if path.suffix == ".json" else {"message": text.strip()}


def _object(text: str, where: str) -> dict[str, Any]:
    value = _json(text, where)
    if not isinstance(value, Mapping):
        _refuse(where, "it is no JSON object", 'write {"key": value}, or a plain text')
    return dict(cast(Mapping[str, Any], value))


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_float)
    except (ValueError, RecursionError) as error:
        fix = _FIXES.get(where.partition(" ")[0], "mend it")
        _refuse(where, f"it is no JSON ({error})", fix)


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large for a number")
    return number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _refuse(where: str, what: str, fix: str) -> NoReturn:
    raise click.UsageError(f"{where}: {what}; {fix}")
