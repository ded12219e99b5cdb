from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_is_zero

from ...core.delivery.variation import component_delta

# Carried to the revisions of a variation only: any other copy is an offer of its own.
ORIGIN_FIELDS = ("origin_chapter_id", "origin_line_id")
COPIED_FIELDS = ("product_id", "name", "product_uom_id", "price_unit", "discount", "cost_nature", "recipe_id")
# Set while a variation is copied to its revision.
KEEP_ORIGIN = "construction_keep_origin"


class SaleOrderLine(models.Model):
    """A line of a variation: so much more, or less, of a line of the contract, at its rates."""

    _inherit = "sale.order.line"

    origin_line_id = fields.Many2one(
        "sale.order.line",
        string="Line of the Contract",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        export_string_translation=False,
        help="The line of the contract whose price, discount, taxes and cost this one has.",
    )
    is_variation_new = fields.Boolean(
        string="New Item",
        compute="_compute_is_variation_new",
        help="Not in the contract so far: by the recipe and at the prices of the day it was proposed.",
    )

    # === COMPUTE === #

    @api.depends("order_id.variation_contract_id", "origin_chapter_id", "chapter_product_id", "chapter_uom_id")
    def _compute_is_variation_new(self):
        for line in self:
            line.is_variation_new = (
                bool(line.order_id.variation_contract_id)
                and line.display_type == "line_section"
                and line._is_chapter()
                and not line.origin_chapter_id
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("origin_line_id") for vals in vals_list):
            raise UserError(self.env["sale.order"]._get_variation_link_message())
        return super().create(vals_list)

    def write(self, vals):
        if "origin_line_id" in vals and not self.env.su:
            raise UserError(self.env["sale.order"]._get_variation_link_message())
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for line, vals in zip(self, vals_list, strict=True):
            for name in ORIGIN_FIELDS:
                vals.pop(name, None)
                if self.env.context.get(KEEP_ORIGIN) and line[name]:
                    vals[name] = line[name].id
        return vals_list

    # === BUSINESS === #

    def _get_applied_deltas(self):
        """Lines of variations that are part of the contract and change one of these."""
        deltas = self.search([("origin_line_id", "in", self.ids)])
        return deltas.filtered(lambda line: line.order_id.variation_state == "applied")

    def _prepare_delta_lines(self, parts, deltas, current, total, number):
        """Values of the lines that bring this chapter of the contract to `total`.

        :param parts: the lines it is made of; the line itself outside chapters
        :param dict deltas: line of the contract → lines of applied variations that change it
        :param float current: what the chapter comes to now, variations included
        :param float total: what it comes to from now on
        :param str number: its number in the contract
        :return: list of values: the section, then its components; of the line itself outside chapters
        :raises UserError: the change is too small to change any component
        """
        self.ensure_one()
        base = self.chapter_quantity if self.display_type else self.product_uom_qty
        rounding = self.env["product.product"]._find_rounding_product()
        vals_list = []
        for part in parts:
            vals = part._prepare_delta_values(deltas.get(part, self.browse()), base, total, rounding)
            if vals:
                vals_list.append(vals)
        if not vals_list:
            raise UserError(
                self.env._(
                    "The change of “%(chapter)s” would round to nothing: choose a larger one.",
                    chapter=self._get_chapter_task_name(),
                )
            )
        if not self.display_type:
            vals_list[0] |= {"origin_chapter_id": self.id, "chapter_number": number}
            return vals_list
        for place, vals in enumerate(vals_list, 1):
            vals["chapter_number"] = f"{number}.{place}"
        return [self._prepare_delta_section(total - current, number), *vals_list]

    def _prepare_delta_section(self, change, number):
        """Values of the section over the lines that change this chapter of the contract."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {
            "display_type": "line_section",
            "name": self.name,
            "chapter_number": number,
            "chapter_product_id": self.chapter_product_id.id,
            "chapter_quantity": round(change, digits),
            "chapter_uom_id": self.chapter_uom_id.id,
            "recipe_id": self.recipe_id.id,
            "origin_chapter_id": self.id,
        }

    def _prepare_delta_values(self, deltas, base, total, rounding):
        """Values of the line that changes this one with its chapter, empty when nothing changes.

        :param deltas: what applied variations changed of this line already
        :param rounding: the product of rounding rows
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        values = {name: self._fields[name].convert_to_write(self[name], self) for name in COPIED_FIELDS}
        values |= {
            "purchase_price": self.purchase_price,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "analytic_distribution": self.analytic_distribution,
            "customer_lead": self.customer_lead,
            "is_percentage": self.is_percentage,
            # no pricelist changes what was contracted
            "has_sheet_price": True,
            "origin_line_id": self.id,
        }
        if self.is_percentage or (rounding and self.product_id == rounding):
            # One piece at a price that is a share of others: the price grows with them.
            ratio = total / base
            price = self.currency_id.round(self.price_unit * ratio) - sum(deltas.mapped("price_unit"))
            price = self.currency_id.round(price - self.price_unit)
            cost = self.purchase_price * (ratio - 1) - sum(deltas.mapped("purchase_price"))
            values |= {"product_uom_qty": self.product_uom_qty, "price_unit": price, "purchase_price": cost}
            return values if price else {}
        current = self.product_uom_qty + sum(deltas.mapped("product_uom_qty"))
        quantity = component_delta(self.product_uom_qty, current, base, total, digits)
        if float_is_zero(quantity, precision_digits=digits):
            return {}
        return values | {"product_uom_qty": quantity}

    def _timesheet_service_generation(self):
        """More or less of a line of the contract belongs to the task of that line."""
        return super(SaleOrderLine, self.filtered(lambda line: not line.origin_line_id))._timesheet_service_generation()
