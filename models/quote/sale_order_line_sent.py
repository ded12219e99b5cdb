"""What was sent stays as sent, line by line."""

from odoo import api, models
from odoo.exceptions import UserError

# What the customer was offered, and the costs frozen with it.
OFFER_FIELDS = frozenset(
    {
        "order_id",
        "sequence",
        "display_type",
        "product_id",
        "product_template_id",
        "name",
        "product_uom_qty",
        "product_uom_id",
        "price_unit",
        "discount",
        "tax_ids",
        "purchase_price",
        "collapse_prices",
        "collapse_composition",
        "chapter_presentation",
        "is_optional",
        "is_downpayment",
        "combo_item_id",
        "linked_line_id",
        "product_no_variant_attribute_value_ids",
        "product_custom_attribute_value_ids",
        "chapter_number",
        "chapter_product_id",
        "chapter_quantity",
        "chapter_uom_id",
        "chapter_choice",
        "alternative_group",
        "is_chosen",
        "offered_quantity",
        "cost_nature",
        "evaluation_line_id",
        "recipe_id",
        "has_sheet_price",
        "lineage",
        "extra_tax_data",
        # Computed, and yet a plain write by RPC would set them.
        "currency_id",
        "company_id",
        "price_subtotal",
        "price_tax",
        "price_total",
    }
)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_can_add(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        guarded = OFFER_FIELDS.intersection(vals)
        if guarded:
            self._check_not_sent(guarded, vals)
        result = super().write(vals)
        if guarded == {"product_uom_qty"} and self.env.su:
            # The client took optional lines in the portal.
            self.order_id._recheck_choice()
        return result

    def _write_choice(self, vals):
        """Let the lines of a chapter count or set them aside: past our own guard, which knows no other road."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._get_offered_lines()._check_all_open()

    # === BUSINESS === #

    def _get_offered_lines(self):
        """Give the lines customers were offered; the rest is drafts and stock's bookkeeping."""
        return self.filtered(lambda line: line.state != "draft" and not line._is_bookkeeping())

    def _is_bookkeeping(self):
        """Tell whether stock keeps this line for itself: nothing of it was ordered."""
        return (self.is_downpayment or self.is_expense) and not self.product_uom_qty

    def _check_all_open(self):
        for order in self.order_id:
            if order._is_read_only_offer():
                raise UserError(order._get_read_only_message())

    def _check_can_add(self, vals_list):
        """Refuse new lines on a quote that was sent; bookkeeping lines of an order may come."""
        for vals in vals_list:
            order = self.env["sale.order"].browse(vals.get("order_id"))
            if not order or order.state == "draft":
                continue
            is_bookkeeping = vals.get("is_downpayment") or vals.get("is_expense")
            if order.state == "sale" and is_bookkeeping and not vals.get("product_uom_qty"):
                continue
            if order._is_read_only_offer():
                raise UserError(order._get_read_only_message())

    def _check_not_sent(self, guarded, vals):
        """Refuse changes of what customers were offered."""
        lines = self if vals.get("product_uom_qty") else self._get_offered_lines()
        for line in lines.filtered(lambda line: line.state != "draft"):
            if (
                line.order_id._is_read_only_offer()
                and not line._is_choice_of_customer(vals)
                and any(line._is_changed_by(name, vals[name]) for name in guarded)
            ):
                raise UserError(line.order_id._get_read_only_message())
        target = self.env["sale.order"].browse(vals.get("order_id"))
        if target and target != self.order_id and target._is_read_only_offer():
            raise UserError(target._get_read_only_message())

    def _is_choice_of_customer(self, vals):
        """Tell whether this is the customer taking optional lines in the portal.

        The portal writes as superuser after checking the link; no other road does with this field.
        """
        return self.env.su and set(vals) == {"product_uom_qty"} and self._can_be_edited_on_portal()

    def _is_changed_by(self, name, value):
        """Tell whether writing this value would change the field."""
        field = self._fields[name]
        if field.type in ("one2many", "many2many"):
            return set(field.convert_to_cache(value, self)) != set(self[name]._ids)
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)
