"""``make bench``: every figure in one table. Takes a few minutes; nothing else should run meanwhile."""

from __future__ import annotations

import sys

from bench import cases, cold_start, order, turns
from bench.notices import planning, sending
from bench.report import table

PARTS = {
    "turns": turns.measure,
    "cold_start": cold_start.measure,
    "order": order.measure,
    "cases": cases.measure,
    "planning": planning.measure,
    "sending": sending.measure,
}


def main(wanted: list[str]) -> None:
    rows = []
    for name, measure in PARTS.items():
        if not wanted or name in wanted:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            rows += measure()
    print(table(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
