from odoo import api, fields, models
from odoo.exceptions import UserError


class ConstructionType(models.Model):
    """A kind of works, the consultant's one place to configure how its jobs run."""

    _name = "construction.type"
    _description = "Construction Type"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        help="Leave empty to use this type in every company.",
    )
    contract_kind = fields.Selection(
        [("service", "Service"), ("product", "Product")],
        default="service",
        required=True,
        help="Service: works carried out over time. Product: goods delivered by a delivery plan.",
    )
    warranty_months = fields.Integer(
        string="Warranty (months)",
        default=24,
        help="Proposed on the contract; counted from its end date.",
    )
    retention_percent = fields.Float(
        string="Retention (%)",
        digits=(5, 2),
        help="Share of the contract the client keeps back until the end of the warranty.",
    )

    _warranty_months_not_negative = models.Constraint(
        "CHECK(warranty_months >= 0)",
        "The warranty of a construction type cannot be negative.",
    )
    _retention_percent_range = models.Constraint(
        "CHECK(retention_percent >= 0 AND retention_percent <= 100)",
        "The retention of a construction type must lie between 0 and 100 %.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Keep a type that a deal was sold under; archiving hides it from new ones."""
        # sudo: a deal the user may not see holds its type all the same
        deal = (
            self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            .search([("construction_type_id", "in", self.ids)], limit=1)
        )
        if deal:
            raise UserError(
                self.env._(
                    "The construction type “%(type)s” is used by deals. Archive it instead of deleting it.",
                    type=deal.construction_type_id.name,
                )
            )
