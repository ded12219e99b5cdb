from odoo import api, models
from odoo.exceptions import UserError

# What makes a document what it is; a name or an access token may change.
CONTENT_FIELDS = frozenset(
    {
        "datas",
        "raw",
        "db_datas",
        "store_fname",
        "checksum",
        "mimetype",
        "type",
        "url",
        "res_model",
        "res_id",
        "res_field",
    }
)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # === CRUD === #

    def write(self, vals):
        if not CONTENT_FIELDS.isdisjoint(vals):
            self._check_not_kept()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        self._check_not_kept()

    # === BUSINESS === #

    def _check_not_kept(self):
        """Refuse to change or delete prints kept as they were sent or signed."""
        mixin = self.pool["construction.kept.print"]
        # sudo: the document is kept whoever asks.
        for name, attachments in self.sudo().grouped("res_model").items():
            if not name or name not in self.pool or not issubclass(self.pool[name], mixin):
                continue
            model_sudo = self.env[name].sudo()
            record = model_sudo.search([(model_sudo._kept_field, "in", attachments.ids)], limit=1)
            if record:
                raise UserError(record._get_kept_print_message())
