"""What a repair shop looks up: who wrote, and when somebody can come."""

import json
import re
from pathlib import Path

CALENDAR = Path(__file__).with_name("calendar.json")
DAYS = {"Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday"}


def details(state):
    """Who wrote, about which machine, and on which days somebody is at home."""
    message = state["message"].strip()
    machine = re.search(r"\b[A-Z][a-z]+ \d{3}\b", message)
    return {
        "customer": message.splitlines()[-1].split(",")[-1].strip(),
        "machine": machine.group() if machine else "machine",
        "days": [short for short, day in DAYS.items() if day in message] or list(DAYS),
    }


def propose(state):
    """Take the next date of the calendar."""
    tried = state.get("tried", [])
    return {"tried": [*tried, _calendar()["open"][len(tried)]]}


def look_up(state):
    """Whether the shop is free then and the customer at home."""
    date = state["tried"][-1]
    day, hour = date.split()
    is_free = date not in _calendar()["booked"]
    is_at_home = day in state["read"]["details"]["days"]
    return {"date": f"{DAYS[day]} at {hour} o'clock", "date_fits": is_free and is_at_home}


def _calendar():
    return json.loads(CALENDAR.read_text(encoding="utf-8"))
