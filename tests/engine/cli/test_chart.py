"""`agentflow runs show ID --timeline`: a run as bars along one axis of time."""

import io
import json
from pathlib import Path

import pytest

from agentflow.cli.console.chart import draw_chart
from agentflow.state import State
from agentflow.timeline import Stretch, timeline
from agentflow.trace import RunFinished, RunStarted, StepFailed, StepStarted, StepSucceeded

FLOW = """
[agent_flow]
name = "desk"
[orchestration]
mode = "mixed"
failure_threshold = 0.5
[[orchestration.mixed.stages]]
name = "research"
mode = "collaborative"
agents = ["news", "papers"]
[[orchestration.mixed.stages]]
name = "refine"
mode = "loop"
agents = ["draft"]
max_iterations = 2
[agents.news]
type = "scripted"
delay = "60ms"
[agents.papers]
type = "scripted"
fail_on = [1, 2]
error = "no \\u001b[2J luck"
[agents.papers.retry_policy]
max_retries = 1
base_delay_ms = 20
[agents.draft]
type = "scripted"
"""


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def shown(flow, cli, capsys):
    def show(*words: str) -> str:
        cli("run", flow(FLOW))
        (run,) = json.loads(cli("runs", "list", "--json")[1])["runs"]
        return cli("runs", "show", run["id"], *words)[1]

    return show


def test_a_timeline_has_a_row_a_step_nested_with_signs(shown):
    out = shown("--timeline")

    rows = [line[:28].rstrip() for line in out.splitlines()]
    assert [it for it in rows if it.lstrip()[:2] in ("✓ ", "✗ ")] == [
        "✓ desk",
        "  ✓ research (collaborative)",
        "    ✓ news",
        "    ✗ papers",
        "  ✓ refine (loop)",
        "    ✓ pass 1",
        "      ✓ draft",
        "    ✓ pass 2",
        "      ✓ draft",
    ]


def test_retries_failures_and_decisions_are_told_below_their_step(shown):
    lines = [line.strip() for line in shown("--timeline").splitlines()]

    assert "1 retry" in lines
    assert any("no \\x1b[2J luck" in line for line in lines)
    assert "ends after 2 of at most 2 passes: there may be no more" in lines
    assert any(line.startswith("merged 2 branches; failed: ") for line in lines)


def test_the_timeline_names_what_the_end_waited_for(shown):
    out = shown("--timeline")

    waited = out[out.index("* the end waited for") : out.index("agent  ")]
    assert "research/news" in waited
    assert "refine#2/draft" in waited
    assert "papers" not in waited


def test_nothing_of_a_timeline_commands_a_terminal_that_is_none(shown):
    assert "\x1b" not in shown("--timeline")


def test_the_program_gets_metrics_and_the_critical_path(shown):
    told = json.loads(shown("--json"))

    assert told["metrics"]["agents"]["papers"]["retries"] == 1
    assert told["critical_path"][0]["path"] == "research/news"


def test_show_tells_each_agents_percentiles_and_success(shown):
    out = shown()

    head = next(line for line in out.splitlines() if line.startswith("agent "))
    assert head.split() == [
        "agent", "steps", "failed", "retries", "success", "p50", "p95", "p99", "max",
    ]  # fmt: skip
    papers = next(line for line in out.splitlines() if line.startswith("papers "))
    assert papers.split()[1:5] == ["1", "1", "1", "0%"]


def test_a_run_tells_its_figures_where_they_are_asked_for(flow, cli):
    _, _, quiet = cli("run", flow(FLOW))
    _, _, err = cli("run", flow(FLOW), "--metrics")

    assert "p95" in err
    assert "p95" not in quiet


class Terminal(io.StringIO):
    """A terminal that understands colours."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def drawn(out: io.StringIO, whole: Stretch) -> list[str]:
    draw_chart(whole, out)
    return out.getvalue().splitlines()


def one_of_two_failed(name: str = "bad") -> Stretch:
    """Two steps: from 0 to 5 s, and from 5 s to 10 s, which failed."""
    state = State()
    whole = timeline([
        RunStarted(0, 0.0, "r", "", "two", state),
        StepStarted(1, 0.0, "r", "good", "agent", "good", 0),
        StepSucceeded(2, 5.0, "r", "good", {}, (), 5.0, 1),
        StepStarted(3, 5.0, "r", "bad", "agent", name, 0),
        StepFailed(4, 10.0, "r", "bad", "broken", 5.0, None, (), 3),
        RunFinished(5, 10.0, "r", "", "failed", state, "broken", 10.0),
    ])  # fmt: skip
    assert whole is not None
    return whole


def test_bars_stand_where_their_time_is_and_end_in_a_sign_where_they_failed():
    class Pipe(io.StringIO):
        encoding = "utf-8"

    lines = drawn(Pipe(), one_of_two_failed())

    good = next(line for line in lines if "good" in line)
    bad = next(line for line in lines if line.lstrip().startswith("✗ bad"))
    bars = len(lines[0])
    assert lines[0].endswith("10.0 s")
    half = good.count("█")
    assert bad.index("█") == good.index("█") + half
    assert (len(bad), bad[-1]) == (bars, "✗")
    assert abs(bad.count("█") + 1 - half) <= 1


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_no_row_is_wider_than_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", str(columns))

    lines = drawn(io.StringIO(), one_of_two_failed("漢字" * 60))

    assert max(map(len, lines)) <= columns


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = "\n".join(drawn(Terminal(), one_of_two_failed()))
    monkeypatch.setenv("NO_COLOR", "1")
    plain = "\n".join(drawn(Terminal(), one_of_two_failed()))

    assert "\x1b[1;31m" in coloured
    assert "31m" not in plain


def test_where_only_ascii_can_be_written_the_chart_is_ascii():
    class Old(io.StringIO):
        encoding = "ascii"

    assert "\n".join(drawn(Old(), one_of_two_failed())).isascii()


def test_a_hostile_name_is_written_out():
    lines = drawn(Terminal(), one_of_two_failed("\x1b[2J\x07\u202e"))

    assert any("\\x1b[2J\\x07\\u202e" in line for line in lines)


def test_of_many_passes_those_amid_are_told_in_one_row():
    state = State()
    entries = [
        RunStarted(0, 0.0, "r", "", "many", state),
        StepStarted(1, 0.0, "r", "again", "loop", "again", 0),
    ]
    for number in range(1, 1001):
        path, at = f"again#{number}/a", float(number)
        entries.append(StepStarted(2 * number, at, "r", path, "agent", "a", 0))
        entries.append(StepSucceeded(2 * number + 1, at + 1, "r", path, {}, (), 1.0, 2 * number))
    whole = timeline(entries)
    assert whole is not None

    lines = drawn(io.StringIO(), whole)

    assert len(lines) < 60
    assert any("976 more" in line for line in lines)
