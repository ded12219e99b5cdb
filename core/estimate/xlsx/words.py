"""The words of workbooks in our languages: tabs, headings and what stands in columns of choices.

The first word of a language is written, all of all languages are understood.
"""

import re
import unicodedata

from .headings import HEADINGS
from .titles import CHOICES, TABS

LANGUAGES = ("en", "ro", "ru", "es", "fr", "de", "zh")

#: The hidden column that tells our own rows again; the same in all languages.
KEY_HEADING = "#key"

NATURES = ("material", "labour", "equipment", "subcontract", "transport", "other")

#: How rows of totals begin, which are worked out again and never read.
TOTALS = [
    "total",
    "subtotal",
    "sub-total",
    "sum",
    "grand",
    "total",
    "totalul",
    "ukupno",
    "suma",
    "somme",
    "sous-total",
    "sous",
    "total",
    "montant",
    "total",
    "summe",
    "gesamt",
    "gesamtsumme",
    "zwischensumme",
    "netto",
    "total",
    "general",
    "итого",
    "всего",
    "подытог合计",
    "合计",
    "小计",
    "总计",
    "总价",
]


def normalise(text):
    """Give a heading as it is compared: without case, accents, punctuation and what stands in brackets.

    >>> normalise(" Cantidad (m²): "), normalise("Mățime"), normalise("%"), normalise("N°")
    ('cantidad', 'matime', '%', 'n')
    """
    text = re.sub(r"[(\[（].*?[)\]）]", " ", str(text)) or str(text)
    text = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in text if letter.isalnum() or letter in " %#№")
    return " ".join(kept.split())


def _index(table):
    index = {}
    for key, languages in table.items():
        for word in (word for words in languages.values() for word in words):
            index.setdefault(normalise(word), []).append(key)
    return index


_TAB_INDEX = _index(TABS)
_HEADING_INDEX = _index(HEADINGS)


def language_of(code):
    """Give the language of a code such as `zh_CN`; English for one we do not have.

    >>> language_of("ro_RO"), language_of("pl_PL"), language_of(None)
    ('ro', 'en', 'en')
    """
    found = (code or "")[:2]
    return found if found in LANGUAGES else "en"


def tab_title(key, language):
    """The title of a tab as it is written."""
    return TABS[key][language_of(language)][0]


def heading(key, language):
    """The heading of a column as it is written."""
    return HEADINGS[key][language_of(language)][0]


def choice(key, language):
    """A word of a column of choices as it is written."""
    return CHOICES[key][language_of(language)][0]


def tab_kinds(title):
    """The kinds of tab a title may mean.

    >>> tab_kinds("Mediciones"), tab_kinds("Sheet1")
    (['measurements'], [])
    """
    return _TAB_INDEX.get(normalise(title), [])


def heading_fields(text):
    """The columns a heading may mean, in the order of the table.

    >>> heading_fields("Denumire"), heading_fields("Anzahl")
    (['name'], ['quantity', 'count'])
    """
    if str(text).strip().casefold() == KEY_HEADING:
        return ["key"]
    return _HEADING_INDEX.get(normalise(text), [])


def find_choice(text, allowed):
    """Give which of the allowed choices a text says, or None.

    >>> find_choice("mano de obra", NATURES), find_choice("Oui", ("yes", "no")), find_choice("?", NATURES)
    ('labour', 'yes', None)
    """
    wanted = " ".join(str(text).casefold().split())
    for key in allowed:
        if wanted == key or any(wanted == word.casefold() for words in CHOICES[key].values() for word in words):
            return key
    return None


def is_total(text):
    """Tell whether a text begins a row of totals.

    >>> is_total("Total capítulo 1"), is_total("Gesamtsumme:"), is_total("Totara tiles"), is_total("合计")
    (True, True, False, True)
    """
    words = normalise(text).split()
    return bool(words) and words[0] in _TOTAL_WORDS


_TOTAL_WORDS = {normalise(word).split()[0] for word in TOTALS if normalise(word)} - {
    "grand",
    "montant",
    "sous",
    "general",
}
