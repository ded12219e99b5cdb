from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.estimate import buildup
from .product_template import COST_NATURES


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
        ],
        default="running",
        required=True,
        help="What the percentage is taken of.",
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
    percent = fields.Float(string="Percentage (%)", digits=(16, 6), required=True)
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

    @api.constrains("percent", "base", "cost_nature")
    def _check_markup(self):
        for markup in self:
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
        ]
