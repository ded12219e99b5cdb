from odoo import api, models

# what an invoice comes to is made of these
BILLING_FIELDS = {"price_unit", "quantity", "discount", "tax_ids", "balance", "amount_currency", "sale_line_ids"}


class AccountMoveLine(models.Model):
    """The plan follows what is changed on invoices of instalments, drafts above all."""

    _inherit = "account.move.line"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.move_id.instalment_id._follow_invoices()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not BILLING_FIELDS.isdisjoint(vals):
            self.move_id.instalment_id._follow_invoices()
        return result

    def unlink(self):
        instalments = self.move_id.instalment_id
        result = super().unlink()
        instalments._follow_invoices()
        return result
