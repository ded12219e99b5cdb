from odoo import api, models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    @api.model
    def default_get(self, fields):
        """Ask for what is due first: what the client keeps back is paid when nothing else is open.

        Stock proposes the next payment term by itself, but for one invoice and one account only.
        """
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "account.move" and values.get("line_ids"):
            lines = self.env["account.move.line"].browse(values["line_ids"][0][2])
            kept = lines.filtered("retention_part")
            due = lines - kept.filtered(lambda line: line._is_kept_back())
            if kept and due != lines and due and (len(lines.move_id) > 1 or len(lines.account_id) > 1):
                values["line_ids"] = [(6, 0, due.ids)]
        return values
