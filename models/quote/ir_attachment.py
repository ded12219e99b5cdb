from odoo import api, models
from odoo.exceptions import UserError

# What makes a document what it is; a name or an access token may change.
CONTENT_FIELDS = frozenset(
    {"datas", "raw", "db_datas", "store_fname", "checksum", "mimetype", "type", "url", "res_model", "res_id"}
)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # === CRUD === #

    def write(self, vals):
        if not CONTENT_FIELDS.isdisjoint(vals):
            self._check_not_sent_with_quote()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent_with_quote(self):
        self._check_not_sent_with_quote()

    # === BUSINESS === #

    def _check_not_sent_with_quote(self):
        """Refuse to change or delete the very documents customers got with a quote."""
        attachments = self.filtered(lambda attachment: attachment.res_model == "sale.order")
        if not attachments:
            return
        # sudo: the document is kept whoever asks.
        quote = self.env["sale.order"].sudo().search([("sent_attachment_ids", "in", attachments.ids)], limit=1)
        if quote:
            raise UserError(
                self.env._(
                    "This document was sent to the client with %(quote)s and is kept as it was.",
                    quote=quote.name,
                )
            )
