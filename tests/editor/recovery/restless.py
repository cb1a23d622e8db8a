"""An editor that edits by itself: run by the kill tests as a process of its own.

    python restless.py STATE [FILE] [--broken] [--tidy]

It prints "edit N at T" for every edit it has made, with a name N that stands in the flow from then
on. Broken, its journal writes only to memory, as one that never flushes.
"""

import random
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer

from agentflow_editor.app import build_windows, make_app
from agentflow_editor.document import edits
from agentflow_editor.process.event_loop import EventLoop
from agentflow_editor.process.garbage import Garbage
from agentflow_editor.recovery import edit_journal
from agentflow_editor.windows import Windows


def _never_flush() -> None:
    held: list[object] = []

    def keep(_path: Path, records: tuple[object, ...]) -> int:
        held.extend(records)
        return len(held)

    edit_journal.append = edit_journal.begin = keep


def _end_in_order(windows: Windows, timer: QTimer) -> None:
    timer.stop()
    window = windows.windows[0]
    window.workbench.keeper.journal.set_aside()
    window.close_for_good()


def main() -> None:
    state, *rest = sys.argv[1:]
    files = [Path(it) for it in rest if not it.startswith("--")]
    if "--broken" in rest:
        _never_flush()
    app = make_app()
    garbage = Garbage(app)
    loop = EventLoop(app)
    windows = build_windows(app, Path(state), Path(state) / "state")
    windows.open_flows(files)
    bench = windows.windows[0].workbench
    count = 0

    def edit() -> None:
        nonlocal count
        count += 1
        sheet = edits.add_agent(
            bench.document.sheet,
            "scripted",
            (count * 7 % 900, count * 5 % 600),
            catalogue=bench.catalogue,
        )
        new = next(it for it in sheet.flow.agents if it not in bench.document.sheet.flow.agents)
        sheet = edits.set_agent(sheet, new, "role", f"edit-{count}")
        bench.document.edit("Add", sheet)
        print(f"edit {count} at {time.time()}", flush=True)
        if count % 40 == 0:  # a flow that grows without end would test only its own size
            kept = [it.path for it in bench.document.sheet.flow.places()][-4:]
            paths = [it.path for it in bench.document.sheet.flow.places() if it.path not in kept]
            bench.document.edit("Remove", edits.remove(bench.document.sheet, set(paths)))
        timer.start(random.randint(5, 120))

    timer = QTimer(singleShot=True)
    timer.timeout.connect(edit)
    timer.start(0)
    if "--tidy" in rest:
        QTimer.singleShot(1500, lambda: _end_in_order(windows, timer))
        windows.all_closed.connect(loop.stop)
    with loop:
        loop.run_forever()
    bench.keeper.shelf.clear_given_up()
    garbage.end()


if __name__ == "__main__":
    main()
