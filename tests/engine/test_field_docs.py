from agentflow.field_docs import field_docs
from agentflow.settings import Settings


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
