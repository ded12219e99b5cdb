from odoo import api, fields, models


class ConstructionContactRecord(models.Model):
    """In which step of the deal a contact took place."""

    _inherit = "construction.contact.record"

    step_id = fields.Many2one(
        "construction.step",
        compute="_compute_step_id",
        # a proposal, changed by hand
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        domain="[('lead_id', '=', lead_id)]",
        help="The step of the deal this contact belongs to: the open one, unless another is chosen.",
    )

    @api.depends("lead_id")
    def _compute_step_id(self):
        for record in self:
            # reason of sudo: which step is open is no secret to whoever writes down a contact of the deal
            lead = record.sudo().lead_id
            if record.step_id.sudo().lead_id != lead:
                record.step_id = lead.step_id
