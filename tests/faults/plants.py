"""`make faults PLANT=<guard>`: takes one guard out from outside, to see the matching entry turn red.

The product has no such switch: a plant changes a database as its superuser, or starts a process through a module of
the tests that replaces a statement before the product runs.
"""

from __future__ import annotations

import os

GUARDS = {
    "duplicate_check": "order_and_once",
    "snapshot_reader": "order_and_once",
    "capacity_rule": "crashes",
    "ledger_balance": "crashes",
    "row_policy": "isolation",
    "parking": "bad_input",
}
"""Each guard and the entry that must turn red without it."""


def planted() -> str:
    """The guard that this run does without; empty when all are in place."""
    return os.environ.get("PLANT", "")


FORGET_WHAT_WAS_HANDLED = "alter table handled_events drop constraint handled_events_pkey"
