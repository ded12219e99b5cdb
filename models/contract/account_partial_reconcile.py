from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._get_retention_moves()._follow_open_terms()
        return partials

    def unlink(self):
        moves = self._get_retention_moves()
        result = super().unlink()
        moves._follow_open_terms()
        return result

    # === BUSINESS === #

    def _get_retention_moves(self):
        """The invoices of these matches of which something is kept back."""
        return (self.debit_move_id | self.credit_move_id).move_id.filtered("retention_terms")
