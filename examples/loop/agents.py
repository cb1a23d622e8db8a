"""The editor of the loop: each pass makes the hardest sentence of the text a little plainer."""

import re

PLAIN = {
    "in the event that": "if",
    "is desirous of utilising": "wants to use",
    "it is necessary that a reservation be made": "book",
    "not less than": "at least",
    "prior to the commencement of": "before",
    "the intended period of utilisation": "you need it",
    "are to be effected by means of the inscription of": "are made by writing",
    "situated adjacent to": "by",
    "the entrance of the facility": "the door",
    "are requested to refrain from making reservations": "should not book",
    "for a duration in excess of": "for more than",
    "subsequent to": "after",
    "the termination of the period of utilisation": "you finish",
    "is obliged to ensure that the machines are left in a state of cleanliness": (
        "must leave the machines clean"
    ),
    "any malfunction which has been observed must be reported": "report any fault",
    "without delay": "at once",
    "failure to comply with the aforementioned regulations may result in": (
        "if you break these rules, you may face"
    ),
    "the temporary withdrawal of the entitlement to utilise": "a short ban from",
    "utilise": "use",
    "facilities": "room",
    "facility": "room",
    "communal laundry room": "laundry",
}
"""What officials write, and what they mean; longer phrases first where one holds another."""

JOINTS = (", and ", "; ", ", which ")


def simplify(state):
    """Replace the stiffest phrase of the hardest sentence, or cut the sentence in two."""
    text = state.get("draft") or state["message"]
    sentences = re.split(r"(?<=[.?!])\s+", text.strip())
    for hardest in sorted(sentences, key=_hardness, reverse=True):
        plainer = _plainer(hardest)
        if plainer != hardest:
            return {"draft": text.replace(hardest, plainer), "edited": plainer}
    # Nothing left to do: the loop need not go on.
    return {"draft": text, "edited": "", "loop_completed": True}


def _hardness(sentence):
    words = sentence.split()
    return sum(max(1, len(re.findall(r"[aeiouy]+", word.lower()))) for word in words)


def _plainer(sentence):
    changed = sentence
    for stiff, plain in PLAIN.items():
        changed = re.sub(rf"\b{stiff}\b", plain, changed, flags=re.IGNORECASE)
    if changed == sentence:
        changed = _cut(sentence)
    return changed[:1].upper() + changed[1:]


def _cut(sentence):
    joint = next((it for it in JOINTS if it in sentence), None)
    if joint is None:
        return sentence
    first, second = sentence.split(joint, 1)
    return f"{first}. {second[:1].upper()}{second[1:]}"
