from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...core.quote import approval
from ..pipeline.formats import format_percent

KINDS = [
    ("margin", "Margin"),
    ("discount", "Discount"),
    ("amount", "Amount"),
    ("cost_age", "Age of Costs"),
]
DAYS_OF_A_MONTH = 30.4375


class ConstructionApprovalRule(models.Model):
    """What makes a quote need an approval before it is sent, and who gives it."""

    _name = "construction.approval.rule"
    _inherit = ["construction.cached.mixin"]
    _description = "Quote Approval Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        help="Shown to salespeople whose quote needs this approval: name the matter, not the figure.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    construction_type_id = fields.Many2one(
        "construction.type",
        check_company=True,
        ondelete="cascade",
        help="Leave empty for quotes of all types of works.",
    )
    kind = fields.Selection(KINDS, string="Criterion", required=True, default="margin")
    # The limits tell what the firm earns at least: not for everyone.
    margin_percent = fields.Float(
        string="Margin Below (%)",
        digits=(6, 2),
        groups="construction_crm.group_cost",
        help="Approval is needed when the margin of the quote is lower.",
    )
    discount_percent = fields.Float(
        string="Discount Above (%)",
        digits=(6, 2),
        groups="construction_crm.group_cost",
        help="Approval is needed when the quote asks this much less than its undiscounted prices.",
    )
    amount = fields.Monetary(
        string="Amount Above",
        groups="construction_crm.group_cost",
        help="Approval is needed when the quote comes to more, tax excluded.",
    )
    cost_months = fields.Integer(
        string="Costs Older Than (Months)",
        default=6,
        groups="construction_crm.group_cost",
    )
    cost_percent = fields.Float(
        string="Share of the Cost Above (%)",
        digits=(6, 2),
        default=20.0,
        groups="construction_crm.group_cost",
        help="Approval is needed when costs of that age make up more of the quote's cost than this.",
    )
    condition = fields.Char(
        string="When",
        compute="_compute_condition",
        groups="construction_crm.group_cost",
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Approving Group",
        default=lambda self: self.env.ref("sales_team.group_sale_manager", raise_if_not_found=False),
        ondelete="restrict",
        help="Everyone of this group may approve, never the salesperson or the author of the quote.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Approvers",
        domain="[('share', '=', False)]",
        help="People who may approve, never the salesperson or the author of the quote.",
    )

    # === COMPUTE === #

    @api.depends("kind", "margin_percent", "discount_percent", "amount", "cost_months", "cost_percent")
    def _compute_condition(self):
        for rule in self:
            rule.condition = rule._get_condition()

    def _get_condition(self):
        if self.kind == "margin":
            return self.env._("Margin below %(percent)s", percent=format_percent(self.env, self.margin_percent))
        if self.kind == "discount":
            return self.env._("Discount above %(percent)s", percent=format_percent(self.env, self.discount_percent))
        if self.kind == "amount":
            return self.env._("Amount above %(amount)s", amount=self.currency_id.format(self.amount))
        return self.env._(
            "Costs older than %(months)s months make up more than %(percent)s",
            months=self.cost_months,
            percent=format_percent(self.env, self.cost_percent),
        )

    # === CONSTRAINT === #

    @api.constrains("group_id", "user_ids")
    def _check_approvers(self):
        for rule in self:
            if not (rule.group_id or rule.user_ids):
                raise ValidationError(self.env._("Say who approves by %(rule)s: a group or people.", rule=rule.name))

    @api.constrains("kind", "margin_percent", "discount_percent", "amount", "cost_months", "cost_percent")
    def _check_limits(self):
        for rule in self.sudo():  # The limits hold whoever writes them.
            if (
                not -100 <= rule.margin_percent <= 100
                or not 0 <= rule.discount_percent <= 100
                or rule.amount < 0
                or not 0 <= rule.cost_percent < 100
                or (rule.kind == "cost_age" and rule.cost_months <= 0)
            ):
                raise ValidationError(
                    self.env._(
                        "Check the limits of %(rule)s: percentages lie between 0 and 100, a margin also below zero, "
                        "amounts and months above zero.",
                        rule=rule.name,
                    )
                )

    # === BUSINESS === #

    @api.model
    @tools.ormcache("company_id")
    def _get_rule_ids(self, company_id):
        """List the ids of the rules of a company: most have none, and no quote is to pay a query for that."""
        # sudo: rules hold for everyone.
        return tuple(self.sudo().search([("company_id", "=", company_id)]).ids)

    def _get_approvers(self):
        """Give the users who may approve by this rule, all quotes considered."""
        self.ensure_one()
        # sudo: who approves is asked by people who may not see users or groups.
        rule = self.sudo()
        users = (rule.user_ids | rule.group_id.all_user_ids).filtered(lambda user: user.active and not user.share)
        return users.filtered(lambda user: rule.company_id in user.company_ids)

    def _get_label(self):
        """Say which matter is to be approved, never a figure."""
        self.ensure_one()
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        return self.env._("%(kind)s (%(rule)s)", kind=kind, rule=self.name)

    def _is_met_by(self, quote):
        """Tell whether a quote needs the approval of this rule."""
        self.ensure_one()
        return self._is_beyond(self._get_measure(quote), self._get_limit())

    def _is_worse_than(self, quote, measure):
        """Tell whether a quote is worse by this rule than when its approval was given.

        :param measure: what `_get_measure` gave then; None when nobody noted it
        """
        return measure is not None and self._is_beyond(self._get_measure(quote), measure)

    def _get_measure(self, quote):
        """Give the figure this rule looks at, the larger the worse; None where the quote has none."""
        self.ensure_one()
        return getattr(self, f"_get_measure_{self.kind}")(quote)

    def _get_limit(self):
        """Give the measure beyond which an approval is needed."""
        return {
            "margin": -self.margin_percent,
            "discount": self.discount_percent,
            "amount": self.amount,
            "cost_age": self.cost_percent,
        }[self.kind]

    def _is_beyond(self, measure, limit):
        if measure is None:
            return False
        if self.kind == "amount":
            return self.currency_id.compare_amounts(measure, limit) > 0
        return measure > limit

    def _get_measure_margin(self, quote):
        return -round(100 * quote.margin_percent, 6) if quote.amount_untaxed else None

    def _get_measure_discount(self, quote):
        return approval.discount_percent(quote._get_priced_content())

    def _get_measure_amount(self, quote):
        date = quote.date_order or fields.Datetime.now()
        return quote.currency_id._convert(quote.amount_untaxed, self.currency_id, quote.company_id, date)

    def _get_measure_cost_age(self, quote):
        days = self.cost_months * DAYS_OF_A_MONTH
        return approval.old_cost_percent(quote._get_priced_content(with_age=True), days)
