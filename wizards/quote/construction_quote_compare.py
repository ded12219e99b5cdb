from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.quote import comparison

COST_GROUP = "construction_crm.group_cost"


class ConstructionQuoteCompare(models.TransientModel):
    """Two quotes of a deal side by side: what was added, removed and changed."""

    _name = "construction.quote.compare"
    _description = "Compare Quotes"

    old_id = fields.Many2one("sale.order", string="From", required=True, ondelete="cascade")
    new_id = fields.Many2one("sale.order", string="To", required=True, ondelete="cascade")
    choice_ids = fields.Many2many("sale.order", compute="_compute_choice_ids", export_string_translation=False)
    shows_all = fields.Boolean(string="Show What Stayed the Same")
    content = fields.Html(compute="_compute_content", sanitize=False)
    content_internal = fields.Html(
        string="With Costs",
        compute="_compute_content_internal",
        sanitize=False,
        groups=COST_GROUP,
    )

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

    @api.depends("old_id", "new_id", "shows_all")
    def _compute_content(self):
        for compare in self:
            compare.content = compare._render_content(internal=False)

    @api.depends("old_id", "new_id", "shows_all")
    def _compute_content_internal(self):
        for compare in self:
            compare.content_internal = compare._render_content(internal=True)

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
        values = self._get_values(internal=internal, for_client=False)
        return self.env["ir.qweb"]._render("construction_crm.quote_compare_content", {"c": values})

    def _get_values(self, internal, for_client):
        """Give what the templates of a comparison show.

        :param bool internal: with costs and margins; only for the group that sees them
        :param bool for_client: only what the presentations of both quotes show the client
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
        hides_all = for_client and (old._hides_all_amounts() or new._hides_all_amounts())
        rows = [_to_row(pair, for_client, self.shows_all, hides_all) for pair in pairs]
        return {
            "doc": self,
            "old": old,
            "new": new,
            "chapters": [row for row in rows if row],
            "internal": internal,
            "hides_all": hides_all,
            "same_currency": old.currency_id == new.currency_id,
            "counts": _count(pairs, for_client),
            "figures": self._get_figures(old, new, pairs, internal),
        }

    def _get_figures(self, old, new, pairs, internal):
        """List the totals of both quotes, as (label, old, new)."""
        figures = [
            (self.env._("Untaxed amount"), old.amount_untaxed, new.amount_untaxed),
            (self.env._("Taxes"), old.amount_tax, new.amount_tax),
            (self.env._("Total"), old.amount_total, new.amount_total),
        ]
        if internal:
            costs = [
                sum(line.cost for pair in pairs for line in _lines(pair, side)) for side in ("old", "new")
            ]
            figures.append((self.env._("Cost"), *costs))
            figures.append((self.env._("Margin"), old.amount_untaxed - costs[0], new.amount_untaxed - costs[1]))
        return figures


def _lines(pair, side):
    return [line for line in (getattr(row, side) for row in pair.lines) if line is not None]


def _to_row(pair, for_client, shows_all, hides_all):
    """Give a chapter as the template shows it, or None when there is nothing to show of it."""
    sides = [side for side in (pair.old, pair.new) if side is not None]
    if for_client and any(side.is_hidden for side in sides):
        return None
    lines = pair.lines
    if for_client:
        lines = [row for row in lines if not _any(row, "is_hidden")]
    lines = [row for row in lines if shows_all or row.kind != comparison.SAME]
    before, after = pair.old.subtotal if pair.old else 0.0, pair.new.subtotal if pair.new else 0.0
    kind = pair.kind
    if kind in (comparison.SAME, comparison.CHANGED):
        # What the client is not shown makes no difference to him, but for its amount.
        is_changed = pair.changes or round(after - before, 6) or any(row.kind != comparison.SAME for row in lines)
        kind = comparison.CHANGED if is_changed else comparison.SAME
    if kind == comparison.SAME and not shows_all:
        return None
    return {
        "pair": pair,
        "kind": kind,
        "lines": [(row, hides_all or (for_client and _any(row, "hides_prices"))) for row in lines],
        "old_total": before,
        "new_total": after,
        "old_cost": pair.old.cost if pair.old else 0.0,
        "new_cost": pair.new.cost if pair.new else 0.0,
    }


def _any(row, name):
    return any(getattr(side, name) for side in (row.old, row.new) if side is not None)


def _count(pairs, for_client):
    """Count the lines by what became of them."""
    counts = dict.fromkeys((comparison.ADDED, comparison.REMOVED, comparison.CHANGED, comparison.SAME), 0)
    for pair in pairs:
        for row in pair.lines:
            if not (for_client and _any(row, "is_hidden")):
                counts[row.kind] += 1
    return counts
