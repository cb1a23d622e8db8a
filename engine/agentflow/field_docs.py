"""Field docs: what the source says under the fields of a model, for whoever shows it."""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic import BaseModel

__all__ = ["field_docs"]


def field_docs(model: type[BaseModel]) -> dict[str, str]:
    """The texts under the fields of a model and of what it is made from, by the field's name.

    They are read when they are asked for: pydantic would read the sources of all models whenever
    the program starts. A model whose source is not there has none; a bundle has ours.
    """
    docs: dict[str, str] = {}
    for cls in reversed(model.__mro__):
        if cls is not BaseModel and issubclass(cls, BaseModel):
            declared = inspect.get_annotations(cls)
            docs = {name: text for name, text in docs.items() if name not in declared}
            docs.update(_under_fields(cls))
    return docs


def _under_fields(cls: type[BaseModel]) -> Iterator[tuple[str, str]]:
    for field, text in pairwise(_body(cls)):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(str(said))):
                yield name, inspect.cleandoc(said)
            case _:
                pass


def _body(cls: type[BaseModel]) -> list[ast.stmt]:
    known = _bodies(cls.__module__).get(cls.__qualname__)
    return _body_alone(cls) if known is None else known


@cache
def _bodies(module: str) -> Mapping[str, list[ast.stmt]]:
    """The bodies of the classes that stand in a module by themselves, by name; read at once."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, TypeError, SyntaxError):
        return {}
    return {node.name: node.body for node in tree.body if isinstance(node, ast.ClassDef)}


def _body_alone(cls: type[BaseModel]) -> list[ast.stmt]:
    try:
        source = inspect.getsource(cls)
    except (OSError, TypeError):
        return []
    # A class that stands in something else begins with spaces.
    tree = ast.parse(f"if True:\n{source}" if source[:1].isspace() else source)
    found = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return found.body
