from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from .construction_position import AMOUNT_GROUPS
from .sale_order_variation import REASONS, STATES


class ConstructionVariation(models.Model):
    """A variation with only what whoever leads the works may know of it; its quote holds the prices."""

    _name = "construction.variation"
    _description = "Variation"
    _auto = False
    _order = "contract_id desc, id desc"
    _depends = {
        "sale.order": [
            "amount_total",
            "amount_untaxed",
            "company_id",
            "create_date",
            "currency_id",
            "date_variation_applied",
            "name",
            "opportunity_id",
            "partner_id",
            "user_id",
            "variation_contract_id",
            "variation_days",
            "variation_note",
            "variation_number",
            "variation_reason",
            "variation_requested_by_id",
            "variation_state",
        ],
        "crm.lead": ["construction_project_id"],
    }

    number = fields.Char(readonly=True)
    quote_name = fields.Char(string="Quote", readonly=True)
    contract_id = fields.Many2one("construction.contract", readonly=True)
    project_id = fields.Many2one("project.project", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    state = fields.Selection(STATES, string="Status", readonly=True)
    requested_by_id = fields.Many2one("res.partner", readonly=True)
    days = fields.Integer(readonly=True, help="How many days later the works end; negative: earlier.")
    note = fields.Text(string="Why", readonly=True)
    date = fields.Date(string="Proposed On", readonly=True)
    date_applied = fields.Date(string="Applied On", readonly=True)
    amount_untaxed = fields.Monetary(readonly=True, groups=AMOUNT_GROUPS)
    amount_total = fields.Monetary(string="Amount", readonly=True, groups=AMOUNT_GROUPS, help="Taxes included.")
    content = fields.Html(string="Changes", compute="_compute_content", compute_sudo=True)
    can_open_quote = fields.Boolean(compute="_compute_rights", export_string_translation=False)
    can_change = fields.Boolean(compute="_compute_rights", export_string_translation=False)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT sale.id, sale.variation_number AS number, sale.name AS quote_name,
                   sale.variation_contract_id AS contract_id, lead.construction_project_id AS project_id,
                   sale.partner_id, sale.user_id, sale.company_id, sale.currency_id,
                   sale.variation_reason AS reason, sale.variation_state AS state,
                   sale.variation_requested_by_id AS requested_by_id, sale.variation_days AS days,
                   sale.variation_note AS note, sale.create_date::date AS date,
                   sale.date_variation_applied::date AS date_applied,
                   sale.amount_untaxed, sale.amount_total
              FROM sale_order sale
         LEFT JOIN crm_lead lead ON lead.id = sale.opportunity_id
             WHERE sale.variation_contract_id IS NOT NULL
            """
        )

    # === COMPUTE === #

    @api.depends("number", "contract_id")
    def _compute_display_name(self):
        for variation in self:
            variation.display_name = f"{variation.number or ''} · {variation.contract_id.name or ''}"

    def _compute_content(self):
        """The changes as a table: quantities, never a price."""
        for variation in self:
            rows = []
            for change in self.env["sale.order"].browse(variation.id)._get_variation_changes():
                quantity = formatLang(self.env, change["quantity"], dp="Product Unit")
                sign = "+" if change["quantity"] > 0 else ""
                rows.append(
                    Markup('<tr><td>%s</td><td>%s%s</td><td class="text-end text-nowrap">%s%s %s</td></tr>')
                    % (
                        change["number"],
                        change["name"],
                        Markup(' <span class="badge text-bg-info">%s</span>') % self.env._("New Item")
                        if change["is_new"]
                        else "",
                        sign,
                        quantity,
                        change["uom"].name or "",
                    )
                )
            variation.content = Markup('<table class="table table-sm"><tbody>%s</tbody></table>') % Markup().join(rows)

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_rights(self):
        orders = self.env["sale.order"].browse(self.ids)
        # stock lets project users read orders: the screen of prices is for whoever sees the amounts
        sees_prices = any(map(self.env.user.has_group, AMOUNT_GROUPS.split(",")))
        # stock's form of an order opens for nobody who may not read its invoices: project administrators neither
        sees_prices = sees_prices and self.env["account.move"].has_access("read")
        readable = orders._filtered_access("read") if sees_prices else orders.browse()
        for variation in self:
            order = orders.browse(variation.id)
            variation.can_open_quote = order in readable
            # reason of sudo: only the state of the quote
            is_draft = order.sudo().state == "draft"
            variation.can_change = is_draft and variation.contract_id._may_propose_variation()

    # === ACTION === #

    def action_propose(self):
        """Propose a variation of the contract these are of, or of one that is chosen."""
        contract = self.env["construction.contract"].browse(self.env.context.get("default_contract_id") or ())
        if contract:
            return contract.action_propose_variation()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Variation"),
            "res_model": "construction.variation.propose",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_quote(self):
        """Open the quote of this variation."""
        self.ensure_one()
        order = self.env["sale.order"].browse(self.id)
        order.check_access("read")
        return order._get_quote_action()

    def action_change(self):
        """Change the quantities of this variation while its quote is a draft."""
        self.ensure_one()
        # reason of sudo: whoever may propose may change the proposal; the screen checks the right
        order = self.env["sale.order"].browse(self.id)
        if order.sudo().state != "draft":
            raise UserError(
                self.env._("%(variation)s was sent and can no longer be changed.", variation=self.display_name)
            )
        return self.env["construction.variation.propose"]._open(self.contract_id, order)
