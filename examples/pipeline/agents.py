"""The stages of the pipeline: read, check, measure in parallel, report."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent


def ingest(state):
    """Read the rows of the file as they are."""
    with (HERE / state["file"]).open(encoding="utf-8", newline="") as file:
        return {"rows": list(csv.DictReader(file))}


def validate(state):
    """Keep what can be believed, and say of every other row why it was dropped."""
    orders, rejected = [], []
    for row in state["rows"]:
        fault = _fault(row, orders)
        if fault:
            rejected.append({"order": row["order"], "why": fault})
        else:
            orders.append({**row, "copies": int(row["copies"]), "price": float(row["price"])})
    share = len(rejected) / max(1, len(state["rows"]))
    return {"orders": orders, "rejected": rejected, "rejected_share": round(share, 3)}


def by_month(state):
    """What was taken in each month."""
    months = Counter()
    for order in state["orders"]:
        months[order["date"][:7]] += _amount(order)
    return {"months": {month: round(amount, 2) for month, amount in sorted(months.items())}}


def by_title(state):
    """How many copies of each title were sold."""
    copies = Counter()
    for order in state["orders"]:
        copies[order["title"]] += order["copies"]
    return {"titles": dict(copies.most_common())}


def odd_ones(state):
    """Orders that are so far from the usual that somebody should look at them."""
    usual = median(_amount(order) for order in state["orders"])
    return {
        "odd": [
            f"order {order['order']} of {order['customer']}: {order['copies']} copies of "
            f"{order['title']!r} for {_amount(order):.2f}, where {usual:.2f} is usual"
            for order in state["orders"]
            if _amount(order) > 10 * usual
        ]
    }


def report(state):
    """Write it down."""
    found = state["measure"]
    lines = [
        f"{len(state['orders'])} orders, {len(state['rejected'])} rows left out.",
        "",
        "Taken by month:",
        *(f"  {month}  {amount:8.2f}" for month, amount in found["by_month"]["months"].items()),
        "Copies sold:",
        *(f"  {count:3}  {title}" for title, count in found["by_title"]["titles"].items()),
        "To be looked at:",
        *(f"  {odd}" for odd in found["odd_ones"]["odd"]),
        *(f"  row {row['order']} was left out: {row['why']}" for row in state["rejected"]),
    ]
    return {"response": "\n".join(lines)}


def send_back(state):
    """Refuse the whole file: too little of it can be believed."""
    lines = [f"  row {row['order']}: {row['why']}" for row in state["rejected"]]
    share = f"{state['rejected_share']:.0%}"
    return {"response": "\n".join([f"Not processed: {share} of the rows are wrong.", *lines])}


def _fault(row, earlier):
    if not row["customer"]:
        return "it has no customer"
    if any(row["order"] == order["order"] for order in earlier):
        return "its number was there before"
    wanted = {"date": date.fromisoformat, "copies": int, "price": float}
    return next(
        (f"{row[k]!r} is no {k}" for k, kind in wanted.items() if not _is(kind, row[k])), None
    )


def _is(kind, text):
    try:
        kind(text)
    except ValueError:
        return False
    return True


def _amount(order):
    return order["copies"] * order["price"]
