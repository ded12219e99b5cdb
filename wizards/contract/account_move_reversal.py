from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def _modify_default_reverse_values(self, origin_move):
        """The invoice that takes the place of a credited one bills the same instalment."""
        values = super()._modify_default_reverse_values(origin_move)
        if origin_move.instalment_id:
            values["instalment_id"] = origin_move.instalment_id.id
        return values
