"""Numbers and units of GAEB files."""

import re
from decimal import ROUND_HALF_UP, Decimal

_NUMBER = re.compile(r"([+-]?)(\d{0,20})(?:[.,](\d{0,20}))?\Z")
CENT = Decimal("0.01")

#: What programs write for a unit, without signs and in small letters → how it is commonly written.
_UNITS = {
    "m": "m",
    "lfm": "m",
    "lfdm": "m",
    "lm": "m",
    "stgm": "m",
    "m2": "m²",
    "m²": "m²",
    "qm": "m²",
    "m3": "m³",
    "m³": "m³",
    "cbm": "m³",
    "st": "Stk",
    "stk": "Stk",
    "stck": "Stk",
    "stück": "Stk",
    "stuck": "Stk",
    "psch": "psch",
    "psc": "psch",
    "pau": "psch",
    "pausch": "psch",
    "pauschal": "psch",
    "ps": "psch",
    "h": "h",
    "std": "h",
    "stunde": "h",
    "stunden": "h",
    "d": "d",
    "tag": "d",
    "tage": "d",
    "tg": "d",
    "kg": "kg",
    "t": "t",
    "to": "t",
    "l": "l",
    "ltr": "l",
    "km": "km",
    "cm": "cm",
    "mm": "mm",
    "cm2": "cm²",
}


def unit(text):
    """Write a unit the common way; one that is not known stays as it is.

    >>> [unit(text) for text in ("m2", "lfdm.", "Stck", "psch", "Wo", "")]
    ['m²', 'm', 'Stk', 'psch', 'Wo', '']
    """
    text = (text or "").strip()
    return _UNITS.get(text.lower().replace(".", "").replace(" ", ""), text)


def decimal(text):
    """Give the number, or None when the text is none. A comma is taken for a point; nothing else is guessed.

    >>> decimal("12.500"), decimal(" 1,5"), decimal("NaN"), decimal("1e9"), decimal("")
    (Decimal('12.500'), Decimal('1.5'), None, None, None)
    """
    found = _NUMBER.match(text.strip())
    if not found or not (found.group(2) or found.group(3)):
        return None
    return (
        Decimal(f"{found.group(1)}{found.group(2) or 0}.{found.group(3) or 0}")
        if found.group(3)
        else Decimal(f"{found.group(1)}{found.group(2)}")
    )


def cents(number):
    """Round an amount the commercial way.

    >>> cents(Decimal("1.005")), cents(Decimal("-1.005"))
    (Decimal('1.01'), Decimal('-1.01'))
    """
    return number.quantize(CENT, ROUND_HALF_UP)


def digits(number):
    """Count the decimals a number needs.

    >>> [digits(Decimal(text)) for text in ("12", "12.50", "12.345", "1E+2")]
    [0, 1, 3, 0]
    """
    return max(0, -number.normalize().as_tuple().exponent)


def fixed(number, places):
    """Write a number with so many decimals, as XML has it.

    >>> fixed(Decimal("12.5"), 3)
    '12.500'
    """
    return format(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), "f")
