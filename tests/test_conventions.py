"""The conventions of the code base, held as tests."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from agentflow import errors
from agentflow.catalogue import Catalogue

ROOT = Path(__file__).parents[1]
PACKAGES = (
    ROOT / "engine/agentflow",
    ROOT / "editor/agentflow_editor",
    ROOT / "resources/agentflow_resources",
)
SOURCES = sorted(
    path for package in PACKAGES for path in package.rglob("*.py") if "examples" not in path.parts
)
TEXTS = [
    *SOURCES,
    *(ROOT / "tests").rglob("*.py"),
    *(ROOT / "examples").rglob("*.*"),
    *ROOT.glob("*.md"),
    ROOT / "Makefile",
    ROOT / ".ci/run",
    ROOT / "pyproject.toml",
    ROOT / "requirements.lock",
]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_module_opens_with_a_docstring_that_is_a_sentence(path: Path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert docstring, "a module says what lives in it"
    assert docstring.splitlines()[0].rstrip()[-1] in ".:?)", docstring.splitlines()[0]


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_what_a_module_calls_public_is_there(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    listed = next(
        (
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "__all__"
            and isinstance(node.value, (ast.List, ast.Tuple))
        ),
        [],
    )

    package = next(package for package in PACKAGES if package in path.parents)
    dotted = ".".join(path.relative_to(package.parent).with_suffix("").parts)
    if listed:
        module = importlib.import_module(dotted.removesuffix(".__init__"))
        assert [name for name in listed if not hasattr(module, name)] == []


def test_no_module_has_a_name_that_says_nothing():
    empty = {"utils", "util", "misc", "helpers", "helper", "common"}

    assert [path for path in SOURCES if path.stem.strip("_") in empty] == []


def test_the_tree_in_the_errors_docstring_is_the_tree_of_the_classes():
    told = re.findall(r"^ *(?:x|\+)? *(\w+Error)\b", errors.__doc__ or "", re.MULTILINE)
    classes = [name for name in errors.__all__ if name.endswith("Error")]

    assert sorted(told) == sorted(classes)
    for name in classes:
        cls = getattr(errors, name)
        depth = len(cls.__mro__) - len(errors.AgentFlowError.__mro__)
        line = next(line for line in errors.__doc__.splitlines() if re.search(rf"\b{name}\b", line))
        mark = {0: name[0], 1: "x", 2: "+"}[depth]
        assert line.strip().startswith(mark), line


def test_every_mode_and_agent_type_is_used_by_an_example():
    flows = "\n".join(path.read_text("utf-8") for path in (ROOT / "examples").rglob("*.toml"))
    catalogue = Catalogue.installed()

    assert [it for it in catalogue.modes if f'mode = "{it}"' not in flows] == []
    assert [
        it for it in catalogue.agent_types if f'type = "{it}"' not in flows and it != "scripted"
    ] == []


def test_every_mode_agent_type_and_exporter_has_a_test_file():
    catalogue = Catalogue.installed()
    wanted = {"orchestrators": catalogue.modes, "agents": catalogue.agent_types}

    missing = [
        f"{folder}/{name}"
        for folder, names in wanted.items()
        for name in names
        if not list((ROOT / "tests/engine" / folder).glob(f"test_{name}*.py"))
    ]

    assert missing == []


def test_every_icon_that_is_named_exists(qapp):
    from agentflow_editor.looks.icon_font import SET, icon_font

    catalogue = Catalogue.installed()
    named = [it.icon for it in (*catalogue.modes.values(), *catalogue.agent_types.values())]

    assert [it for it in named if it not in icon_font().charmap[SET]] == []


def test_the_project_speaks_only_of_itself():
    # A home or scratch folder, or a package index, is somebody's machine and not the project.
    forbidden = re.compile(r"(?<![\w.])/(?:home|root|Users|tmp)/\w|https?://\S+/simple\b")
    told = {
        _name(path): match.group()
        for path in TEXTS
        if path.is_file()
        and path != Path(__file__)
        and (match := forbidden.search(path.read_text("utf-8", errors="replace")))
    }

    assert told == {}
