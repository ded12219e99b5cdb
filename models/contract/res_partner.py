from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_view_contracts(self):
        """Show the contracts with this client and the client's people: what was built, until when it is warranted."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_contract_action")
        action["domain"] = [("partner_id", "child_of", self.commercial_partner_id.id)]
        action["display_name"] = self.env._("Contracts of %(client)s", client=self.display_name)
        action["context"] = {}
        return action
