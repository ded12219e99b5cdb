"""One row of a tab, field by field: what cannot be read is noted with its cell."""

import re
from decimal import Decimal

from ..exchange.draft import Note
from . import values, words

MAX_NOTES = 500
_CURRENCY = re.compile(r"[(\[（]\s*([A-Z]{3})\s*[)\]）]")


class Notes:
    """What was not taken as it stands. Errors are always kept before warnings when there are too many."""

    def __init__(self, say):
        self.say = say
        self.errors = []
        self.warnings = []

    def error(self, where, message):
        self.errors.append(Note(where, message, is_error=True))

    def warn(self, where, message):
        self.warnings.append(Note(where, message))

    def give(self):
        """Give `(notes, how many were left out)`."""
        notes = self.errors + self.warnings
        return notes[:MAX_NOTES], max(len(notes) - MAX_NOTES, 0)


class Row:
    """The cells of a row by field."""

    def __init__(self, tab, layout, number, cells, notes, decimal=""):
        self.tab = tab
        self.layout = layout
        self.number = number
        self.cells = {name: cells[place] for name, place in layout.places.items() if place in cells}
        self.notes = notes
        self.decimal = decimal

    def __contains__(self, name):
        return name in self.cells

    def where(self, name=""):
        """Name the cell of a field, or the row."""
        if name in self.layout.places:
            return self.tab.where(self.number, self.layout.places[name])
        return f"{self.tab.title}!{self.number}"

    def text(self, name):
        """Give the text of a field, empty where there is none or where it cannot be read."""
        cell = self.cells.get(name)
        if not cell or not self._is_readable(cell):
            return ""
        if cell.kind == "bool":
            return "TRUE" if cell.value else "FALSE"
        return values.format_code(cell)

    def code(self, name="code"):
        """Give a code: a text, whatever a spreadsheet made of it."""
        cell = self.cells.get(name)
        say = self.notes.say
        if cell and cell.kind == "date":
            self.notes.error(
                cell.where, say._("A date stands where a code belongs. Format the column as text and type it again.")
            )
            return ""
        return self.text(name)

    def number_of(self, name, is_percent=False, is_negative=False):
        """Give the number of a field, or None.

        :param is_percent: a cell formatted as a percentage counts hundredfold
        :param is_negative: a number below zero is fine
        """
        say = self.notes.say
        cell = self.cells.get(name)
        if not cell or not self._is_readable(cell):
            return None
        number = self._to_number(cell, is_percent)
        if number is None:
            return None
        if not number.is_finite() or abs(number) > values.MAX_NUMBER:
            self.notes.error(cell.where, say._("This number is too large to be true."))
        elif number < 0 and not is_negative:
            self.notes.error(cell.where, say._("%(number)s is below zero.", number=format(number, "f")))
        else:
            return number
        return None

    def _to_number(self, cell, is_percent):
        say = self.notes.say
        if cell.kind == "number":
            return cell.value * 100 if is_percent and cell.is_percent else cell.value
        if cell.kind == "date":
            self.notes.error(
                cell.where,
                say._("A date stands where a number belongs. Format the cell as a number and type it again."),
            )
            return None
        if cell.kind == "bool":
            self.notes.error(cell.where, say._("True or false stands where a number belongs."))
            return None
        text = cell.value.removesuffix("%").rstrip() if is_percent else cell.value
        try:
            return values.parse_number(text, self.decimal)
        except values.NotANumber as error:
            if error.is_ambiguous:
                message = say._("“%(text)s” can be read as two numbers. Type it as a number.", text=text[:40])
            else:
                message = say._("“%(text)s” is no number.", text=text[:40])
            self.notes.error(cell.where, message)
            return None

    def yes(self, name):
        """Tell whether a column of yes and no says yes."""
        say = self.notes.say
        cell = self.cells.get(name)
        if not cell or not self._is_readable(cell):
            return False
        if cell.kind == "bool":
            return cell.value
        found = words.find_choice(values.format_code(cell), ("yes", "no"))
        if found is None:
            self.notes.error(cell.where, say._("“%(text)s” is neither yes nor no.", text=str(cell.value)[:40]))
        return found == "yes"

    def choice(self, name, allowed):
        """Give which of the allowed words a cell says, empty where it says nothing."""
        say = self.notes.say
        text = self.text(name)
        if not text:
            return ""
        found = words.find_choice(text, allowed)
        if found is None:
            known = ", ".join(words.choice(key, "en") for key in allowed)
            self.notes.error(self.where(name), say._("“%(text)s” is none of: %(known)s.", text=text[:40], known=known))
        return found or ""

    def date(self, name):
        """Give the date of a field, or None."""
        say = self.notes.say
        cell = self.cells.get(name)
        if not cell or not self._is_readable(cell):
            return None
        if cell.kind == "date" and hasattr(cell.value, "year"):
            return cell.value
        found = values.parse_date(cell.value) if cell.kind == "text" else None
        if found is None:
            self.notes.error(
                cell.where, say._("“%(text)s” is no date. Type it as 2026-01-31.", text=str(cell.value)[:40])
            )
        return found

    def is_sum(self):
        """Tell whether the row only adds up others: no words, and a sum in one of its numbers."""
        return any(
            cell.formula.upper().lstrip("=+").startswith(("SUM(", "SUBTOTAL(", "AGGREGATE("))
            for cell in self.cells.values()
        )

    def _is_readable(self, cell):
        say = self.notes.say
        if cell.kind == "error":
            self.notes.error(
                cell.where, say._("The cell holds the error %(error)s. Correct it in the workbook.", error=cell.value)
            )
        elif cell.kind == "uncached":
            self.notes.error(
                cell.where,
                say._("The cell holds a formula without a result. Open the file in a spreadsheet program and save it."),
            )
        else:
            return True
        return False


def is_zero(number):
    """Tell whether a number is missing or zero.

    >>> is_zero(None), is_zero(Decimal("0.00")), is_zero(Decimal("0.1"))
    (True, True, False)
    """
    return number is None or number == Decimal(0)


def find_currency(layout):
    """Give the currency a heading of prices has in brackets, empty where none has."""
    for column in layout.columns:
        match = _CURRENCY.search(column.heading)
        if match and column.field in ("price", "cost", "sales_price"):
            return match[1]
    return ""
