from odoo import api, fields, models
from odoo.exceptions import UserError

from ..pipeline.construction_bond import UNRETURNED_STATES


class ConstructionContract(models.Model):
    """The bonds of a contract."""

    _inherit = "construction.contract"

    bond_ids = fields.One2many("construction.bond", "contract_id", string="Bonds")

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_bond(self):
        # sudo: only their names, to say what is in the way
        for bond in self.sudo().bond_ids:
            if bond.state in UNRETURNED_STATES or not bond.lead_id:
                raise UserError(
                    self.env._(
                        "Contract %(contract)s has the bond %(bond)s: mark it as returned, or delete it, first.",
                        contract=bond.contract_id.name,
                        bond=bond.display_name,
                    )
                )
            # What is over stays with the deal.
            bond.contract_id = False

    # === ACTION === #

    def action_view_bonds(self):
        """Show the bonds of this contract, those of its deal included."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_bond_action")
        domain = [("contract_id", "=", self.id)]
        if self.lead_id:
            domain = ["|", *domain, ("lead_id", "=", self.lead_id.id)]
        action["domain"] = domain
        action["context"] = {
            "default_lead_id": self.lead_id.id,
            "default_contract_id": self.id,
            "default_kind": "performance",
        }
        return action
