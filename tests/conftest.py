"""What every test stands on: offscreen Qt, `async def` tests without a plugin, no deadlines."""

import asyncio
import atexit
import gc
import inspect
import os
import shutil
import tempfile
from collections.abc import Generator

import pytest
from hypothesis import settings

from engine.mermaid_reader import Mermaid, mermaid_parser

# How long an example takes says more about the machine's load than about the code. What lands is
# judged by the same examples each time; whoever works on it meets new ones with every run.
settings.register_profile("project", deadline=None)
settings.register_profile("judged", deadline=None, derandomize=True)
settings.load_profile("judged" if "CI" in os.environ else "project")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")
os.environ.setdefault("QT_FONT_DPI", "96")
# No test's runs among those of whoever tests.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="agentflow-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """Collect no garbage on a test's threads as long as Qt's objects may be in it."""
    if not _has_qt(item):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        if nextitem is not None and _has_qt(nextitem):
            gc.collect(2 if gc.get_count()[2] > gc.get_threshold()[2] else 1)
        else:
            gc.collect()
            gc.enable()


def pytest_sessionfinish() -> None:
    """Let garbage go while there is an application to go from, however the session ends."""
    gc.collect()


def _has_qt(item: pytest.Item) -> bool:
    return "qapp" in getattr(item, "fixturenames", ())


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an `async def` test to its end, and fail it when it leaves a task behind."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}
    run = pyfuncitem.funcargs.get("run_async", asyncio.run)
    run(_with_no_task_left(pyfuncitem.obj(**arguments)))
    return True


async def _with_no_task_left(test: object) -> None:
    await test
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"tasks outlived the test: {left}"


@pytest.fixture(scope="session")
def mermaid() -> Generator[Mermaid]:
    """The real Mermaid parser, which `make test` installs."""
    with mermaid_parser() as parser:
        if parser is None:
            pytest.skip("the Mermaid parser is not installed; `make test` does that")
        yield parser
