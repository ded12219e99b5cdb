from odoo import api, fields, models
from odoo.exceptions import UserError

from .construction_bond import UNRETURNED_STATES


class CrmLead(models.Model):
    """The bonds of a deal."""

    _inherit = "crm.lead"

    bond_ids = fields.One2many(
        "construction.bond",
        "lead_id",
        string="Bonds",
        help="Guarantees of a bank or an insurer for this job.",
    )

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unreturned_bond(self):
        for lead in self.filtered("construction_type_id"):
            # sudo: only their names, to say what is in the way
            bonds = lead.sudo().bond_ids.filtered(lambda bond: bond.state in UNRETURNED_STATES)
            if bonds:
                raise UserError(
                    self.env._(
                        "The deal %(deal)s has a bond that was not returned: %(bond)s. Mark it as returned first, "
                        "or mark the deal as lost instead.",
                        deal=lead.name,
                        bond=bonds[0].display_name,
                    )
                )

    def unlink(self):
        deals = self.filtered("construction_type_id")
        if deals:
            # The bonds go before the deals do, so all that speaks against it is asked first.
            self.check_access("unlink")
            self._unlink_except_unreturned_bond()
            # sudo: what was never issued, or came back, goes with its deal
            deals.sudo().bond_ids.unlink()
        return super().unlink()

    # === BUSINESS === #

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        deals = self.filtered("construction_type_id")
        if not deals:
            return result

        def lost(lead, statuses):
            return bool(statuses.get(lead.id, {}).get("is_lost"))

        ended = deals.filtered(lambda lead: lost(lead, new_status_by_lead) and not lost(lead, old_status_by_lead))
        opened = deals.filtered(lambda lead: lost(lead, old_status_by_lead) and not lost(lead, new_status_by_lead))
        # sudo: whoever ends a deal need not see its bonds
        bonds = (ended | opened).sudo().bond_ids.filtered(lambda bond: bond.state == "active" and bond.kind == "bid")
        bonds.filtered(lambda bond: bond.lead_id in ended)._ask_back()
        bonds.filtered(lambda bond: bond.lead_id in opened)._keep()
        return result

    # === HOOKS === #

    def _merge_dependences(self, opportunities):
        """Carry the bonds of merged deals over to the one that remains."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals may not see every bond
        opportunities.sudo().bond_ids.write({"lead_id": self.id})
        return result

    def _get_file_owners(self):
        return [*super()._get_file_owners(), self._get_readable("bond_ids")]
