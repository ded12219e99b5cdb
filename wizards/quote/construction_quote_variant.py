from odoo import fields, models


class ConstructionQuoteVariant(models.TransientModel):
    """Ask the names of two variants of a job, then make the new one."""

    _name = "construction.quote.variant"
    _description = "New Variant of a Quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True, ondelete="cascade")
    own_name = fields.Char(string="This Quote Is", required=True, help="What the client knows this quote by.")
    name = fields.Char(string="The New One Is", required=True, help="What the client knows the new quote by.")

    def action_make(self):
        """Make the variant and open it."""
        self.ensure_one()
        return self.order_id.action_make_variant(self.name, self.own_name)
