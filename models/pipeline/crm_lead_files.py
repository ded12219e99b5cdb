from odoo import api, models
from odoo.fields import Domain


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def action_open_file(self):
        """Open this file in the browser; the browser saves what it cannot show."""
        self.ensure_one()
        self.check_access("read")
        # A link goes that way, too: it leads to where it points, and never runs a script as ours.
        return {"type": "ir.actions.act_url", "url": f"/web/content/{self.id}", "target": "new"}


class CrmLead(models.Model):
    """All files of a job in one place."""

    _inherit = "crm.lead"

    # === ACTION === #

    def action_view_files(self):
        """Show the files of this deal and of all that was made from it, as far as the user may see it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.ir_attachment_action_deal")
        action["display_name"] = self.env._("Files of %(deal)s", deal=self.name)
        action["domain"] = self._get_file_domain(self._get_file_owners())
        action["context"] = {"create": False}
        return action

    @api.model
    def _get_file_domain(self, owners):
        """The files of these records.

        :param owners: list of recordsets, as of ``_get_file_owners``
        """
        return Domain.OR([("res_model", "=", records._name), ("res_id", "in", records.ids)] for records in owners)

    def _get_readable(self, name):
        """The records of one of the deal's relations, none where the user has no right on such records at all."""
        records = self.env[self._fields[name].comodel_name]
        return self[name] if records.has_access("read") else records

    # === HOOKS === #

    def _get_file_owners(self):
        """The records of this job whose files are shown on the deal; the rooms below add theirs.

        :return: list of recordsets, as the user may read them
        """
        self.ensure_one()
        return [self]
