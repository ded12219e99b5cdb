"""What a quote offers, in a shape that tells whether two issues say the same."""

from odoo import models

from ...core.quote import revisions

# The terms an offer is made on. How long it holds is asked of the issue it follows.
TERM_FIELDS = (
    "partner_id",
    "partner_invoice_id",
    "partner_shipping_id",
    "currency_id",
    "payment_term_id",
    "commitment_date",
    "amount_untaxed",
    "amount_total",
)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_offer_fingerprint(self):
        """Tell what is offered, at which price, on which terms; words, their order and notes do not count."""
        self.ensure_one()
        rows = [("term", name, self._get_plain(name)) for name in TERM_FIELDS]
        for line in self.order_line:
            if line._is_chapter():
                item = (line.chapter_product_id.id, line.chapter_quantity, line.chapter_uom_id.id)
                rows.append(("chapter", *item))
            elif not line.display_type:
                rows.append(("line", *line._get_price_content()))
            if line.chapter_choice:
                rows.append(("choice", line.chapter_choice, line.alternative_group or "", line.is_chosen))
        return revisions.fingerprint(rows)

    def _get_words_fingerprint(self):
        """Tell what the client reads beside the figures: texts, notes and how much he is shown."""
        self.ensure_one()
        rows = [("order", str(self.note or ""), self.presentation or "")]
        rows += [
            ("line", line.display_type or "", line.name or "", line.collapse_prices, line.collapse_composition)
            for line in self.order_line
        ]
        return revisions.fingerprint(rows)

    def _get_approval_fingerprint(self):
        """Tell what an approval is given for: products, quantities, prices, discounts, costs and the total."""
        self.ensure_one()
        quote = self.sudo()  # An approval looks at the cost, too, whoever asks.
        rows = [("total", quote.amount_untaxed, quote.amount_total, quote.currency_id.id)]
        rows += [
            ("line", *line._get_price_content(), round(line.purchase_price, 6))
            for line in quote.order_line
            if not line.display_type
        ]
        return revisions.fingerprint(rows)

    def _get_plain(self, name):
        field = self._fields[name]
        value = self[name]
        return value.id if field.type == "many2one" else field.convert_to_write(value, self)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_price_content(self):
        """Give what makes the amount of this line, as plain values."""
        return (
            self.product_id.id,
            self.product_uom_id.id,
            round(self.product_uom_qty, 6),
            # What an option comes with once it is chosen.
            round(self.offered_quantity, 6),
            round(self.price_unit, 6),
            round(self.discount, 6),
            tuple(sorted(self.tax_ids.ids)),
        )
