"""What a process that died has left in the log beside its journal, whole or not."""

import random
import shutil
from pathlib import Path

from agentflow.errors import JournalError
from agentflow.journal.keeper import Keeper
from agentflow.journal.reader import Reader
from agentflow.journal.writer import Writer
from agentflow.state import State
from agentflow.trace import RunStarted, StepOutput, TraceEntry

ENTRIES: list[TraceEntry] = [
    RunStarted(0, 0.0, "r", "", "flow", State({"n": 1})),
    *(StepOutput(seq, float(seq), "r", "a", f"{seq} {'x' * 300}") for seq in range(1, 60)),
]


async def left_by_a_process_that_died(journal: Path, folder: Path) -> Path:
    """A copy of a journal whose log was never emptied, as a kill leaves it."""
    writer = Writer(journal)
    sink = Keeper(writer, "text", flow="flow").sink("r", 0.0)
    for entry in ENTRIES:
        sink((type(entry).__name__, entry.time, *entry[3:]))
        await writer.settled()
    for ending in ("", "-wal"):
        shutil.copy(f"{journal}{ending}", folder / f"whole.db{ending}")
    writer.close()
    return folder / "whole.db"


def damaged(log: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(32, len(log))
    kind = chance.choice(["cut", "zero", "flip", "garbage"])
    if kind == "cut":
        return log[:at]
    if kind == "flip":
        return log[:at] + bytes([log[at] ^ 1 << chance.randrange(8)]) + log[at + 1 :]
    size = min(chance.randrange(1, 5000), len(log) - at)
    return log[:at] + (bytes(size) if kind == "zero" else chance.randbytes(size)) + log[at + size :]


def read(journal: Path) -> tuple[TraceEntry, ...]:
    try:
        with Reader(journal) as reader:
            runs = list(reader.runs())
    except JournalError:
        return ()
    assert all(not run.damage for run in runs)
    return runs[0].entries if runs else ()


async def test_the_log_of_a_process_that_died_is_read_to_its_last_entry(journal, tmp_path: Path):
    whole = await left_by_a_process_that_died(journal, tmp_path)

    assert read(whole) == tuple(ENTRIES)


async def test_of_a_damaged_log_all_before_the_damage_is_read_and_nothing_else(
    journal, tmp_path: Path
):
    whole = await left_by_a_process_that_died(journal, tmp_path)
    log = whole.with_name("whole.db-wal").read_bytes()
    chance, lengths = random.Random(1), []
    for number in range(200):
        copy = whole.with_name(f"copy{number}.db")
        shutil.copy(whole, copy)
        copy.with_name(f"{copy.name}-wal").write_bytes(damaged(log, chance))

        entries = read(copy)

        assert entries == tuple(ENTRIES[: len(entries)])
        lengths.append(len(entries))

    assert len(set(lengths)) > 20, "the damage was not where it matters"


async def test_a_run_goes_on_after_the_entries_that_a_damaged_log_has_left(journal, tmp_path: Path):
    whole = await left_by_a_process_that_died(journal, tmp_path)
    log = whole.with_name("whole.db-wal")
    log.write_bytes(log.read_bytes()[: log.stat().st_size // 2])
    before = read(whole)
    with Reader(whole) as reader:
        page = reader.run("r").page

    writer = Writer(whole)
    keeper = Keeper(writer, "text", flow="flow")
    keeper.goes_on(page)
    keeper.sink("r", 0.0)((StepOutput.__name__, 0.0, "a", "after it"))
    writer.close()

    assert read(whole)[: len(before)] == before
    assert read(whole)[len(before)].delta == "after it"
