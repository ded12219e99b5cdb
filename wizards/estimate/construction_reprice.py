from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import format_date

from ...models.estimate.construction_recipe_reprice import REPRICE


class ConstructionReprice(models.TransientModel):
    """Show what recipes, or a sheet, cost at the prices of another day; nothing is changed by it."""

    _name = "construction.reprice"
    _description = "Costs at a Date"

    date = fields.Date(required=True, default=lambda self: fields.Date.context_today(self) - relativedelta(years=1))
    source = fields.Selection(
        [("history", "Costs kept here"), ("vendor", "Price lists of vendors")],
        string="Prices From",
        default="history",
        required=True,
        help="Costs kept here: what the components cost on that day. Price lists of vendors: what vendors ask on "
        "that day, which may lie ahead. Components nothing is known of count at today's cost.",
    )
    recipe_ids = fields.Many2many("construction.recipe", string="Recipes", help="Empty: all active recipes.")
    evaluation_id = fields.Many2one("construction.evaluation", string="Evaluation Sheet", ondelete="cascade")

    def action_show(self):
        """Open the list with the costs of that day beside today's."""
        self.ensure_one()
        name = "evaluation_line" if self.evaluation_id else "recipe"
        action = self.env["ir.actions.act_window"]._for_xml_id(f"construction_crm.construction_{name}_action_reprice")
        action["display_name"] = self.env._("Costs at %(date)s", date=format_date(self.env, self.date))
        action["context"] = {"create": False, REPRICE: f"{fields.Date.to_string(self.date)} {self.source}"}
        if self.evaluation_id:
            action["domain"] = [("evaluation_id", "=", self.evaluation_id.id)]
        elif self.recipe_ids:
            action["domain"] = [("id", "in", self.recipe_ids.ids)]
        return action
