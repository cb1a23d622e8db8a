"""History: whatever was done can be undone and redone, and saved in between."""

from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agentflow.flow.load import parse
from agentflow_editor.document.document import Document
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Layout, Sheet
from editor.document.drawn import CATALOGUE
from editor.document.random_edits import random_edit
from engine.flows import flows


class History(RuleBasedStateMachine):
    """A document beside a plain list of the sheets that it has had."""

    @initialize(flow=flows(max_steps=8))
    def begin(self, flow):
        self.document = Document(CATALOGUE)
        self.document.edit("Begin", Sheet(flow))
        self.sheets, self.now = [self.document.sheet], 0

    @rule(data=st.data())
    def edit(self, data):
        self.document.edit("Edit", random_edit(data.draw, self.document.sheet))
        if self.document.sheet is not self.sheets[self.now]:
            self.sheets[self.now + 1 :] = [self.document.sheet]
            self.now += 1

    @precondition(lambda self: self.now > 0)
    @rule()
    def undo(self):
        self.document.undo_stack.undo()
        self.now -= 1

    @precondition(lambda self: self.now < len(self.sheets) - 1)
    @rule()
    def redo(self):
        self.document.undo_stack.redo()
        self.now += 1

    @invariant()
    def shows_the_sheet_of_now(self):
        assert self.document.sheet is self.sheets[self.now]

    def teardown(self):
        if not hasattr(self, "sheets"):
            return
        while self.now:
            self.undo()
            self.shows_the_sheet_of_now()
        while self.now < len(self.sheets) - 1:
            self.redo()
            self.shows_the_sheet_of_now()


History.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_whatever_was_edited_can_be_undone_to_the_begin_and_redone_to_the_end(qapp):
    History.TestCase().runTest()


class Saving(RuleBasedStateMachine):
    """A document whose text is read again after each edit; at times it is saved."""

    @initialize(flow=flows(max_steps=8))
    def begin(self, flow):
        self.folder = TemporaryDirectory()
        self.document = Document(CATALOGUE)
        self.document.edit("Begin", Sheet(flow))

    @rule(data=st.data())
    def edit(self, data):
        self.document.edit("Edit", random_edit(data.draw, self.document.sheet))

    @rule()
    def save(self):
        self.document.save_as(Path(self.folder.name) / "agentflow.toml")
        assert not self.document.is_modified

    @invariant()
    def the_text_says_what_the_sheet_says(self):
        if not hasattr(self, "document"):
            return
        file = parse(self.document.text, CATALOGUE)
        read = completed(Sheet(file.flow, Layout(file.layout)), CATALOGUE)
        assert read.flow == self.document.sheet.flow
        assert read.layout == self.document.sheet.layout
        assert self.document.quick_text == self.document.text

    def teardown(self):
        if hasattr(self, "folder"):
            self.folder.cleanup()


Saving.TestCase.settings = settings(max_examples=15, stateful_step_count=10, deadline=None)


def test_after_every_edit_the_text_says_what_the_sheet_says(qapp):
    Saving.TestCase().runTest()
