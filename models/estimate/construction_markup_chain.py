from markupsafe import Markup

from odoo import api, models

from ...core.estimate import buildup
from ..pipeline.formats import format_percent


class ConstructionMarkup(models.Model):
    """The chain from cost to price, as sheets and quotes show it."""

    _inherit = "construction.markup"

    def _get_chain_rows(self, costs, total):
        """List the steps from direct cost to a total as `(name, percentage, amount)`; the last is what rounding makes.

        :param dict costs: nature → direct cost
        """
        names = {markup.id: (markup.name, markup.percent) for markup in self}
        rows, running = [], sum(costs.values())
        for step in buildup.chain(costs, self._to_core()):
            name, percent = names[step.key]
            rows.append((name, self._format_percent(percent), step.amount))
            running = step.total
        rounding = self._get_rounding()
        rows.append((rounding.name or self.env._("Rounding of prices"), "", total - running))
        return rows

    @api.model
    def _get_cost_rows(self, costs, currency):
        """List the direct costs by nature and their sum, as `_get_chain_rows` lists steps."""
        labels = dict(self._fields["cost_nature"]._description_selection(self.env))
        order = [*labels, ""]
        rows = [
            (labels.get(nature, self.env._("Other")), "", costs[nature])
            for nature in sorted(costs, key=order.index)
            if not currency.is_zero(costs[nature])
        ]
        return [*rows, (self.env._("Direct cost"), "", sum(costs.values()))]

    @api.model
    def _format_percent(self, percent):
        return format_percent(self.env, percent)

    @api.model
    def _render_chain(self, rows, currency):
        """Show `(name, percentage, amount)` as a table."""
        cell = Markup('<tr><td>%s</td><td class="text-end">%s</td><td class="text-end">%s</td></tr>')
        body = Markup().join(
            # Never “−0.00”.
            cell % (name, percent, currency.format(0.0 if currency.is_zero(amount) else amount))
            for name, percent, amount in rows
        )
        return Markup('<table class="table table-sm"><tbody>%s</tbody></table>') % body
