"""Typing and drawing in turns: the text says the sheet, and all of it can be undone."""

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agentflow.flow.load import parse
from agentflow_editor.document.document import Document
from agentflow_editor.document.manuscript import sheet_of
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.document.source_draft import SourceDraft
from editor.document.drawn import CATALOGUE
from editor.document.random_edits import random_edit
from engine.flows import flows


class TypingAndDrawing(RuleBasedStateMachine):
    """One person at the canvas and one at the text."""

    @initialize(flow=flows(max_steps=6))
    def begin(self, flow):
        self.document = Document(CATALOGUE)
        self.source = SourceDraft(self.document, CATALOGUE)
        self.empty = self.document.text
        self.document.edit("Begin", Sheet(flow))

    @rule(data=st.data())
    def draw(self, data):
        self.document.edit("Edit", random_edit(data.draw, self.document.sheet))

    @rule(data=st.data(), words=st.sampled_from(["# a word", "# \u00fc \U0001f9ea", ""]))
    def type_a_line(self, data, words):
        lines = self.source.text.split("\n")
        at = data.draw(st.integers(0, len(lines)))
        self.source.type("\n".join([*lines[:at], words, *lines[at:]]), at)

    @rule(data=st.data())
    def type_nonsense(self, data):
        lines = self.source.text.split("\n")
        at = data.draw(st.integers(0, len(lines)))
        self.source.type("\n".join([*lines[:at], "half = ", *lines[at:]]), at)

    @rule()
    def take(self):
        self.source.apply()

    @rule()
    def give_up(self):
        self.source.discard()

    @rule()
    def undo(self):
        self.document.undo_stack.undo()

    @rule()
    def redo(self):
        self.document.undo_stack.redo()

    @invariant()
    def the_text_says_the_sheet(self):
        if not hasattr(self, "document"):
            return
        text = self.document.quick_text
        assert text == self.document.text
        read = sheet_of(parse(text, CATALOGUE), CATALOGUE)
        assert (read.flow, read.layout) == (self.document.sheet.flow, self.document.sheet.layout)
        assert self.source.is_open or self.source.text == text

    def teardown(self):
        if not hasattr(self, "document"):
            return
        self.source.discard()
        while self.document.undo_stack.canUndo():
            self.document.undo_stack.undo()
            self.the_text_says_the_sheet()
        assert (self.document.text, self.document.is_modified) == (self.empty, False)


TypingAndDrawing.TestCase.settings = settings(
    max_examples=15, stateful_step_count=12, deadline=None
)


def test_typing_and_drawing_in_turns_lose_nothing(qapp):
    TypingAndDrawing.TestCase().runTest()
