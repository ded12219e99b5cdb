"""The arithmetic of progress certificates: what is done in all, less what was certified before.

Nothing is added up from period to period: each certificate rounds what is done in all and takes off what stands in
the certificates before, so that no rounding survives the next one and the last one brings exactly the contract.
All sums are made in whole units of the currency.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ..contract.plan import _money, _units


class CertificateError(ValueError):
    """A certificate cannot be made: `kind` is "negative" (it would bill less than nothing) or "over_pot"."""

    def __init__(self, kind, amount=0.0):
        super().__init__(f"{kind} ({amount})")
        self.kind = kind
        self.amount = amount


@dataclass(frozen=True)
class Works:
    """A chapter: contracted now, done in all, certified before (amounts with two faces: untaxed, taxed).

    A follower is a discount: it is as far as all the others are, whatever its own quantity says.
    """

    key: Any
    quantity: float
    done: float
    amounts: tuple[float, float]
    previous: tuple[float, float] = (0.0, 0.0)
    is_follower: bool = False


@dataclass(frozen=True)
class Line:
    """What a certificate says of a chapter, untaxed and taxed: cumulative, this period, remaining."""

    key: Any
    cumulative: tuple[float, float]
    period: tuple[float, float]
    remaining: tuple[float, float]


def get_share(done, quantity):
    """How much of what was contracted is certified: never more than all of it, never less than nothing.

    >>> get_share(1, 4), get_share(5, 4), get_share(-1, 4), get_share(1, 0)
    (Decimal('0.25'), Decimal('1'), Decimal('0'), Decimal('1'))

    Works taken out of the contract (a negative quantity) count by what is done of taking them out.

    >>> get_share(-2, -4)
    Decimal('0.5')
    """
    done, quantity = _decimal(done), _decimal(quantity)
    if not quantity:
        return Decimal(int(bool(done)))
    return min(max(done / quantity, Decimal(0)), Decimal(1))


def certify(works, rounding=0.01):
    """Give the `Line` of each of the `Works`, in their order.

    >>> rows = [Works("wall", 3, 1, (100.0, 121.0)), Works("roof", 1, 0, (50.0, 60.5)),
    ...         Works("less", 1, 0, (-15.0, -18.15), is_follower=True)]
    >>> [(line.key, line.cumulative) for line in certify(rows)]
    [('wall', (33.33, 40.33)), ('roof', (0.0, 0.0)), ('less', (-3.33, -4.03))]

    Of works taken out of the contract a cent may be left by rounding: it goes with all the others as well.

    >>> [line.remaining for line in certify([Works("wall", 3, 3, (100.0, 121.0)), Works("out", 0, 0, (0.0, 0.01))])]
    [(0.0, 0.0), (0.0, 0.0)]

    >>> row = Works("wall", 3, 3, (100.0, 121.0), previous=(66.67, 80.67))
    >>> certify([row])[0].period
    (33.33, 40.33)
    """
    works = list(works)
    unit = Decimal(repr(rounding))
    cumulative = {}
    for index, row in enumerate(works):
        if not _follows(row):
            share = get_share(row.done, row.quantity)
            cumulative[index] = [_take(amount, share, unit) for amount in row.amounts]
    whole = sum(_units(works[index].amounts[0], unit) for index in cumulative)
    done = sum(units[0] for units in cumulative.values())
    share = Decimal(done) / whole if whole else Decimal(int(bool(done)))
    for index, row in enumerate(works):
        if _follows(row):
            cumulative[index] = [_take(amount, share, unit) for amount in row.amounts]
    return [_make_line(row, cumulative[index], unit) for index, row in enumerate(works)]


def _follows(row):
    return row.is_follower or not (row.quantity or row.done)


def _decimal(value):
    return Decimal(repr(float(value)))


def _take(amount, share, unit):
    return int((_units(amount, unit) * share).quantize(Decimal(1), ROUND_HALF_UP))


def _make_line(row, cumulative, unit):
    previous = [_units(amount, unit) for amount in row.previous]
    whole = [_units(amount, unit) for amount in row.amounts]
    return Line(
        row.key,
        tuple(_money(now, unit) for now in cumulative),
        tuple(_money(now - before, unit) for now, before in zip(cumulative, previous, strict=True)),
        tuple(_money(all_ - now, unit) for all_, now in zip(whole, cumulative, strict=True)),
    )


def carve(pot, contract, certified, billed, rounding=0.01):
    """What a certificate takes out of the pot of the payment plan.

    Where the plan pays parts of the contract otherwise (an advance that is not taken back, a retention of its own), a
    certificate pays the same share of the pot as it certifies of the contract.

    :param float pot: what the plan pays by certificates in all, those made before included
    :param float contract: value of the contract
    :param float certified: certified so far, with this certificate, of the contract
    :param float billed: what the certificates before took out of the pot
    :raises CertificateError: "negative" when less is certified than was taken out before

    >>> carve(1000.0, 1000.0, 333.33, 0.0), carve(700.0, 1000.0, 333.33, 0.0)
    (333.33, 233.33)
    >>> carve(700.0, 1000.0, 1000.0, 466.67)
    233.33
    >>> carve(700.0, 1000.0, 300.0, 233.33)
    Traceback (most recent call last):
    ...
    core.delivery.certificate.CertificateError: negative (23.33)
    """
    unit = Decimal(repr(rounding))
    whole = _units(contract, unit)
    share = Decimal(_units(certified, unit)) / whole if whole else Decimal(0)
    amount = _take(pot, share, unit) - _units(billed, unit)
    if amount < 0:
        raise CertificateError("negative", _money(-amount, unit))
    return _money(amount, unit)


def check(original, variations, previous, period, remaining, rounding=0.01):
    """What the line “contract + variations − certified − remaining” comes to; it is 0 in every true certificate.

    >>> check(1000.0, 200.0, 500.0, 100.0, 600.0), check(1000.0, 200.0, 500.0, 100.0, 599.99)
    (0.0, 0.01)
    """
    unit = Decimal(repr(rounding))
    contract = _units(original, unit) + _units(variations, unit)
    return _money(contract - sum(_units(amount, unit) for amount in (previous, period, remaining)), unit)
