from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.delivery.learning import learn
from ...models.delivery.recipe_lessons import RecipeLessons
from ...models.pipeline.formats import format_percent
from ...models.pipeline.row_lock import take

# A coefficient is proposed as exactly as a person would type it.
DIGITS = 6


class ConstructionRecipeLearn(models.TransientModel):
    """Compares recipes with what works really took, and makes drafts with the coefficients the estimator picks."""

    _name = "construction.recipe.learn"
    _description = "Learn from the Works"

    project_id = fields.Many2one("project.project", readonly=True)
    line_ids = fields.One2many("construction.recipe.learn.line", "learn_id", string="Components")
    draft_ids = fields.Many2many("construction.recipe", string="Drafts", readonly=True)

    # === COMPUTE === #

    def _compute_display_name(self):
        self.display_name = self.env._("Learn from the Works")

    # === ACTION === #

    def action_make_drafts(self):
        """Make a draft version of each recipe of which rows are picked; nothing is activated. Twice is once.

        :return: the action that opens the drafts
        """
        self.ensure_one()
        take(self)
        if not self.draft_ids:
            picked = self.line_ids.filtered("is_picked")
            if not picked:
                raise UserError(self.env._("Pick the coefficients to take over first."))
            for recipe, lines in picked.grouped("recipe_id").items():
                self.draft_ids += lines._make_draft(recipe)
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_recipe_action")
        action["context"] = {}
        if len(self.draft_ids) == 1:
            return action | {"res_id": self.draft_ids.id, "views": [(False, "form")], "view_mode": "form"}
        return action | {"domain": [("id", "in", self.draft_ids.ids)]}

    # === BUSINESS === #

    @api.model
    def _open(self, recipes, project=None):
        """Compare these recipes with the works and show it.

        :param recipes: versions of recipes; where another version is active, that one is compared
        :param project: the project to show beside all projects
        :raise UserError: when nothing was recorded to learn from
        """
        recipes = recipes._get_versions_to_compare()
        lessons = RecipeLessons(recipes) if recipes else None
        values = [] if lessons is None else self._prepare_lines(lessons, project)
        if not values:
            raise UserError(
                self.env._(
                    "There is nothing to learn from yet. It takes works that were reported as done, and what they "
                    "took: used quantities on the list of materials, or hours booked on chapters."
                )
            )
        learning = self.create(
            {
                "project_id": project.id if project else False,
                "line_ids": [fields.Command.create(vals) for vals in values],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Learn from the Works"),
            "res_model": self._name,
            "res_id": learning.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _prepare_lines(self, lessons, project):
        result = []
        samples = lessons.get_samples()
        for recipe in lessons.recipes:
            for line in recipe.line_ids:
                found = samples.get(line, {})
                lesson = learn(found.values())
                if lesson is None:
                    continue
                here = project and found.get(project.sudo())  # sudo: as the lessons were read
                result.append(
                    {
                        "recipe_line_id": line.id,
                        "quantity_now": line.quantity,
                        "quantity_measured": round(line.quantity * lesson.ratio, DIGITS),
                        "quantity_low": line.quantity * lesson.low,
                        "quantity_high": line.quantity * lesson.high,
                        "quantity_here": line.quantity * here.ratio if here else 0.0,
                        "ratio": lesson.ratio,
                        "change_percent": 100 * (lesson.ratio - 1),
                        "spread_percent": lesson.spread,
                        "project_count": lesson.count,
                        "quantity_made": sum(
                            quantity for (made, place), quantity in lessons.made.items() if made == recipe
                        ),
                    }
                )
        return result


class ConstructionRecipeLearnLine(models.TransientModel):
    """One component: what the recipe says, and what works took."""

    _name = "construction.recipe.learn.line"
    _description = "Coefficient Learned from the Works"
    _order = "recipe_id, id"

    learn_id = fields.Many2one("construction.recipe.learn", required=True, index=True, ondelete="cascade")
    recipe_line_id = fields.Many2one("construction.recipe.line", required=True, readonly=True, ondelete="cascade")
    # Stored: rows are ordered and grouped by it.
    recipe_id = fields.Many2one(related="recipe_line_id.recipe_id", store=True)
    product_id = fields.Many2one(related="recipe_line_id.product_id")
    uom_id = fields.Many2one(related="recipe_line_id.uom_id")
    output_uom_id = fields.Many2one(related="recipe_id.uom_id", string="Unit Made")
    is_picked = fields.Boolean(string="Take Over")
    quantity_now = fields.Float(
        string="Recipe Says", min_display_digits="Product Unit", readonly=True, help="Before waste, as on the recipe."
    )
    quantity_measured = fields.Float(
        string="Works Took",
        min_display_digits="Product Unit",
        readonly=True,
        help="What the recipe would have to say for what the works took; larger works count more.",
    )
    quantity_here = fields.Float(string="This Project", min_display_digits="Product Unit", readonly=True)
    quantity_low = fields.Float(string="Lowest", min_display_digits="Product Unit", readonly=True)
    quantity_high = fields.Float(string="Highest", min_display_digits="Product Unit", readonly=True)
    ratio = fields.Float(digits=(16, DIGITS), readonly=True)
    change_percent = fields.Float(string="Change (%)", digits=(16, 1), readonly=True)
    spread_percent = fields.Float(
        string="Spread (%)",
        digits=(16, 1),
        readonly=True,
        help="How far the projects lie apart: a coefficient with a large spread says little.",
    )
    project_count = fields.Integer(string="Projects", readonly=True, help="How many projects were compared.")
    quantity_made = fields.Float(
        string="Made",
        digits="Product Unit",
        min_display_digits=2,
        readonly=True,
        help="How much of the product was done in these projects.",
    )

    # === BUSINESS === #

    def _make_draft(self, recipe):
        """Copy a version into a draft with the coefficients of these rows.

        :return: the draft
        """
        draft = recipe.copy()
        copies = dict(zip(recipe.line_ids, draft.line_ids, strict=True))
        for row in self:
            copies[row.recipe_line_id].write(row._prepare_learned_values())
        draft.message_post(body=self._describe(recipe))
        return draft

    def _prepare_learned_values(self):
        """Values of the component in the draft: its formula, its hours or its quantity times what was learned."""
        line = self.recipe_line_id
        if line.quantity_formula:
            return {"quantity_formula": f"({line.quantity_formula}) * {round(self.ratio, DIGITS)}"}
        if line.hours_per_unit:
            return {"hours_per_unit": round(line.hours_per_unit * self.ratio, DIGITS)}
        return {"quantity": self.quantity_measured}

    def _describe(self, recipe):
        """Tell on the draft where its coefficients come from."""
        lines = [
            self.env._(
                "%(component)s: %(change)s (%(count)s projects, spread %(spread)s)",
                component=row.product_id.display_name,
                change=format_percent(self.env, row.change_percent, 1, signed=True),
                count=row.project_count,
                spread=format_percent(self.env, row.spread_percent, 1),
            )
            for row in self
        ]
        head = self.env._("Learned from the works, compared with version %(version)s:", version=recipe.version)
        return Markup("<br/>").join([head, *lines])
