"""`~K`: decimals and percentages, in the shapes of 1995, 2002–2004 and later."""

from .figures import read_number, write_number
from .model import Coefficients, Decimals
from .records import split_subfields

EARLY = ("DN", "DD", "DS", "DR", "DI", "DP", "DC", "DM", "")
LATE = ("DRC", "DC", "DRO", "DFS", "DRS", "DFO", "DUO", "DI", "DES", "DN", "DD", "DS", "DSP", "DEC", "")

# 2004 has no DSP and DEC; some programs leave out DRC too
_OLDER = LATE[:12] + ("",)
_SHAPES = {15: LATE, 13: _OLDER, 12: _OLDER[1:]}

_PERCENTAGES = ("indirect", "general", "profit", "discount", "vat")


def read_coefficients(record, report):
    """The `Coefficients` of a `~K` record.

    >>> from .model import Report
    >>> from .records import split_records
    >>> record = next(split_records("~K|\\\\2\\\\2\\\\3\\\\3\\\\2\\\\2\\\\2\\\\EUR\\\\|2\\\\13\\\\6\\\\\\\\21|"))
    >>> found = read_coefficients(record, Report())
    >>> str(found.indirect), found.discount, found.currency, found.decimals.component
    ('2', None, 'EUR', 3)
    """
    early = _read_scopes(record, 1, lambda size: EARLY, report)
    late = _read_scopes(record, 3, _SHAPES.get, report)
    scopes = []
    for index in range(max(len(early), len(late))):
        first, currency = early[index] if index < len(early) else ({}, "")
        third, later_currency = late[index] if index < len(late) else ({}, "")
        scopes.append(Decimals(first, third, later_currency or currency))
    while scopes and scopes[-1] == Decimals():
        scopes.pop()
    result = Coefficients(scopes=scopes, option=record.field(4).strip())
    for name, text in zip(_PERCENTAGES, split_subfields(record.field(2))):
        try:
            setattr(result, name, read_number(text))
        except ValueError:
            report.add(record.line, "~K", f"the percentage “{text[:40]}” is no number")
    return result


def _read_scopes(record, number, shape, report):
    """Each scope of a group as its decimals and its currency; a currency ends a scope."""
    parts, result, start = split_subfields(record.field(number)), [], 0
    for at, text in enumerate(parts):
        last = at == len(parts) - 1
        if not (text.isalpha() or last):
            continue
        scope, start = parts[start : at + 1], at + 1
        if not text.isalpha():
            scope.append("")
        names = shape(len(scope)) or (LATE if number == 3 else EARLY)
        result.append(_read_scope(record, scope, names, report))
    return result


def _read_scope(record, scope, names, report):
    decimals = {}
    for name, text in zip(names, scope[:-1]):
        if not (name and text):
            continue
        try:
            digits = int(text[:5])
        except ValueError:
            digits = 99
        if -20 <= digits <= 12:
            decimals[name] = digits
        else:
            report.add(record.line, "~K", f"the decimals {name} = “{text[:40]}” make no sense")
    return decimals, scope[-1][:20].upper()


def write_coefficients(coefficients):
    """The fields of a `~K` record."""
    early, late = [], []
    for scope in coefficients.scopes:
        early += [str(scope.early.get(name, "")) for name in EARLY[:-1]] + [scope.currency]
        late += [str(scope.late.get(name, "")) for name in LATE[:-1]] + [scope.currency]
    percentages = [write_number(getattr(coefficients, name)) for name in _PERCENTAGES]
    return [_closed(early), "\\".join(percentages), _closed(late), coefficients.option]


def _closed(parts):
    return "\\".join(parts) + "\\" if parts else ""
