from odoo import api, fields, models

from .construction_contract_retention import CAP_HELP, METHOD_HELP, RELEASE_HELP, RETENTION_BASES, RETENTION_METHODS


class ConstructionType(models.Model):
    """The retention proposed on contracts of this type."""

    _inherit = "construction.type"

    retention_method = fields.Selection(RETENTION_METHODS, default="row", required=True, help=METHOD_HELP)
    retention_base = fields.Selection(RETENTION_BASES, string="Retention Taken Of", default="total", required=True)
    retention_cap_percent = fields.Float(string="Retention Limit (%)", digits=(5, 2), help=CAP_HELP)
    retention_release_percent = fields.Float(
        string="Released at Handover (%)", digits=(5, 2), default=50.0, help=RELEASE_HELP
    )

    lacks_retention_row = fields.Boolean(compute="_compute_lacks_retention_row", export_string_translation=False)

    _retention_limits_range = models.Constraint(
        "CHECK(retention_cap_percent BETWEEN 0 AND 100 AND retention_release_percent BETWEEN 0 AND 100)",
        "The limit of a retention and the share released at handover must lie between 0 and 100 %.",
    )

    @api.depends("retention_percent", "retention_method", "plan_template_id.line_ids.kind")
    def _compute_lacks_retention_row(self):
        for construction_type in self:
            template = construction_type.plan_template_id
            construction_type.lacks_retention_row = bool(
                construction_type.retention_percent
                and construction_type.retention_method == "row"
                # without a template the plan is made by hand, and says it then
                and template
                and not template._has_retention_row()
            )

    def _prepare_retention_values(self):
        """Values of the retention of a new contract of this type."""
        if not self:
            return {}
        self.ensure_one()
        return {
            "retention_method": self.retention_method,
            "retention_base": self.retention_base,
            "retention_cap_percent": self.retention_cap_percent,
            "retention_release_percent": self.retention_release_percent,
        }
