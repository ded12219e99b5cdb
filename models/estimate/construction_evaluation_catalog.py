from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ConstructionEvaluation(models.Model):
    """Items are added from the product catalogue of Odoo: big buttons, search, categories."""

    _name = "construction.evaluation"
    _inherit = ["construction.evaluation", "product.catalog.mixin"]

    # === CATALOGUE === #

    def _get_product_catalog_domain(self):
        return super()._get_product_catalog_domain() & Domain("sale_ok", "=", True)

    def _get_action_add_from_catalog_extra_context(self):
        context = super()._get_action_add_from_catalog_extra_context()
        # On site the unit is what one measures in: never without it.
        context["display_uom"] = True
        if self._user_sees_prices():
            context["product_catalog_currency_id"] = self.currency_id.id
        return context

    def _get_product_catalog_record_lines(self, product_ids, **kwargs):
        lines = self.line_ids.filtered(lambda line: line.product_id.id in product_ids)
        return lines.grouped("product_id")

    def _get_product_catalog_order_data(self, products, **kwargs):
        data = super()._get_product_catalog_order_data(products, **kwargs)
        for product, price in self._get_catalog_prices(products).items():
            data[product.id]["price"] = price
        return data

    def _get_catalog_prices(self, products):
        """Give the price of one unit of each product as an item of this sheet; none to whoever sees no price."""
        if not self._user_sees_prices():
            return {}
        lines = self.env["construction.evaluation.line"]
        for product in products:
            lines |= lines.new({"evaluation_id": self.id, "product_id": product.id})
        return {line.product_id: line.price_unit for line in lines}

    def _update_order_line_info(self, product_id, quantity, **kwargs):
        """Set the quantity of a product on the sheet; zero takes it off, unless a template proposes it.

        :return: the price of one unit, nothing to whoever sees no price
        """
        self.ensure_one()
        self._check_lines_writable()
        line = self.line_ids.filtered(lambda line: line.product_id.id == product_id)
        if len(line) > 1 or line._has_fixed_quantity():
            raise UserError(
                self.env._(
                    "%(item)s stands on the sheet more than once, or is measured row by row. Change it there.",
                    item=line[:1].product_id.display_name,
                )
            )
        if line and not quantity and not line.is_proposed:
            line.unlink()
        elif line:
            line.quantity = quantity
        elif quantity:
            line = line.create(
                {
                    "evaluation_id": self.id,
                    "product_id": product_id,
                    "quantity": quantity,
                    "sequence": max(self.line_ids.mapped("sequence"), default=0) + 1,
                }
            )
        line = line.exists()
        if not self._user_sees_prices():
            return None
        if line:
            return line.price_unit
        product = self.env["product.product"].browse(product_id)
        return self._get_catalog_prices(product)[product]

    def _is_readonly(self):
        return self._is_locked() or (self.state == "checked" and not self._user_can_check())


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    def _get_product_catalog_lines_data(self, **kwargs):
        """Give what the catalogue shows of the items of one product."""
        sheet = self.evaluation_id
        unit = self.uom_id if len(self.uom_id) == 1 else self.product_id.uom_id
        data = {
            "quantity": sum(line.uom_id._compute_quantity(line.quantity, unit) for line in self),
            "readOnly": sheet._is_readonly() or len(self) > 1 or self._has_fixed_quantity(),
            "uomDisplayName": unit.display_name,
        }
        if data["readOnly"] and not sheet._is_readonly():
            data["warning"] = self.env._("On the sheet more than once, or measured row by row: change it there.")
        if sheet._user_sees_prices():
            data["price"] = self[:1].price_unit
        return data

    def _has_fixed_quantity(self):
        """Tell whether the quantity of an item is made of something else and cannot be typed."""
        return bool(self.measurement_ids)
