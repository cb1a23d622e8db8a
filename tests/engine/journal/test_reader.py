"""What is kept is what happened, and what is not whole is never believed."""

import random
import sqlite3
import stat
from pathlib import Path

import pytest

from agentflow.errors import JournalError
from agentflow.journal import reader as reader_module
from agentflow.journal.reader import Reader
from agentflow.trace import TraceEntry


def read(journal: Path) -> list[tuple[tuple[TraceEntry, ...], str]]:
    with Reader(journal) as reader:
        return [(run.entries, run.damage) for run in reader.runs()]


async def test_a_run_is_read_as_it_happened(keep, kept_flow, journal):
    outcome = await keep()

    with Reader(journal) as reader:
        run = reader.run(outcome.run_id)

    assert run.entries == outcome.entries
    assert [type(it) for it in run.entries] == [type(it) for it in outcome.entries]
    assert (run.damage, run.text, run.end.status) == ("", kept_flow, "succeeded")


async def test_a_journal_and_its_folder_are_for_nobody_else_to_read(keep, journal):
    await keep()

    assert stat.S_IMODE(journal.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(it.stat().st_mode) for it in journal.parent.iterdir()} == {0o600}


async def test_a_journal_of_a_version_that_nobody_knows_is_refused(keep, journal):
    await keep()
    with sqlite3.connect(journal) as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()

    with pytest.raises(JournalError, match="is a journal of version 2, and this program knows"):
        Reader(journal)


@pytest.mark.parametrize("content", [b"", b"[agent_flow]\n", b"SQLite format 3\0" + b"x" * 4096])
def test_a_file_that_is_no_journal_is_refused_and_left_alone(tmp_path: Path, content: bytes):
    file = tmp_path / "agentflow.toml"
    file.write_bytes(content)

    with pytest.raises(JournalError, match="no journal"):
        Reader(file)

    assert file.read_bytes() == content


def whole_or_noticed(found: list[tuple[tuple[TraceEntry, ...], str]], kept: list) -> bool:
    """Whether all that was read did happen, and whatever is not there is missed."""
    believed = dict(kept)
    for entries, damage in found:
        its_id = entries[0].run_id if entries else ""
        if entries and entries != believed.get(its_id, ())[: len(entries)]:
            return False
        if not damage and entries != believed.get(its_id):
            return False
    return len(found) == len(kept)


def verdicts(journal: Path, kept: list, damages: int, seed: int) -> tuple[int, int]:
    """Damage copies of a journal at random: (those that were noticed, those that were believed)."""
    chance, whole = random.Random(seed), journal.read_bytes()
    noticed = believed = 0
    for number in range(damages):
        copy = journal.with_name(f"copy{number}.db")
        copy.write_bytes(damaged(whole, chance))
        try:
            found = read(copy)
        except JournalError:
            noticed += 1
            continue
        if not whole_or_noticed(found, kept):
            believed += 1
        elif any(damage for _, damage in found):
            noticed += 1
        copy.unlink()
    return noticed, believed


def damaged(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(100, len(content))
    kind = chance.choice(["flip", "flip", "flip", "zero", "cut", "garbage"])
    if kind == "flip":
        return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]
    if kind == "cut":
        return content[:at]
    size = chance.randrange(1, 5000)
    filling = bytes(size) if kind == "zero" else chance.randbytes(size)
    return (content[:at] + filling + content[at + size :])[: len(content)]


async def test_no_damage_to_the_file_is_ever_believed(keep, journal):
    await keep(times=3)
    with Reader(journal) as reader:
        kept = [(run.id, run.entries) for run in reader.runs()]

    noticed, believed = verdicts(journal, kept, 400, seed=1)

    assert believed == 0
    assert noticed > 200


async def test_a_reader_that_checks_no_seal_is_caught(keep, journal, monkeypatch):
    await keep(times=3)
    with Reader(journal) as reader:
        kept = [(run.id, run.entries) for run in reader.runs()]
    monkeypatch.setattr(reader_module, "next_seal", lambda *_: AnySeal())

    assert verdicts(journal, kept, 400, seed=1)[1] > 0


class AnySeal(bytes):
    """A seal that is like every other one."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = bytes.__hash__


async def test_what_is_whole_before_the_damage_stays_readable(keep, journal):
    outcome = await keep(at_once=4)
    with sqlite3.connect(journal) as connection:
        connection.execute(
            "UPDATE entries SET body = replace(body, 'news', 'fake') WHERE first > 7"
        )
    connection.close()

    ((entries, damage),) = read(journal)

    assert entries == outcome.entries[: len(entries)]
    assert 8 <= len(entries) < len(outcome.entries)
    assert damage == f"it is damaged after its first {len(entries)} entries (a seal is broken)"


async def test_rows_that_were_deleted_are_missed(keep, journal):
    await keep(at_once=4)
    with sqlite3.connect(journal) as connection:
        connection.execute("DELETE FROM entries WHERE first > 7")
    connection.close()

    ((entries, damage),) = read(journal)

    assert damage == f"what followed its first {len(entries)} entries is lost"


async def test_a_run_that_the_list_has_lost_is_missed(keep, journal):
    await keep(times=3)
    whole = journal.read_bytes()
    page = whole.index(b"\x0d\x00\x00\x00\x03")  # the leaf with three runs; now it says two
    journal.write_bytes(whole[: page + 4] + b"\x02" + whole[page + 5 :])

    with pytest.raises(JournalError, match="its list of runs is not whole"):
        read(journal)
