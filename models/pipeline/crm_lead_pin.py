from odoo import api, fields, models


class CrmLead(models.Model):
    """Messages pinned on a deal."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "construction.pin.mixin"]

    pin_ids = fields.One2many("construction.pin", "lead_id", string="Pins", groups="base.group_user")
    has_pins = fields.Boolean(
        compute="_compute_has_pins",
        # Stored, so that deals without pins do not look for any; precomputed, so that a new one costs no query.
        store=True,
        precompute=True,
        compute_sudo=True,
        export_string_translation=False,
    )

    # === COMPUTE === #

    @api.depends("pin_ids")
    def _compute_has_pins(self):
        for lead in self:
            lead.has_pins = bool(lead.pin_ids)

    # === HOOKS === #

    def _get_pins(self):
        pinned = self.filtered(lambda lead: lead.construction_type_id and lead.has_pins)
        # sudo: whoever reads a deal reads its messages, pinned or not
        return {
            lead: lead.sudo().pin_ids.sorted(lambda pin: (pin.date, pin.id), reverse=True) for lead in pinned
        }

    def _prepare_pin_link(self):
        return {"lead_id": self.id}

    def _merge_dependences(self, opportunities):
        """The messages of merged deals move to the one that remains, and their pins with them."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals need not see every pin
        opportunities.sudo().pin_ids.lead_id = self.id
        return result
