from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...models.quote.sale_order_options import CHOICES


class ConstructionChapterChoice(models.TransientModel):
    """How a chapter is offered. The chapter does the rest."""

    _name = "construction.chapter.choice"
    _description = "Offer a Chapter"

    line_id = fields.Many2one("sale.order.line", string="Chapter", required=True, readonly=True, ondelete="cascade")
    choice = fields.Selection(
        [("works", "Part of the works"), *CHOICES],
        string="Offered As",
        compute="_compute_choice",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    group = fields.Char(
        string="Alternatives",
        compute="_compute_choice",
        store=True,
        readonly=False,
        precompute=True,
        help="Give all chapters of which the client takes just one the same name, such as “Floor”.",
    )

    @api.depends("line_id")
    def _compute_choice(self):
        for wizard in self:
            wizard.choice = wizard.line_id.chapter_choice or "works"
            wizard.group = wizard.line_id.alternative_group

    def action_apply(self):
        """Offer the chapter so."""
        self.ensure_one()
        if self.choice == "alternative" and not (self.group or "").strip():
            raise ValidationError(self.env._("Name what the alternatives are for, such as “Floor”."))
        self.line_id._set_choice(False if self.choice == "works" else self.choice, (self.group or "").strip())
        return {"type": "ir.actions.act_window_close"}
