"""Search: the passages of a folder of documents that best answer a question, by BM25."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from agentflow.agents._text_words import TextError, paragraphs, stems

__all__ = ["search"]

ENDINGS = (".md", ".txt")
MOST_DOCUMENTS = 2_000
MOST_BYTES = 1024 * 1024
"""The largest document that is read; a larger one is data, not prose."""
LONGEST_TITLE = 120


class _Passage(NamedTuple):
    file: str
    title: str
    text: str


def search(folder: Path, question: str, limit: int) -> list[dict[str, Any]]:
    """The passages that answer best, the best first; none that share no word with the question.

    Returns:
        Of each {"file": its path in the folder, "title", "text", "score"}; scores are comparable
        only within one answer.

    Raises:
        TextError: the folder is not there, or holds too many documents.
    """
    passages = [passage for path in _documents(folder) for passage in _passages(folder, path)]
    scores = _scores(passages, stems(question))
    # Of two that answer equally well the one that stands first: the order is the same every time.
    best = sorted(range(len(passages)), key=lambda it: (-scores[it], it))[:limit]
    return [{**passages[it]._asdict(), "score": round(scores[it], 3)} for it in best if scores[it]]


def _documents(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise TextError(f"folder {folder.name!r} is not there; make it beside the flow")
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in ENDINGS
        and path.is_file()
        and path.resolve().is_relative_to(folder)
        and path.stat().st_size <= MOST_BYTES
    ]
    if len(found) > MOST_DOCUMENTS:
        what = f"folder {folder.name!r} holds more than {MOST_DOCUMENTS:,} documents"
        raise TextError(f"{what}; search a smaller one")
    return found


def _passages(folder: Path, path: Path) -> Iterator[_Passage]:
    file = path.relative_to(folder).as_posix()
    title, parts = path.stem, paragraphs(path.read_text(encoding="utf-8", errors="replace"))
    for number, part in enumerate(parts):
        is_heading = part.startswith("#") or number == 0
        if is_heading and len(part) <= LONGEST_TITLE and part[-1] not in ".!?":
            title = part.lstrip("# ")
        else:
            yield _Passage(file, title, part)


def _scores(passages: list[_Passage], terms: list[str]) -> list[float]:
    corpus = [stems(f"{it.title} {it.text}") for it in passages]
    known = {term for passage in corpus for term in passage}
    asked = [term for term in terms if term in known]
    if not asked:
        return [0.0] * len(passages)
    # It brings numpy along: only who searches waits for that.
    import bm25s  # noqa: PLC0415

    index: Any = bm25s.BM25()
    index.index(corpus, show_progress=False)
    return [float(score) for score in index.get_scores(asked)]
