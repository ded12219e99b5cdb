"""A tax id as somebody typed it: which country it is of, and whether its digits can be true.

Plain Python over python-stdnum, which knows the check digits of each country.
"""

from dataclasses import dataclass

from stdnum.exceptions import ValidationError
from stdnum.util import clean, get_cc_module

# Prefixes of the European Union that are not the code of the country, and the other way round.
COUNTRY_OF_PREFIX = {"EL": "GR"}
PREFIX_OF_COUNTRY = {"GR": "EL"}
# Northern Ireland (XI) trades under the rules of the union.
EU_COUNTRIES = frozenset(
    ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"]
    + ["IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"]
)
LONGEST = 32


@dataclass(frozen=True)
class TaxId:
    """A number without its prefix, and the ISO code of its country; `is_checked` tells whether its digits were."""

    country: str
    number: str
    is_checked: bool = True

    @property
    def prefix(self):
        """The two letters that stand before the number in the European Union."""
        return PREFIX_OF_COUNTRY.get(self.country, self.country)

    def __str__(self):
        return f"{self.prefix}{self.number}" if self.country in EU_COUNTRIES else self.number


class WrongTaxId(ValueError):
    """No country in question has such a number; `country` is the one that was tried first, or empty."""

    def __init__(self, country=""):
        super().__init__(country)
        self.country = country


def compact(text):
    """A tax id without spaces, dots and dashes, in capitals.

    >>> compact(" ro 14399 840-")
    'RO14399840'
    """
    return clean(text or "", " -./,:\u00a0\u202f").upper().strip()


def read(text, countries=()):
    """The tax id in a text.

    :param text: as typed, with or without the prefix of its country
    :param countries: ISO codes it may be of, the likeliest first; a prefix of the European Union goes before them,
        where the number is true with it
    :return: a TaxId
    :raise WrongTaxId: it is no number of any of them

    >>> read("RO 14399840")
    TaxId(country='RO', number='14399840', is_checked=True)
    >>> str(read("14399840", ["RO"]))
    'RO14399840'
    >>> str(read("EL 094259216"))
    'EL094259216'
    >>> str(read("CHE-107.787.577 IVA", ["CH"]))
    'CHE107787577IVA'
    >>> read("14399841", ["RO"])  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    WrongTaxId: RO
    """
    number = compact(text)
    prefixed = COUNTRY_OF_PREFIX.get(number[:2], number[:2])
    tried = [country.upper() for country in countries if country]
    if prefixed in EU_COUNTRIES:
        tried.insert(0, prefixed)
    if not number or len(number) > LONGEST or not number.isascii() or not number.isalnum():
        raise WrongTaxId(tried[0] if tried else "")
    for country in tried:
        found = _read_as(country, number)
        # With a prefix that is none of theirs, a country without rules does not take what another one refuses.
        if found and (found.is_checked or country == prefixed or prefixed not in EU_COUNTRIES):
            return found
    raise WrongTaxId(tried[0] if tried else "")


def _read_as(country, number):
    """The number as one of that country, None where it cannot be."""
    module = get_cc_module("gb" if country == "XI" else country.lower(), "vat")
    for prefix in (PREFIX_OF_COUNTRY.get(country, country), country):
        bare = number.removeprefix(prefix)
        if bare != number:
            break
    if not module:
        return TaxId(country, bare, is_checked=False)
    is_eu = country in EU_COUNTRIES
    for candidate in (bare, number) if is_eu else (number, bare):
        try:
            valid = module.validate(candidate)
        except ValidationError:
            continue
        # Some countries keep their letters in the number, others the prefix; outside the union they belong to it.
        return TaxId(country, valid.removeprefix(PREFIX_OF_COUNTRY.get(country, country)) if is_eu else valid)
    return None


def spellings(text, tax_number=None):
    """Ways in which the same number may stand in a database.

    >>> sorted(spellings("ro 14399840", read("ro 14399840")))
    ['14399840', 'RO 14399840', 'RO14399840', 'ro 14399840', 'ro14399840']
    """
    found = {(text or "").strip(), compact(text)}
    if tax_number:
        whole = f"{tax_number.prefix}{tax_number.number}"
        found |= {tax_number.number, str(tax_number), whole, whole.lower(), f"{tax_number.prefix} {tax_number.number}"}
    return found - {""}
