"""The model of an agent is chosen in the inspector, among what its provider lists when asked."""

from PySide6.QtCore import Qt

from agentflow_editor.document import edits
from agentflow_editor.forms.base import Form
from agentflow_editor.forms.model import ASK, ASK_ALL_THE_SAME, ASKING, ModelEditor
from agentflow_editor.forms.nested import NestedEditor
from agentflow_editor.panes.inspector import Inspector
from editor.benches import open_text
from editor.model_server import HERE, provider

FLOW = """\
[agent_flow]
name = "asked"

[llm]
provider = "vllm"
base_url = "{url}"

[orchestration]
mode = "sequential"

[orchestration.sequential]
agents = ["writer"]

[agents.writer]
type = "llm"
"""


def test_opening_a_flow_asks_nobody_and_a_press_asks_whom_the_flow_names(
    qtbot, bench, shown, tmp_path
):
    with provider() as server:
        open_text(bench, tmp_path, FLOW.format(url=server.url))
        inspector = shown(Inspector(bench))
        bench.selection.select(("sequential/writer",))
        nested = inspector.section.findChild(NestedEditor)
        nested.header.click()
        model = nested.form.rows["model"].editor
        assert isinstance(model, ModelEditor)
        qtbot.keyClick(model.line, Qt.Key.Key_Down)
        assert model.completion.offered == []
        assert server.asked == []

        qtbot.waitUntil(lambda: model.ask.height() > 10)
        inspector._area.ensureWidgetVisible(model.ask)
        for text in (ASK_ALL_THE_SAME, ASKING):
            qtbot.mouseClick(model.ask, Qt.MouseButton.LeftButton)
            assert model.ask.text() == text
        qtbot.waitUntil(lambda: model.ask.text() == ASK, timeout=10_000)
        assert (server.asked, model.told.text()) == ([("/v1/models", "")], "2 models are listed.")
        model.open_list()
        assert model.completion.offered == sorted(HERE)


def test_which_model_and_what_it_is_told_stand_before_all_else_of_a_language_model(
    bench, shown, tmp_path
):
    open_text(bench, tmp_path, FLOW.format(url="http://127.0.0.1:9/v1"))
    inspector = shown(Inspector(bench))
    bench.selection.select(("sequential/writer",))
    forms = [it for it in inspector.section.findChildren(Form) if it.parent() is inspector.section]
    fields = [name for form in forms for name in form.rows]

    assert fields[:3] == ["system_prompt", "llm", "prompt"]
    assert len(fields) == len(set(fields))
    after = edits.set_agent(bench.document.sheet, "writer", "system_prompt", "Be brief.")
    bench.document.edit("Change", after)
    assert forms[0].rows["system_prompt"].meant == "Be brief."
