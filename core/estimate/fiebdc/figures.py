"""Numbers, dates and roundings of BC3 files."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

#: No price, quantity or amount of a building is larger; beyond it a figure is a fault, not a number.
LIMIT = Decimal(10) ** 15

#: More decimals than any program writes; the rest is noise of binary fractions.
PLACES = 18

#: Wide enough for a product of two figures within the limit, exact to their last decimal.
CONTEXT = Context(prec=80, rounding=ROUND_HALF_UP)

_NUMBER = re.compile(r"[+-]?(\d{1,40}[.,]?\d{0,60}|[.,]\d{1,60})([eE][+-]?\d{1,3})?", re.ASCII)
_DIGITS = re.compile(r"\d{1,8}", re.ASCII)


def read_number(text):
    """The number a field says: `None` for an empty field, a `ValueError` for one that is no number.

    >>> read_number(" .04 "), read_number("1,5"), read_number("")
    (Decimal('0.04'), Decimal('1.5'), None)
    >>> read_number("1e300")
    Traceback (most recent call last):
        ...
    ValueError: 1e300
    """
    text = text.strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(text[:40])
    number = CONTEXT.create_decimal(text.replace(",", "."))
    if abs(number) > LIMIT:
        raise ValueError(text[:40])
    return round_half_up(number, PLACES) if number.as_tuple().exponent < -PLACES else number


def write_number(number):
    """A number as a field; nothing for `None`.

    >>> write_number(Decimal("1E+3")), write_number(Decimal("0.50")), write_number(None)
    ('1000', '0.5', '')
    """
    if number is None:
        return ""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def round_half_up(number, digits):
    """Round as an accountant does; `None` digits round nothing.

    >>> round_half_up(Decimal("1.005"), 2), round_half_up(Decimal("1.005"), None)
    (Decimal('1.01'), Decimal('1.005'))
    """
    if digits is None:
        return number
    return number.quantize(Decimal(1).scaleb(-digits), context=CONTEXT)


def multiply(*numbers):
    """The exact product, kept between bounds so that a chain of absurd figures stays a figure.

    >>> multiply(Decimal("0.1"), Decimal(3)), multiply(LIMIT, LIMIT) == LIMIT
    (Decimal('0.3'), True)
    """
    result = Decimal(1)
    for number in numbers:
        result = capped(CONTEXT.multiply(result, number))
    return result if result.adjusted() > -2 * PLACES else Decimal(0)


def capped(number):
    """A number within the limit; absurd ones become the limit.

    >>> capped(-LIMIT * 5) == -LIMIT
    True
    """
    return number if -LIMIT <= number <= LIMIT else LIMIT.copy_sign(number)


def read_date(text):
    """The date a field says, DDMMYYYY, DDMMYY, MMYY or YY; a missing day or month is the first.

    >>> read_date("040400"), read_date("00052012"), read_date("0398"), read_date("31022000")
    (datetime.date(2000, 4, 4), datetime.date(2012, 5, 1), datetime.date(1998, 3, 1), None)
    """
    text = text.strip()
    if not _DIGITS.fullmatch(text):
        return None
    if len(text) % 2:
        text = "0" + text
    year = text[-4:] if len(text) == 8 else text[-2:]
    rest = text[: -len(year)].rjust(4, "0")
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 80 else 1900
    try:
        return date(number, int(rest[2:]) or 1, int(rest[:2]) or 1)
    except ValueError:
        return None
