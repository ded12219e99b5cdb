"""The list of rows, filled by the decorator `row` as the `rows_*.py` files are imported."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROWS = {}


@dataclass
class Row:
    """One measurement: its name, the ratio it must keep and the one we want."""

    name: str
    gate: float
    want: float
    measure: Callable


def row(name, gate=None, want=None):
    """Register a measuring function under a name of the performance table."""

    def register(function):
        ROWS[name] = Row(name, gate, want, function)
        return function

    return register


def load():
    """Import every file of rows; the rows by name."""
    for path in sorted(Path(__file__).parent.glob("rows_*.py")):
        importlib.import_module(f"{__package__}.{path.stem}")
    return ROWS
