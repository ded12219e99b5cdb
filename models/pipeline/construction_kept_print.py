from odoo import models


class ConstructionKeptPrint(models.AbstractModel):
    """A document whose print is kept as it was sent or signed.

    What is kept cannot be changed or deleted while the record names it; see `ir.attachment`.
    """

    _name = "construction.kept.print"
    _description = "Print Kept As Sent or Signed"

    # Given by each model: the report, and the field (many2one or many2many) that names what is kept.
    _kept_report = None
    _kept_field = None

    # === BUSINESS === #

    def _keep_print(self):
        """Print these records now and keep that.

        :return: the attachments, with sudo; none where the server cannot print
        """
        report = self.env["ir.actions.report"]
        # sudo: kept for everyone who reads the record, changed by nobody
        kept_sudo = self.env["ir.attachment"].sudo()
        # A server that cannot print must not keep anybody from sending or signing, nor can one that still loads.
        if not self or not self.pool.ready or report.get_wkhtmltopdf_state() in ("install", "broken"):
            return kept_sudo
        for record in self:
            content, kind = report._render_qweb_pdf(self._kept_report, record.ids)
            document_sudo = kept_sudo.create(record._prepare_kept_print_values(content, kind))
            record._set_kept_print(document_sudo)
            kept_sudo |= document_sudo
        return kept_sudo

    def _prepare_kept_print_values(self, content, kind):
        self.ensure_one()
        return {
            "name": f"{self._get_kept_print_name()}.{kind}",
            "raw": content,
            "res_model": self._name,
            "res_id": self.id,
            # Where only some may see what is kept, the attachment goes by the groups of that field.
            "res_field": self._kept_field if self._fields[self._kept_field].groups else False,
        }

    def _withdraw_kept_print(self):
        """Mark what was kept as withdrawn: what it was signed for is undone."""
        for record in self:
            # sudo: the record is checked by whoever undoes its signature
            document_sudo = record.sudo()[self._kept_field]
            if document_sudo:
                document_sudo.name = self.env._("Withdrawn: %(name)s", name=document_sudo.name)

    # === HOOKS === #

    def _get_kept_print_name(self):
        """Name the file, without its ending."""
        raise NotImplementedError

    def _set_kept_print(self, document):
        """Let the field name what is kept, past the guards against doing so by hand."""
        raise NotImplementedError

    def _get_kept_print_message(self):
        """Say why what is kept cannot be changed."""
        self.ensure_one()
        return self.env._("This document was signed with %(record)s and is kept as it was.", record=self.display_name)
