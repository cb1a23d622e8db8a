"""The people of a repair shop: one reads, one looks for a date, one writes."""

import json
import re
from pathlib import Path

HERE = Path(__file__).parent
DAYS = {"Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday"}


def read_details(state):
    """Who wrote, about which machine, and on which days somebody is at home."""
    message = state["message"]
    machine = re.search(r"\b[A-Z][a-z]+ \d{3}\b", message)
    return {
        "customer": message.rstrip().splitlines()[-1].split(",")[-1].strip(),
        "machine": machine.group() if machine else "machine",
        "days": [short for short, day in DAYS.items() if day in message] or list(DAYS),
    }


def propose(state):
    """Take the next date of the calendar."""
    dates = _calendar()["open"]
    return {"tried": [*state.get("tried", []), dates[len(state.get("tried", []))]]}


def look_up(state):
    """Whether the shop is free and the customer at home."""
    date = state["tried"][-1]
    is_free = date not in _calendar()["booked"]
    is_at_home = date.split()[0] in state["read"]["read_details"]["days"]
    return {"date": date, "date_fits": is_free and is_at_home}


def apologise(state):
    """Begin the answer to somebody who has reason to be angry."""
    machine = state["read"]["read_details"]["machine"]
    return {
        "opening": f"we are sorry that your {machine} is out of order again, and for the trouble "
        "that it makes. The visit costs you nothing."
    }


def confirm(state):
    """Begin the answer to everybody else."""
    machine = state["read"]["read_details"]["machine"]
    return {"opening": f"thank you for writing to us about your {machine}."}


def write_answer(state):
    """Write the letter."""
    details = state["read"]["read_details"]
    day, hour = state["date"].split()
    body = (
        f"{state['opening']} Our technician comes on {DAYS[day]} at {hour} o'clock and brings the "
        "parts along. If that does not suit you, please call us."
    )
    return {"letter": f"Dear {details['customer']},\n\n{body}"}


def sign(state):
    """Put the shop's name under it."""
    return {"response": f"{state['letter']}\n\nNoor and Sons, repairs"}


def _calendar():
    return json.loads((HERE / "calendar.json").read_text(encoding="utf-8"))
