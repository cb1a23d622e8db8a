"""The three steps of the sequence: collect the letters, analyse them, format a report."""

import re
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent

COMMON = frozenset((HERE / "common-words.txt").read_text(encoding="utf-8").split())
"""English words of four letters and more that build sentences and are no topics."""


def collect(state):
    """Read every letter of the folder that the input names."""
    folder = HERE / state["folder"]
    letters = [_letter(path) for path in sorted(folder.glob("*.txt"))]
    return {"letters": letters}


def analyse(state):
    """Find out who wrote, what about, and what each letter asks of its readers."""
    letters = state["letters"]
    # A word that several letters use is a topic; one that a single letter uses is a detail.
    names = {name.lower() for letter in letters for name in letter["from"].split()}
    spread = Counter(word for letter in letters for word in _words(letter["text"]))
    topics = [word for word, count in spread.most_common() if count > 1 and word not in names]
    asks = [
        {"from": letter["from"], "date": letter["date"], "what": sentence}
        for letter in letters
        for sentence in _sentences(letter["text"])
        if re.search(r"\bplease\b|\?$|\bpayable\b|\btell them\b", sentence)
    ]
    return {
        "topics": topics[:6],
        "asks": asks,
        "writers": Counter(letter["from"] for letter in letters),
        "words": sum(len(letter["text"].split()) for letter in letters),
    }


def report(state):
    """Write it down for somebody who was away."""
    writers = ", ".join(f"{name} ({count})" for name, count in state["writers"].items())
    lines = [
        "# While you were away",
        "",
        f"{len(state['letters'])} letters, {state['words']} words, from {writers}.",
        f"They keep coming back to: {', '.join(state['topics'])}.",
        "",
        "## What people asked for",
        *(f"- {ask['date']}, {ask['from']}: {ask['what']}" for ask in state["asks"]),
    ]
    return {"response": "\n".join(lines)}


def _letter(path):
    head, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return {
        "file": path.name,
        "from": fields["From"],
        "date": fields["Date"],
        "text": " ".join(text.split()),
    }


def _sentences(text):
    return re.split(r"(?<=[.?!]) +", text)


def _words(text):
    # dict.fromkeys: each word once, in the order of the text, so that every run says the same.
    words = dict.fromkeys(re.findall(r"[a-z]{4,}", text.lower()))
    return [word for word in words if word not in COMMON]
