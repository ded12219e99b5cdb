"""A workbook to a `Draft`: opens it, finds its tabs and hands each to its reader."""

from dataclasses import dataclass, field

from ..exchange.draft import Draft, DraftError
from . import layout, words
from .book import open_book
from .guard import PLAIN
from .read_offer import read_offer
from .read_prices import read_prices
from .read_recipes import read_recipes
from .read_sheet import read_sheet
from .rows import Notes, Row


@dataclass(slots=True)
class Options:
    """How a workbook is to be read.

    `kind` is sheet, recipes, prices or quote, empty to find out which of the first three. `columns` is what a person said of columns: dict of tab title
    → dict of column letter → field ("" for none). `decimal` is the decimal separator of his language. `say` translates.
    """

    kind: str = ""
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    decimal: str = ""
    say: object = PLAIN


class Reader:
    """A workbook that was read.

    `tabs` are the `layout.Layout` of what was recognised, `draft` is what they say.
    """

    def __init__(self, data, options=None):
        """
        :raise DraftError: when the bytes are no such file at all
        """
        self.options = options or Options()
        self.book = open_book(data, self.options.say)
        self.kind, self._found = layout.find_layouts(self.book, self.options.kind, self.options.columns)
        self.tabs = [found for _tab, found in self._found.values()]
        self.draft = self._read()

    def has_tab(self, kind):
        """Tell whether the workbook has a tab of a kind."""
        return kind in self._found

    def rows(self, kind, notes):
        """Give the `Row` of a tab beneath its headings; none where the tab is not there."""
        if kind not in self._found:
            return
        say = self.options.say
        tab, found = self._found[kind]
        if found.missing:
            for name in found.missing:
                notes.error(
                    f"{tab.title}!{found.heading_row}",
                    say._("No column is headed “%(heading)s”. Choose the column.", heading=words.heading(name, "en")),
                )
            return
        hidden = 0
        for number, cells in tab.rows:
            if number > found.heading_row:
                row = Row(tab, found, number, cells, notes, self.options.decimal)
                if row.cells:
                    hidden += number in tab.hidden_rows
                    yield row
        if hidden:
            notes.warn(tab.title, say._("Hidden rows were read like all others: %(count)s.", count=hidden))

    def _read(self):
        say = self.options.say
        if layout.TABS[self.kind][0] not in self._found:
            raise DraftError(say._("The workbook holds no table. Fill in one of the sample files."))
        notes = Notes(say)
        draft = Draft(kind=self.kind, program="XLSX")
        readers = {"sheet": read_sheet, "recipes": read_recipes, "prices": read_prices, "quote": read_offer}
        readers[self.kind](self, draft, notes)
        read = {found.title for found in self.tabs}
        for tab in self.book:
            if tab.title not in read and tab.rows:
                notes.warn(tab.title, say._("This tab was not read."))
        draft.notes, draft.notes_left_out = notes.give()
        return draft


def read(data, options=None):
    """Read the bytes of a workbook.

    :return: a `Draft`
    :raise DraftError: when the bytes are no such file at all
    """
    return Reader(data, options).draft
