from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from .recipe_figures import RecipeFigures

# What two versions are compared by, and their components.
HEAD_FIELDS = ("output_quantity", "uom_id")
COMPARED_FIELDS = (
    "kind",
    "quantity",
    "uom_id",
    "waste_percent",
    "percent",
    "percent_base",
    "percent_code",
    "minimum_quantity",
    "hours_per_unit",
    "quantity_formula",
    "use_recipe",
    "cost_nature",
)


class ConstructionRecipe(models.Model):
    """Versions of a recipe: compared, and activated when their day comes."""

    _inherit = "construction.recipe"

    date_activate = fields.Date(
        string="Activate On",
        copy=False,
        help="The draft becomes the active version on the morning of this day.",
    )
    version_comparison = fields.Html(
        string="Changes",
        compute="_compute_version_comparison",
        help="What is different from the version before this one.",
    )

    # === COMPUTE === #

    @api.depends("product_tmpl_id", "version")
    def _compute_version_comparison(self):
        for recipe in self:
            previous = recipe._get_previous_version()
            recipe.version_comparison = recipe._render_comparison(previous) if previous else False

    # === ACTION === #

    def action_compare(self):
        """Compare this version with another of one's choice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_recipe_compare_action")
        action["context"] = {"default_recipe_id": self.id}
        return action

    # === BUSINESS === #

    def _get_previous_version(self):
        """Give the version of the product before this one, if there is one."""
        self.ensure_one()
        recipe = self._origin
        return self.search(
            [
                ("product_tmpl_id", "=", recipe.product_tmpl_id.id),
                ("company_id", "=", recipe.company_id.id),
                ("version", "<", recipe.version),
            ],
            order="version desc",
            limit=1,
        )

    @api.model
    def _cron_activate(self):
        """Activate the drafts whose day has come; one that cannot be says why and does not stop the others."""
        due = self.search(
            [("state", "=", "draft"), ("date_activate", "<=", fields.Date.context_today(self))],
            order="version, id",
        )
        for recipe in due:
            try:
                with self.env.cr.savepoint():
                    recipe.action_activate()
            except UserError as error:
                recipe.message_post(
                    body=self.env._("This version could not be activated: %(reason)s", reason=error.args[0])
                )
            recipe.date_activate = False

    def _compare(self, other):
        """List what is different from another version.

        :return: a list of `(product, what, before, after)`; `what` is "added", "removed" or a field's name
        """
        self.ensure_one()
        remaining = {}
        for line in other.line_ids:
            remaining.setdefault(line.product_id, []).append(line)
        changes = []
        for line in self.line_ids:
            if not remaining.get(line.product_id):
                changes.append((line.product_id, "added", "", line._describe("quantity")))
                continue
            before = remaining[line.product_id].pop(0)
            changes += [
                (line.product_id, name, before._describe(name), line._describe(name))
                for name in COMPARED_FIELDS
                if before._describe(name) != line._describe(name)
            ]
        changes += [
            (product, "removed", line._describe("quantity"), "")
            for product, lines in remaining.items()
            for line in lines
        ]
        return changes

    def _compare_heads(self, other):
        """List what is different from another version in the recipe itself and in its parameters.

        :return: a list of `(label, before, after)`
        """
        changes = []
        for name in HEAD_FIELDS:
            label = self._fields[name]._description_string(self.env)
            changes.append((label, _describe(other, name), _describe(self, name)))
        before = {parameter.name.lower(): parameter for parameter in other.parameter_ids}
        after = {parameter.name.lower(): parameter for parameter in self.parameter_ids}
        for name in {**before, **after}:
            pair = (before.get(name), after.get(name))
            changes.append((name, *(_describe(parameter, "default") if parameter else "–" for parameter in pair)))
        return [(label, old, new) for label, old, new in changes if old != new]

    def _render_comparison(self, other):
        """Show all that is different from another version."""
        labels = {"added": self.env._("Added"), "removed": self.env._("Removed")}
        line_fields = self.env["construction.recipe.line"]._fields
        rows = [(self.env._("Recipe"), label, before, after) for label, before, after in self._compare_heads(other)]
        rows += [
            (
                product.display_name,
                labels.get(what) or line_fields[what]._description_string(self.env),
                before,
                after,
            )
            for product, what, before, after in self._compare(other)
        ]
        if not rows:
            return Markup("<p>%s</p>") % self.env._("The two versions say the same.")
        cell = Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>")
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("Component"),
            self.env._("Change"),
            self.env._("Version %(version)s", version=other.version),
            self.env._("Version %(version)s", version=self.version),
        )
        body = Markup().join(cell % row for row in rows)
        return Markup('<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>') % (head, body)

    def _render_cost_comparison(self, other):
        """Show what one unit costs in both versions, by nature."""
        pairs = [(recipe, RecipeFigures(recipe)) for recipe in (other, self)]
        before, after = (
            figures.costing().by_nature(recipe.id, figures.usual_values(recipe.id)) for recipe, figures in pairs
        )
        labels = dict(self.env["construction.recipe.line"]._fields["cost_nature"]._description_selection(self.env))
        rows = [
            (labels.get(nature, ""), before.get(nature, 0.0), after.get(nature, 0.0)) for nature in {**before, **after}
        ]
        rows.append((self.env._("Unit Cost"), sum(before.values()), sum(after.values())))
        cell = Markup(
            '<tr><td>%s</td><td class="text-end">%s</td><td class="text-end">%s</td><td class="text-end">%s</td></tr>'
        )
        money = self.currency_id.format
        body = Markup().join(cell % (name, money(old), money(new), money(new - old)) for name, old, new in rows)
        head = Markup(
            '<tr><th></th><th class="text-end">%s</th><th class="text-end">%s</th><th class="text-end">%s</th></tr>'
        ) % (
            self.env._("Version %(version)s", version=other.version),
            self.env._("Version %(version)s", version=self.version),
            self.env._("Difference"),
        )
        return Markup('<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>') % (head, body)

    def _is_content_field(self, name):
        # When a version is activated is no part of what it says.
        return name != "date_activate" and super()._is_content_field(name)


class ConstructionRecipeLine(models.Model):
    _inherit = "construction.recipe.line"

    def _describe(self, name):
        return _describe(self, name)


def _describe(record, name):
    """Give the value of a field in words."""
    field, value = record._fields[name], record[name]
    if field.type == "many2one":
        return value.display_name or ""
    if field.type == "selection":
        return dict(field._description_selection(record.env)).get(value, "")
    if field.type == "boolean":
        return record.env._("Yes") if value else record.env._("No")
    return formatLang(record.env, value, digits=4) if field.type == "float" else value or ""
