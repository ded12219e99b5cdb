from odoo import api, fields, models


class CrmLead(models.Model):
    """What a deal is sorted by."""

    _inherit = "crm.lead"

    segment_id = fields.Many2one(
        "construction.segment",
        compute="_compute_segment_id",
        inverse="_inverse_segment_id",
        # Stored: lists group by it; precomputed, so that a new deal costs no query.
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What kind of client this is. Kept with the client, and proposed on later deals.",
    )
    department_id = fields.Many2one(
        "construction.department",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Which part of the firm carries the job out.",
    )

    # === COMPUTE === #

    @api.depends("partner_id", "construction_type_id")
    def _compute_segment_id(self):
        for lead in self:
            lead.segment_id = lead.segment_id or lead._get_client_segment()

    def _inverse_segment_id(self):
        for lead in self.filtered("construction_type_id"):
            # sudo: whoever says on a deal what kind of client this is may not write on contacts as such
            client = lead.partner_id.commercial_partner_id.sudo()
            if client and lead.segment_id and not client.segment_id:
                client.segment_id = lead.segment_id

    # === BUSINESS === #

    def _get_client_segment(self):
        """What is known of the client; stock's own leads ask nothing."""
        self.ensure_one()
        # sudo: a segment is no secret, wherever the contact belongs
        client = self.sudo().partner_id.commercial_partner_id if self.construction_type_id else None
        return client.segment_id if client else self.env["construction.segment"]
