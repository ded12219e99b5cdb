from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.quote import comparison
from .comparison_table import ComparisonTable

COST_GROUP = "construction_crm.group_cost"
# More than anybody reads on a screen; the print has them all.
SCREEN_ROWS = 1000


class ConstructionQuoteCompare(models.TransientModel):
    """Two quotes of a deal side by side: what was added, removed and changed."""

    _name = "construction.quote.compare"
    _description = "Compare Quotes"

    old_id = fields.Many2one("sale.order", string="Earlier Quote", required=True, ondelete="cascade")
    new_id = fields.Many2one("sale.order", string="Later Quote", required=True, ondelete="cascade")
    choice_ids = fields.Many2many("sale.order", compute="_compute_choice_ids", export_string_translation=False)
    shows_all = fields.Boolean(string="Show What Stayed the Same")
    shows_costs = fields.Boolean(string="Show Costs and Margins", groups=COST_GROUP)
    content = fields.Html(compute="_compute_content", sanitize=False)

    # === COMPUTE === #

    @api.depends("old_id", "new_id")
    def _compute_display_name(self):
        for compare in self:
            compare.display_name = self.env._(
                "%(old)s and %(new)s", old=compare.old_id.name or "", new=compare.new_id.name or ""
            )

    @api.depends("old_id", "new_id")
    def _compute_choice_ids(self):
        for compare in self:
            order = (compare.new_id or compare.old_id)._origin
            compare.choice_ids = order._get_comparable() if order else order

    @api.depends("old_id", "new_id", "shows_all", "shows_costs")
    def _compute_content(self):
        sees_costs = self.env.user.has_group(COST_GROUP)
        for compare in self:
            compare.content = compare._render_content(sees_costs and compare.shows_costs)

    # === CONSTRAINT === #

    @api.constrains("old_id", "new_id")
    def _check_comparable(self):
        for compare in self:
            compare._check_pair()

    # === ACTION === #

    def action_swap(self):
        """Compare the other way round."""
        self.ensure_one()
        self.write({"old_id": self.new_id.id, "new_id": self.old_id.id})
        return True

    def action_print(self):
        """Print what the client may see of the differences."""
        return self.env.ref("construction_crm.quote_compare_report").report_action(self)

    def action_print_internal(self):
        """Print the differences with costs and margins."""
        return self.env.ref("construction_crm.quote_compare_report_internal").report_action(self)

    # === BUSINESS === #

    def _check_pair(self):
        if self.old_id == self.new_id:
            raise UserError(self.env._("Choose two different quotes to compare."))
        deals = self.sudo().old_id.opportunity_id, self.sudo().new_id.opportunity_id  # to ask which, not to show it
        same_deal = deals[0] and deals[0] == deals[1]
        if not same_deal and self.new_id not in self.old_id._get_family():
            raise UserError(
                self.env._(
                    "%(old)s and %(new)s belong to different deals: only quotes of one deal are compared.",
                    old=self.old_id.name,
                    new=self.new_id.name,
                )
            )

    def _render_content(self, internal):
        if not self.old_id or not self.new_id or self.old_id == self.new_id:
            return False
        values = self._get_values(internal, for_client=False, limit=SCREEN_ROWS)
        return self.env["ir.qweb"]._render("construction_crm.quote_compare_content", {"c": values})

    def _get_values(self, internal, for_client, limit=None):
        """Give what the templates of a comparison show.

        :param bool internal: with costs and margins; only for the group that sees them
        :param bool for_client: only what the presentations of both quotes show the client
        :param int limit: show no more rows than this
        :raise AccessError: when costs are asked for by somebody who may not see them
        """
        self.ensure_one()
        if internal and not self.env.user.has_group(COST_GROUP):
            raise AccessError(self.env._("Costs and margins are shown to those only who may see the costs of works."))
        old, new = self.old_id._origin, self.new_id._origin
        (old | new).check_access("read")
        pairs = comparison.compare(
            old._get_chapters_to_compare(with_cost=internal), new._get_chapters_to_compare(with_cost=internal)
        )
        table = ComparisonTable(old, new, internal, for_client, self.shows_all)
        rows, counts = table.get_rows(pairs)
        return {
            "old": old,
            "new": new,
            "internal": internal,
            "rows": rows[:limit],
            "hidden_text": self.env._("%(count)s more rows are on the print.", count=len(rows) - limit)
            if limit and len(rows) > limit
            else "",
            "title": self.env._("What changes from %(old)s to %(new)s", old=old.name, new=new.name),
            "badges": table.get_badges(counts),
            "counts": counts,
            "figures": table.get_figures(pairs),
        }
