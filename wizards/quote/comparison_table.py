"""The rows of a comparison as texts, so that thousands of them are shown in no time."""

from ...core.quote import comparison
from ...models.pipeline.formats import format_percent


class ComparisonTable:
    """Two quotes seen by one reader: what he may see of each row, in his language."""

    def __init__(self, old, new, internal, for_client, shows_all):
        """
        :param old: sale.order
        :param new: sale.order
        :param bool internal: with costs and margins
        :param bool for_client: only what the presentations of both quotes show the client
        :param bool shows_all: also what stayed the same
        """
        self.env = new.env
        self.old, self.new = old, new
        self.internal, self.for_client, self.shows_all = internal, for_client, shows_all
        self.hides_all = for_client and (old._hides_all_amounts() or new._hides_all_amounts())
        self.same_currency = old.currency_id == new.currency_id
        self.language = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
        precision = self.env["decimal.precision"].precision_get
        self.quantity_digits, self.price_digits = precision("Product Unit"), precision("Product Price")

    # === ROWS === #

    def get_rows(self, pairs):
        """Give the rows to show, and how many lines became what."""
        rows = []
        counts = dict.fromkeys((comparison.ADDED, comparison.REMOVED, comparison.CHANGED, comparison.SAME), 0)
        for pair in pairs:
            lines = [row for row in pair.lines if not (self.for_client and _any(row, "is_hidden"))]
            if self.for_client and _any(pair, "is_hidden"):
                continue
            kind = self._get_chapter_kind(pair, lines)
            # A chapter whose lines are not shown counts itself.
            for counted in [row.kind for row in lines] or ([kind] if pair.lines else ()):
                counts[counted] += 1
            if kind != comparison.SAME or self.shows_all:
                if (pair.new or pair.old).key:
                    rows.append(self._get_chapter_row(pair, kind))
                rows += [self._get_line_row(row) for row in lines if row.kind != comparison.SAME or self.shows_all]
        return rows, counts

    def _get_chapter_kind(self, pair, lines):
        if pair.kind in (comparison.ADDED, comparison.REMOVED):
            return pair.kind
        # What the client is not shown makes no difference to him, but for its amount.
        is_changed = (
            pair.changes
            or (not self.hides_all and self.new.currency_id.compare_amounts(pair.old.subtotal, pair.new.subtotal))
            or any(row.kind != comparison.SAME for row in lines)
        )
        return comparison.CHANGED if is_changed else comparison.SAME

    def _get_chapter_row(self, pair, kind):
        side = pair.new or pair.old
        return {
            "level": side.level,
            "kind": kind,
            "number": side.number,
            "name": self._both(pair, "name", lambda side: side.name),
            "quantity": self._both(pair, "quantity", self._format_quantity) if side.quantity else (None, ""),
            "price": self._get_chapter_price(pair),
            "discount": (None, ""),
            **self._get_amounts(pair, self.hides_all),
        }

    def _get_chapter_price(self, pair):
        """Give what one unit of a chapter comes to, before where it was another, and now."""
        if self.hides_all:
            return None, ""
        texts = [
            self._format_price(side) if side is not None and side.quantity and side.subtotal else ""
            for side in (pair.old, pair.new)
        ]
        before, now = texts[0], texts[1] if pair.new is not None else texts[0]
        return (before if before and before != now else None), now

    def _get_line_row(self, pair):
        side = pair.new or pair.old
        hides = self.hides_all or (self.for_client and _any(pair, "hides_prices")) or side.is_note
        has_discount = not hides and (side.discount or "discount" in pair.changes)
        return {
            "level": 0,
            "kind": pair.kind,
            "number": side.number,
            "name": self._both(pair, "name", lambda side: side.name),
            "quantity": (None, "") if side.is_note else self._both(pair, "quantity", self._format_quantity),
            "price": (None, "") if hides else self._both(pair, "price_unit", self._format_price),
            "discount": self._both(pair, "discount", self._format_discount) if has_discount else (None, ""),
            **self._get_amounts(pair, hides),
        }

    def _both(self, pair, name, get_text):
        """Give the text before, where it is another one, and the text now."""
        if pair.old is not None and pair.new is not None and (name in pair.changes or "uom" in pair.changes):
            before, now = get_text(pair.old), get_text(pair.new)
            return (before if before != now else None), now
        return None, get_text(pair.new or pair.old)

    def _get_amounts(self, pair, hides):
        if hides:
            return {"old_amount": "", "new_amount": "", "difference": "", "costs": ("", "", "")}
        before = pair.old.subtotal if pair.old else 0.0
        now = pair.new.subtotal if pair.new else 0.0
        return {
            "old_amount": self._format_amount(before, self.old) if pair.old else "",
            "new_amount": self._format_amount(now, self.new) if pair.new else "",
            "difference": self._format_difference(before, now),
            "costs": self._get_costs(pair) if self.internal else (),
        }

    def _get_costs(self, pair):
        return (
            self._format_amount(pair.old.cost, self.old) if pair.old else "",
            self._format_amount(pair.new.cost, self.new) if pair.new else "",
            " → ".join(self._format_margin(side) for side in (pair.old, pair.new) if side is not None),
        )

    # === TOTALS === #

    def get_figures(self, pairs):
        """List the totals of both quotes as texts: label, before, now, difference."""
        old, new = self.old, self.new
        figures = [
            (self.env._("Untaxed amount"), old.amount_untaxed, new.amount_untaxed),
            (self.env._("Taxes"), old.amount_tax, new.amount_tax),
            (self.env._("Total"), old.amount_total, new.amount_total),
        ]
        if self.internal:
            before, now = (
                sum(getattr(row, side).cost for pair in pairs for row in pair.lines if getattr(row, side) is not None)
                for side in ("old", "new")
            )
            figures.append((self.env._("Cost"), before, now))
            figures.append((self.env._("Margin"), old.amount_untaxed - before, new.amount_untaxed - now))
        return [
            (
                label,
                self._format_money(before, old),
                self._format_money(now, new),
                self._format_money(now - before, new) if self.same_currency else "",
            )
            for label, before, now in figures
        ]

    # === TEXTS === #

    def get_badges(self, counts):
        """List how many lines became what: `(style, text)`."""
        _t = self.env._
        return [
            ("success", _t("%(count)s added", count=counts[comparison.ADDED])),
            ("danger", _t("%(count)s removed", count=counts[comparison.REMOVED])),
            ("warning", _t("%(count)s changed", count=counts[comparison.CHANGED])),
            ("light", _t("%(count)s the same", count=counts[comparison.SAME])),
        ]

    def _format(self, value, digits):
        return self.language.format(f"%.{digits}f", value + 0.0, grouping=True)

    def _format_quantity(self, side):
        return f"{self._format(side.quantity, self.quantity_digits)} {side.uom}".rstrip()

    def _format_price(self, side):
        return self._format(side.price_unit, self.price_digits)

    def _format_discount(self, side):
        return format_percent(self.env, side.discount)

    def _format_margin(self, side):
        if not side.subtotal:
            return "–"
        return format_percent(self.env, 100 * (side.subtotal - side.cost) / side.subtotal, digits=1)

    def _format_money(self, amount, order):
        """Write an amount with its currency; the sign comes first, also where the symbol stands before the figure."""
        currency = order.currency_id
        text = currency.format(abs(amount))
        return f"-{text}" if currency.compare_amounts(amount, 0.0) < 0 else text

    def _format_amount(self, amount, order):
        return self._format(amount, order.currency_id.decimal_places)

    def _format_difference(self, before, now):
        if not self.same_currency or not self.new.currency_id.compare_amounts(now, before):
            return ""
        text = self._format_amount(now - before, self.new)
        return f"+{text}" if now > before else text


def _any(row, name):
    return any(getattr(side, name) for side in (row.old, row.new) if side is not None)
