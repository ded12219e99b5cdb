from odoo import api, fields, models

from ...core.contract.plan import PlanRow, split


class ConstructionPlanRow(models.AbstractModel):
    """What a row of a payment plan and a row of its template have in common.

    Rooms that know more events add them here, to both at once:
    `trigger = fields.Selection(selection_add=[...], ondelete={...: "set default"})`.
    """

    _name = "construction.plan.row"
    _description = "Row of a Payment Plan"

    sequence = fields.Integer(default=10)
    name = fields.Char(string="Description", required=True, translate=False)
    kind = fields.Selection(
        [
            ("advance", "Advance"),
            ("progress", "Progress"),
            ("final", "Final"),
            ("retention", "Retention"),
        ],
        default="progress",
        required=True,
        help="Advance: before the works. Progress: along the works. Final: settles the account. "
        "Retention: kept back by the client until the works have proven good.",
    )
    amount_type = fields.Selection(
        [
            ("percent", "Percentage"),
            ("fixed", "Fixed amount"),
            ("rest", "Rest"),
        ],
        default="percent",
        required=True,
        help="Rest: whatever the other rows leave of the contract, odd cents included.",
    )
    percent = fields.Float(
        string="%",
        digits=(7, 4),
        help="Share of the contract value, taxes included.",
    )
    trigger = fields.Selection(
        [
            ("date", "On a date"),
            ("signature", "At signature"),
            ("delivery", "On delivery"),
            ("handover", "At handover"),
            ("warranty_end", "End of warranty"),
        ],
        string="Due",
        default="date",
        required=True,
        help="The event that makes this instalment due.",
    )
    delay_days = fields.Integer(
        string="Days After",
        help="Days between the event and the day the instalment is due, negative for days before the planned event; "
        "without a date of its own, an instalment due on a date counts from the start of the contract.",
    )

    _percent_range = models.Constraint(
        "CHECK(percent >= 0 AND percent <= 100)",
        "The percentage of an instalment must lie between 0 and 100.",
    )

    # === BUSINESS === #

    def _describe_due(self):
        """When this row is to be paid, as the client reads it."""
        self.ensure_one()
        if self.trigger != "date":
            return self._describe_delay(self._describe_event())
        if self.delay_days <= 0:
            return self.env._("At the start of the works")
        return self.env._("%(days)s days after the start of the works", days=self.delay_days)

    def _describe_event(self):
        """The event of this row, as the client reads it. Rooms that add a kind describe it here."""
        self.ensure_one()
        labels = dict(self._fields["trigger"]._description_selection(self.env))
        return labels[self.trigger]

    def _describe_delay(self, event):
        if not self.delay_days:
            return event
        if self.delay_days < 0:
            return self.env._("%(event)s, %(days)s days before", event=event, days=-self.delay_days)
        return self.env._("%(event)s, after %(days)s days", event=event, days=self.delay_days)


class ConstructionPlanTemplate(models.Model):
    """A reusable payment plan."""

    _name = "construction.plan.template"
    _description = "Payment Plan Template"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        help="Leave empty to use this template in every company.",
    )
    line_ids = fields.One2many("construction.plan.template.line", "template_id", copy=True)
    type_ids = fields.One2many("construction.type", "plan_template_id", string="Construction Types")
    lacking_type_ids = fields.Many2many(
        "construction.type",
        string="Types That Keep Back",
        compute="_compute_lacking_type_ids",
        help="Types with a retention in one instalment of its own, for which this plan has no row.",
    )

    # === COMPUTE === #

    @api.depends("line_ids.kind", "type_ids.retention_percent", "type_ids.retention_method")
    def _compute_lacking_type_ids(self):
        for template in self:
            lacks = not template._has_retention_row()
            template.lacking_type_ids = lacks and template.type_ids.filtered(
                lambda construction_type: (
                    construction_type.retention_percent and construction_type.retention_method == "row"
                )
            )

    # === BUSINESS === #

    def _has_retention_row(self):
        """Whether a plan made of this keeps something back in a row of its own."""
        self.ensure_one()
        return "retention" in self.line_ids.mapped("kind")

    def _prepare_instalments_values(self):
        """Values of the instalments of a new plan; one row with the rest without a template.

        :return: list of dicts, in the order of the plan
        """
        self and self.ensure_one()
        if not self.line_ids:
            return [
                {
                    "name": self.env._("Contract amount"),
                    "kind": "final",
                    "amount_type": "rest",
                    "trigger": "signature",
                }
            ]
        return [line._prepare_instalment_values() for line in self.line_ids]

    def _get_plan_rows(self, total, currency):
        """The plan of an offer of `total`, as it is printed for the client.

        :return: list of dicts (number, name, due, amount), texts in the language of the context
        """
        self.ensure_one()
        parts = [
            PlanRow(line.amount_type, line.amount if line.amount_type == "fixed" else line.percent)
            for line in self.line_ids
        ]
        amounts = split(total, parts, currency.rounding).amounts
        return [
            {"number": number, "name": line.name, "due": line._describe_due(), "amount": amount}
            for number, (line, amount) in enumerate(zip(self.line_ids, amounts, strict=True), 1)
        ]


class ConstructionPlanTemplateLine(models.Model):
    _name = "construction.plan.template.line"
    _description = "Payment Plan Template Row"
    _inherit = ["construction.plan.row"]
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "construction.plan.template",
        required=True,
        ondelete="cascade",
        index=True,
    )
    name = fields.Char(translate=True)
    amount = fields.Float(
        string="Fixed Amount",
        help="In the currency of the contract.",
    )

    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)",
        "The amount of an instalment cannot be negative.",
    )

    def _prepare_instalment_values(self):
        """Values of the instalment this row makes. Rooms with fields of their own add them here."""
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "name": self.name,
            "kind": self.kind,
            "amount_type": self.amount_type,
            "percent": self.percent,
            "amount": self.amount,
            "trigger": self.trigger,
            "delay_days": self.delay_days,
        }
