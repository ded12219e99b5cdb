from odoo import fields, models

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

    _retention_limits_range = models.Constraint(
        "CHECK(retention_cap_percent BETWEEN 0 AND 100 AND retention_release_percent BETWEEN 0 AND 100)",
        "The limit of a retention and the share released at handover must lie between 0 and 100 %.",
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
