from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

# What two versions of a component are compared by.
COMPARED_FIELDS = (
    "kind",
    "quantity",
    "uom_id",
    "waste_percent",
    "percent",
    "percent_base",
    "percent_code",
    "minimum_quantity",
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
            previous = recipe.search(
                [
                    ("product_tmpl_id", "=", recipe.product_tmpl_id.id),
                    ("company_id", "=", recipe.company_id.id),
                    ("version", "<", recipe.version),
                ],
                order="version desc",
                limit=1,
            )
            recipe.version_comparison = recipe._render_comparison(previous) if previous else False

    # === BUSINESS === #

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

    def _render_comparison(self, other):
        labels = {"added": self.env._("Added"), "removed": self.env._("Removed")}
        line_fields = self.env["construction.recipe.line"]._fields
        cell = Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>")
        rows = Markup().join(
            cell
            % (
                product.display_name,
                labels.get(what) or line_fields[what]._description_string(self.env),
                before,
                after,
            )
            for product, what, before, after in self._compare(other)
        )
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("Component"),
            self.env._("Change"),
            other.display_name,
            self.display_name,
        )
        return Markup('<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>') % (head, rows)

    def _is_content_field(self, name):
        # When a version is activated is no part of what it says.
        return name != "date_activate" and super()._is_content_field(name)


class ConstructionRecipeLine(models.Model):
    _inherit = "construction.recipe.line"

    def _describe(self, name):
        """Give the value of a field in words."""
        field, value = self._fields[name], self[name]
        if field.type == "many2one":
            return value.display_name or ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        return formatLang(self.env, value, digits=4) if field.type == "float" else value or ""
