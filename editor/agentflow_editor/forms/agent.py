"""The name of one of the flow's agents."""

from agentflow_editor.forms._field import UNSET, Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms.choice import ChoiceEditor

__all__ = ["FORM_FIELD"]

_NAMES = frozenset({"agent", "default_agent"})


def _accepts(field: Field) -> bool:
    return field.kind is str and (field.form == "agent" or field.name in _NAMES)


def _build(_field: Field, around: Surroundings) -> FieldEditor:
    return ChoiceEditor(lambda: [("none", UNSET), *((name, name) for name in around.agents())])


FORM_FIELD = FormField(name="agent", rank=20, accepts=_accepts, build=_build)
