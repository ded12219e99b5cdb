"""What the check list of an evaluation sheet is made of."""

from dataclasses import dataclass
from typing import Any

# How much a fault matters: an error keeps the sheet from being final, a warning is worth a look,
# a hint just tells what will happen.
SEVERITIES = ERROR, WARNING, HINT = "error", "warning", "hint"


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of the check list.

    :param kind: short name of what is wrong, for tests and other addons
    :param record: the item, answer or sheet to open
    :param message: a whole sentence that names the record and what to do
    :param is_office: for whoever prices, a surveyor does not get to see it
    """

    kind: str
    record: Any
    message: str
    severity: str = ERROR
    is_office: bool = False

    def to_json(self):
        """Give what the form needs to show the fault and to jump to its record."""
        return {
            "kind": self.kind,
            "model": self.record._name,
            "id": self.record.id,
            "message": self.message,
            "severity": self.severity,
        }
