"""The critic: says what a draft lacks, as a number and as notes that the creator can use."""

import re


def review(state):
    """Measure the draft and name what the next one has to say.

    The score is the share of the facts that the draft tells, less a quarter for each fault.
    """
    draft, told = state["draft"], state.get("told", [])
    missing = [fact for fact in state["facts"] if not _tells(draft, fact)]
    faults = _faults(draft, state["product"])
    score = 1 - len(missing) / len(state["facts"]) - 0.25 * len(faults)
    # One wish at a time: a creator that is told everything at once forgets half of it.
    wish = next((fact for fact in missing if fact not in told), None)
    return {
        "quality_score": round(max(0.0, score), 2),
        "notes": [*(f"it does not say: {fact}" for fact in missing), *faults],
        "told": [*told, wish] if wish else told,
        "response": draft,
    }


def _tells(draft, fact):
    words = [word for word in fact.split() if len(word) > 3 or word.isdigit()]
    found = sum(_stem(word) in draft.lower() for word in words)
    return found >= len(words) - 1


def _stem(word):
    return re.sub(r"(ies|es|s|ed|ing)$", "", word.lower())


def _faults(draft, product):
    words = re.findall(r"\w+", draft.lower())
    runs = [tuple(words[i : i + 4]) for i in range(len(words) - 3)]
    return [
        fault
        for fault, is_so in (
            (f"it does not name {product}", product.lower() not in draft.lower()),
            ("it repeats itself", len(set(runs)) < len(runs)),
            ("it stops in the middle", not draft.rstrip().endswith((".", "!"))),
            ("it is longer than fifty words", len(words) > 50),
        )
        if is_so
    ]
