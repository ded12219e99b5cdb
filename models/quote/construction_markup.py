from odoo import api, fields, models


class ConstructionMarkup(models.Model):
    """Markups of one quote: changing them prices its components anew."""

    _inherit = "construction.markup"

    order_id = fields.Many2one(
        "sale.order",
        string="Quote",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="For this quote only.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        order_ids = {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        self.env["sale.order"].browse(order_ids)._check_markups_open()
        markups = super().create(vals_list)
        markups.order_id._price_by_markups()
        return markups

    @api.model
    def _get_general_domain(self):
        return [*super()._get_general_domain(), ("order_id", "=", False)]

    @api.model
    def _create_priced(self, vals_list):
        """Create the markups of quotes that are priced by them already."""
        return super().create(vals_list)  # pylint: disable=super-method-mismatch

    def write(self, vals):
        orders = self.order_id
        if vals.get("order_id"):
            orders |= orders.browse(vals["order_id"])
        orders._check_markups_open()
        result = super().write(vals)
        orders._price_by_markups()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders._price_by_markups()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_offered(self):
        self.order_id._check_markups_open()
