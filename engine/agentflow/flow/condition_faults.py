"""What the expression library says, read: which names an expression reads, and what is wrong."""

import re

from agentflow.errors import ConditionError

__all__ = ["free_names", "plain", "syntax_error"]

_MESSAGE = re.compile(r"<input>:(?P<line>\d+):(?P<column>\d+): (?P<what>[^\n]*)")
_UNDECLARED = re.compile(r"undeclared reference to '(?P<name>[^']*)'")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)

_OTHER_SPELLINGS = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "=": "==",
    "<>": "!=",
    "is": "==",
    "True": "true",
    "False": "false",
    "None": "null",
}
"""What people write who come from other languages."""


def free_names(text: str, message: str) -> frozenset[str]:
    """The names that an error calls undeclared; empty when something else is wrong as well."""
    names: set[str] = set()
    for fault in _MESSAGE.finditer(message):
        undeclared = _UNDECLARED.search(fault["what"])
        if undeclared is None:
            if "'*error*'" in fault["what"]:
                continue  # What an undeclared name leads to.
            return frozenset()
        name = undeclared["name"]
        if _is_called(text, fault, name) or name in _OTHER_SPELLINGS:
            return frozenset()  # A function that does not exist, or no name of a value.
        names.add(name.split(".")[0])
    return frozenset(names)


def _offset(text: str, fault: re.Match[str]) -> int:
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: int(fault["line"]) - 1])
    return before + int(fault["column"]) - 1


def _is_called(text: str, fault: re.Match[str], name: str) -> bool:
    """Whether a fault is about `name(...)`; then it stands at the bracket."""
    at = _offset(text, fault)
    return text.startswith("(", at) and text[:at].endswith(name)


def syntax_error(text: str, message: str) -> ConditionError:
    """What is wrong with an expression: the worst of what the library's message tells."""
    faults = list(_MESSAGE.finditer(message))
    if not faults:
        return ConditionError(text, plain(message), fix="write it more simply")
    # An undeclared name beside another fault is most likely none.
    worst = next((it for it in faults if not _is_free_name(text, it)), faults[0])
    at = _offset(text, worst)
    word = _IDENTIFIER.match(text, at)
    said = word.group() if word else text[at : at + 1]
    foreign = _foreign_word(text, at)
    fix = f"write {_OTHER_SPELLINGS[foreign]!r} instead of {foreign!r}" if foreign else ""
    if "(int, double)" in worst["what"] or "(double, int)" in worst["what"]:
        fix = "write both numbers with a point: 1.0 and 2.5"
    what = _reworded(worst["what"], said)
    return ConditionError(text, what, column=at + 1, fix=fix)


def _is_free_name(text: str, fault: re.Match[str]) -> bool:
    found = _UNDECLARED.search(fault["what"])
    if found is None:
        return "'*error*'" in fault["what"]
    return not _is_called(text, fault, found["name"]) and found["name"] not in _OTHER_SPELLINGS


def _foreign_word(text: str, at: int) -> str | None:
    """The word of another language that stands at, or ends before, an offset."""
    sign = re.compile(r"(?<![=!<>])=(?!=)|<>|\w+").match(text, at)
    before = re.search(r"(<(?=>)|\bnot\b)\s*$", text[:at])
    if before:
        return "<>" if before[1] == "<" else before[1]
    return sign.group() if sign and sign.group() in _OTHER_SPELLINGS else None


def _reworded(what: str, said: str) -> str:
    """The library's words, in ours."""
    undeclared = _UNDECLARED.search(what)
    if undeclared:
        return f"there is no function or value {undeclared['name']!r}"
    if what.startswith("reserved identifier"):
        return f"{said!r} is a word of the language and cannot be the name of a value"
    if "no matching overload" in what:
        found = re.search(r"for '(.*?)' applied to '\((.*)\)'", what)
        operator = found[1].strip("_") if found else said
        return f"{operator!r} does not take {found[2] if found else 'these'}"
    if not said:
        return "ends too early"
    return f"{said!r} cannot stand here"


def plain(message: str) -> str:
    """The library's message without its codes."""
    text = re.sub(r"^[A-Z_]+: |\s*\[[A-Z_]+\]$", "", message)
    text = text.replace("No matching overloads found : ", "cannot compare or compute ")
    return (text[:1].lower() + text[1:])[:300]
