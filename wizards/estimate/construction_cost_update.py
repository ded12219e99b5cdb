from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...core.estimate import explosion
from ...models.pipeline.formats import format_percent

# So many of the recipes touched are shown, those most touched first.
SHOWN = 40


class ConstructionCostUpdate(models.TransientModel):
    """Change the costs of components together, and see first which recipes that touches and how."""

    _name = "construction.cost.update"
    _description = "Update Costs"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_ids = fields.Many2many("product.product", string="Components", required=True)
    source = fields.Selection(
        [
            ("percent", "Percentage"),
            ("vendor", "Vendor prices"),
            ("typed", "Typed one by one"),
            ("confirm", "Unchanged: confirmed today"),
        ],
        string="New Costs From",
        default="percent",
        required=True,
        help="Vendor prices: the best price of the price lists of vendors that is valid on the day. Unchanged: the "
        "costs stay and count as of today.",
    )
    percent = fields.Float(string="Change (%)", help="10 makes a cost of 100 one of 110; −10 one of 90.")
    date = fields.Date(
        string="Vendor Prices Of",
        default=fields.Date.context_today,
        help="Prices of vendors that are valid on this day.",
    )
    line_ids = fields.One2many(
        "construction.cost.update.line",
        "update_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    recipe_ids = fields.Many2many(
        "construction.recipe",
        string="Recipes Touched",
        compute="_compute_recipe_ids",
        help="Active recipes that use these components, directly or by recipes inside them.",
    )
    effect = fields.Html(
        string="Effect on Recipes",
        compute="_compute_effect",
        groups="construction_crm.group_cost",
    )

    # === COMPUTE === #

    @api.depends("product_ids", "source", "percent", "date", "company_id")
    def _compute_line_ids(self):
        for wizard in self:
            costs = wizard._get_new_costs()
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"product_id": product.id, "cost": old, "new_cost": new, "vendor_id": vendor.id})
                    for product, (old, new, vendor) in costs.items()
                ),
            ]

    @api.depends("product_ids", "company_id")
    def _compute_recipe_ids(self):
        for wizard in self:
            recipes = self.env["construction.recipe"]
            if wizard.product_ids:
                recipes = recipes._get_users_of(wizard.product_ids._origin)
            wizard.recipe_ids = recipes.filtered_domain([("company_id", "=", wizard.company_id.id)])

    @api.depends("recipe_ids", "line_ids.new_cost")
    def _compute_effect(self):
        for wizard in self:
            recipes = wizard.recipe_ids._origin
            known = {line.product_id._origin.id: line.new_cost for line in wizard.line_ids}
            before, after = recipes._get_unit_costs(), recipes._get_unit_costs(known)
            wizard.effect = wizard._render_effect(recipes, before, after) if recipes else False

    # === ACTION === #

    @api.model
    def _get_action_for(self, products):
        """Give the action that opens the update for some products."""
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_cost_update_action")
        action["context"] = {"default_product_ids": [Command.set(products.ids)]}
        return action

    def action_apply(self):
        """Change the cost of each component, in this company."""
        self.ensure_one()
        if not self.env.user.has_groups("construction_crm.group_estimator,sales_team.group_sale_manager"):
            raise AccessError(self.env._("Costs are kept by estimators and sales managers."))
        if not self.product_ids:
            raise UserError(self.env._("Choose the components whose cost changes."))
        if self.source == "percent" and (not -100 < self.percent <= 1000 or not self.percent):
            raise UserError(self.env._("The change must lie above −100 and at most at 1000 %, and not be zero."))
        if self.source == "vendor" and not self.line_ids:
            raise UserError(self.env._("No vendor has a price for these components that is valid on this day."))
        self.line_ids._apply()
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _get_new_costs(self):
        """Give the costs the choice makes: a dict of product → `(old, new, vendor)`."""
        company = self.company_id or self.env.company
        nobody = self.env["res.partner"]
        # sudo: estimators keep the costs of components, and nothing else of products.
        products = self.product_ids._origin.sudo().with_company(company)
        if self.source == "vendor":
            costs = products._get_vendor_costs(company, self.date or fields.Date.context_today(self))
            return {
                product: (product.standard_price, cost, seller.partner_id) for product, (cost, seller) in costs.items()
            }
        factor = 1 + self.percent / 100 if self.source == "percent" else 1.0
        return {product: (product.standard_price, product.standard_price * factor, nobody) for product in products}

    def _render_effect(self, recipes, before, after):
        """Show the recipes whose unit cost changes most, before and after."""
        changes = {id_: (after[id_] / cost - 1) * 100 if cost else 0.0 for id_, cost in before.items()}
        shown = sorted(changes, key=lambda id_: -abs(changes[id_]))[:SHOWN]
        currency = self.currency_id
        cell = Markup(
            '<tr><td>%s</td><td class="text-end">%s</td><td class="text-end">%s</td><td class="text-end">%s</td></tr>'
        )
        rows = [
            cell
            % (
                recipe.product_tmpl_id.display_name,
                currency.format(before[recipe.id]),
                currency.format(after[recipe.id]),
                format_percent(self.env, changes[recipe.id]),
            )
            for recipe in recipes.browse(shown)
        ]
        head = Markup(
            '<tr><th>%s</th><th class="text-end">%s</th><th class="text-end">%s</th><th class="text-end">%s</th></tr>'
        ) % (self.env._("Recipe"), self.env._("Unit Cost"), self.env._("New Unit Cost"), self.env._("Change"))
        table = Markup('<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>') % (
            head,
            Markup().join(rows),
        )
        if len(recipes) > SHOWN:
            more = self.env._("…and %(count)s more recipes.", count=len(recipes) - SHOWN)
            table += Markup('<p class="text-muted">%s</p>') % more
        return table


class ConstructionCostUpdateLine(models.TransientModel):
    """One component of an update of costs."""

    _name = "construction.cost.update.line"
    _description = "Component of an Update of Costs"

    update_id = fields.Many2one("construction.cost.update", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="update_id.currency_id")
    product_id = fields.Many2one("product.product", string="Component", required=True, ondelete="cascade")
    uom_id = fields.Many2one(related="product_id.uom_id")
    cost = fields.Float(min_display_digits="Product Price", groups="construction_crm.group_cost")
    new_cost = fields.Float(min_display_digits="Product Price", groups="construction_crm.group_cost")
    vendor_id = fields.Many2one("res.partner", ondelete="set null")

    def _apply(self):
        """Set the new costs; one that stays is confirmed: its history goes on from today."""
        for line in self:
            if line.new_cost < 0 or not explosion.is_usable_quantity(line.new_cost):
                raise UserError(
                    self.env._(
                        "The new cost of %(component)s must be zero or more.", component=line.product_id.display_name
                    )
                )
            # sudo: estimators keep the costs of components, and nothing else of products.
            line.product_id.sudo().with_company(line.update_id.company_id).standard_price = line.new_cost
