from odoo import models
from odoo.tools import formatLang

from .formats import get_decimals


class ConstructionHandover(models.Model):
    """What the printed act says beside its own rows."""

    _inherit = "construction.handover"

    # === BUSINESS === #

    def _get_print_information(self):
        """The works, the contract and the site.

        :return: list of (label, text), in the language of the context
        """
        self.ensure_one()
        # reason of sudo: who prints the act need not see deal and contract; names and an address only
        act = self.sudo()
        project = act.project_id
        rows = [(self.env._("Works"), " · ".join(part for part in (project.code, project.name) if part))]
        if act.date:
            rows.append((self.env._("Handed Over On"), self.env["ir.qweb.field.date"].value_to_html(act.date, {})))
        if act.contract_id:
            text = act.contract_id.name
            if act.contract_id.date_signed:
                text = self.env._(
                    "%(number)s of %(date)s",
                    number=text,
                    date=self.env["ir.qweb.field.date"].value_to_html(act.contract_id.date_signed, {}),
                )
            rows.append((self.env._("Contract"), text))
        if project.site_id:
            rows.append((self.env._("Site"), project.site_id.contact_address_inline or project.site_id.name))
        if act.place:
            rows.append((self.env._("Place"), act.place))
        return rows

    def _get_work_rows(self):
        """The works handed over, with their quantities.

        :return: list of dicts (number, name, quantity, unit), texts in the language of the context
        """
        self.ensure_one()
        decimals = self.env["decimal.precision"].precision_get("Product Unit")
        return [
            {
                "number": position.number or "",
                "name": position.name,
                "quantity": formatLang(self.env, position.quantity, digits=get_decimals(position.quantity, decimals)),
                "unit": position.uom_id.name or "",
            }
            for position in self._get_positions()
        ]

    def _get_positions(self):
        """The positions this act is about, with sudo: quantities and names only are told."""
        # reason of sudo: the client reads them too
        positions = self.sudo().position_ids
        if positions or (self.kind == "partial" and not self.milestone_id):
            return positions
        # reason of sudo: as above
        positions = self.env["construction.position"].sudo().search([("project_id", "=", self.project_id.id)])
        if self.kind == "partial":
            stage = self.milestone_id.project_stage_id
            positions = positions.filtered(lambda position: position.project_stage_id == stage)
        return positions


class ConstructionHandoverSnag(models.Model):
    _inherit = "construction.handover.snag"

    def _get_photo(self):
        """The photo of the snag, small: the client sees what is meant."""
        self.ensure_one()
        # reason of sudo: who reads the act sees its annex
        return self.sudo().snag_id.photo_small
