"""Field docs: what is said under the fields of settings, and that something is said under each."""

from typing import Any, get_args, get_type_hints

import pytest

from agentflow.catalogue import Catalogue
from agentflow.field_docs import field_docs
from agentflow.flow.flow import AgentSpec, Case, Flow, FlowSettings, LlmSettings, PoolSettings
from agentflow.settings import Settings, Value


class Kettle(Settings):
    """Boils."""

    litres: float = 1
    """How much it holds:
    not how much is in it."""
    colour: str = ""
    lid: bool = True
    """Whether it has one."""


class Samovar(Kettle):
    """Boils for many."""

    lid: bool = False
    taps: int = 1
    """Where the tea comes from."""


def test_the_text_under_a_field_is_its_doc():
    docs = field_docs(Kettle)

    assert docs["litres"] == "How much it holds:\nnot how much is in it."
    assert docs["lid"] == "Whether it has one."
    assert "colour" not in docs


def test_a_model_has_the_docs_of_what_it_is_made_from_where_it_declares_nothing_itself():
    docs = field_docs(Samovar)

    assert docs["taps"] == "Where the tea comes from."
    assert docs["litres"] == field_docs(Kettle)["litres"]
    assert "lid" not in docs


def test_a_class_that_stands_in_a_function_is_read_too():
    class Cup(Settings):
        handle: bool = True
        """What one holds it by."""

    assert field_docs(Cup)["handle"] == "What one holds it by."


def test_a_model_whose_source_is_not_there_has_none():
    space: dict[str, object] = {"Settings": Settings, "__name__": "nowhere"}
    exec('class Made(Settings):\n    a: int = 1\n    """One."""', space)

    assert field_docs(space["Made"]) == {"placeholders": field_docs(Settings)["placeholders"]}


def models() -> list[type[Value]]:
    """Every model whose fields somebody may set, with those inside them."""
    catalogue = Catalogue.installed()
    declared = [it.settings for it in catalogue.agent_types.values()]
    declared += [it.settings for it in catalogue.modes.values()]
    found: dict[type[Value], None] = {}
    waiting: list[Any] = [*declared, AgentSpec, Case, Flow, FlowSettings, LlmSettings, PoolSettings]
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if isinstance(kind, type) and issubclass(kind, Value) and kind not in found:
            found[kind] = None
            waiting += get_type_hints(kind).values()
    return list(found)


@pytest.mark.parametrize("model", models(), ids=lambda it: it.__name__)
def test_no_setting_is_without_a_word_on_what_it_is_for(model):
    docs = field_docs(model)
    hints = get_type_hints(model)
    named = {name for name, field in model.model_fields.items() if not field.exclude}

    def holds_settings(name: str) -> bool:
        kinds = (hints[name], *get_args(hints[name]))
        return any(isinstance(it, type) and issubclass(it, Settings) for it in kinds)

    assert model.__doc__
    assert [it for it in named if not docs.get(it) and not holds_settings(it)] == []
