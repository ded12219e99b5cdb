"""Changing how much of a chapter is offered: its components go along."""

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.estimate import explosion


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    is_percentage = fields.Boolean(
        readonly=True,
        help="The price is a percentage of other lines of the chapter.",
    )

    # === ACTION === #

    def action_change_chapter_quantity(self):
        """Ask for the new quantity of this chapter."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the Quantity"),
            "res_model": "construction.chapter.quantity",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    # === BUSINESS === #

    def _set_chapter_quantity(self, quantity):
        """Offer another quantity of the chapter: everything in it is scaled alike, prices stay.

        :param float quantity: above zero, in the unit of the chapter
        :raise UserError: when the quote was sent, or the chapter has no quantity to scale from
        """
        self.ensure_one()
        if quantity <= 0 or not explosion.is_usable_quantity(quantity):
            raise ValidationError(self.env._("A chapter needs a quantity above zero."))
        if not self._is_chapter() or not self.chapter_quantity:
            raise UserError(self.env._("%(chapter)s has no quantity to scale from.", chapter=self.name))
        ratio = quantity / self.chapter_quantity
        digits = self.env["construction.recipe"]._get_quantity_digits()
        for line in self._get_chapter_lines():
            line._scale(ratio, digits)
        self.chapter_quantity = quantity

    def _scale(self, ratio, digits):
        """Offer `ratio` times as much of this line, at the same unit price."""
        self.ensure_one()
        if self.is_percentage:
            # One piece at a price that is a share of others: the price grows with them.
            # sudo: the secret cost goes along with the price.
            self.sudo().write(
                {
                    "price_unit": self.currency_id.round(self.price_unit * ratio),
                    "purchase_price": self.sudo().purchase_price * ratio,
                }
            )
            return
        name = "chapter_quantity" if self.display_type else "product_uom_qty"
        if self.offered_quantity and not self.product_uom_qty:
            name = "offered_quantity"
        scaled = explosion.round_quantity(self[name] * ratio, digits)
        if self[name] and not scaled:
            raise UserError(
                self.env._(
                    "%(component)s would round to zero. Choose a smaller unit for it, or raise the decimal "
                    "accuracy “Product Unit”.",
                    component=self.name,
                )
            )
        # Price and discount with it, or stock looks them up anew.
        kept = {} if self.display_type else {"price_unit": self.price_unit, "discount": self.discount}
        self.write({name: scaled} | kept)

    def _get_chapter_lines(self):
        """Give what stands in this chapter, subsections too."""
        ending = ("line_section",) if self.display_type == "line_section" else ("line_section", "line_subsection")
        found, is_inside = self.browse(), False
        for line in self.order_id.order_line.sorted(lambda line: (line.sequence, line.id)):
            if line == self:
                is_inside = True
            elif is_inside and line.display_type in ending:
                break
            elif is_inside and line.display_type != "line_note":
                found |= line
        return found
