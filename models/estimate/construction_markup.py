from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.estimate import buildup
from .product_template import COST_NATURES

MAX_ROUNDING = 1e6


class ConstructionMarkup(models.Model):
    """One step from direct cost to selling price."""

    _name = "construction.markup"
    _description = "Markup"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10, help="Markups are added in this order.")
    name = fields.Char(required=True, translate=True)
    base = fields.Selection(
        [
            ("direct", "Direct cost"),
            ("nature", "Direct cost of one nature"),
            ("works", "Works: direct cost and the markups on it"),
            ("running", "What it has come to so far"),
            ("round", "Rounding of each unit price"),
        ],
        default="running",
        required=True,
        help="What the percentage is taken of. A rounding is no percentage: it comes last, wherever it stands, and "
        "brings the price of one unit of each item to a multiple of its step.",
    )
    round_to = fields.Float(
        digits=(16, 6),
        default=0.05,
        help="0.05, 1, 10: the price of one unit of each item becomes a multiple of this, tax excluded.",
    )
    role = fields.Selection(
        [
            ("indirect", "Indirect costs"),
            ("general", "General costs"),
            ("profit", "Profit"),
            ("discount", "Discount"),
        ],
        string="In Exchange Files",
        help="What budgets of other programs know this percentage as.",
    )
    cost_nature = fields.Selection(COST_NATURES, string="Nature")
    percent = fields.Float(string="Percentage (%)", digits=(16, 6), required=True, default=0.0)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    construction_type_id = fields.Many2one(
        "construction.type",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="For works of this type only; they replace the general markups.",
    )
    evaluation_id = fields.Many2one(
        "construction.evaluation",
        string="Evaluation Sheet",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="For this sheet only; they replace all others.",
    )

    # === CONSTRAINTS === #

    @api.constrains("percent", "base", "cost_nature", "round_to")
    def _check_markup(self):
        for markup in self:
            if markup.base == "round" and not 0 < markup.round_to <= MAX_ROUNDING:
                raise ValidationError(
                    self.env._("%(name)s must round to a step above zero, such as 0.05 or 1.", name=markup.name)
                )
            if not -100 < markup.percent <= 1000:
                raise ValidationError(
                    self.env._("The markup %(name)s must lie above −100 and at most at 1000 %%.", name=markup.name)
                )
            if markup.base == "nature" and not markup.cost_nature:
                raise ValidationError(self.env._("Say which nature the markup %(name)s is taken of.", name=markup.name))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        sheet_ids = {vals["evaluation_id"] for vals in vals_list if vals.get("evaluation_id")}
        self.env["construction.evaluation"].browse(sheet_ids)._check_not_locked()
        return super().create(vals_list)

    def write(self, vals):
        self.evaluation_id._check_not_locked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self.evaluation_id._check_not_locked()

    # === BUSINESS === #

    def _to_core(self):
        """Hand the markups to `core.estimate.buildup`, in their order."""
        return [
            buildup.Markup(markup.id, markup.base, markup.percent, markup.cost_nature or "")
            for markup in self.sorted(lambda markup: (markup.sequence, markup.id or 0))
            if markup.base != "round"
        ]

    def _get_rounding(self):
        """Give the markup that rounds the price of each item, empty when there is none."""
        return self.filtered(lambda markup: markup.base == "round").sorted("sequence")[-1:]

    @api.model
    def _get_general_domain(self):
        """Give the domain of the markups that belong to no single document; other rooms add theirs."""
        return [("evaluation_id", "=", False)]

    def _prepare_copy_values(self):
        """Give the values of each markup for the sheet or quote that gets its own."""
        return [
            {
                "sequence": markup.sequence,
                "name": markup.name,
                "base": markup.base,
                "role": markup.role,
                "cost_nature": markup.cost_nature,
                "percent": markup.percent,
                "round_to": markup.round_to,
                "company_id": markup.company_id.id,
            }
            for markup in self
        ]
