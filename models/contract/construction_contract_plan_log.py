from collections import namedtuple

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date

from .construction_contract import LIVE_STATES

# What a row of the plan was before a change: `day` as the client reads it.
PlanLine = namedtuple("PlanLine", "name amount day")
PlanBefore = namedtuple("PlanBefore", "amount_total lines")

WATCHED = "construction_crm.plan_before"


class ConstructionContract(models.Model):
    """What moved in the plan of a signed contract and why: in the chatter, and kept as history."""

    _inherit = "construction.contract"

    plan_change_ids = fields.One2many("construction.plan.change", "contract_id", string="Plan History", readonly=True)

    def _get_plan_amounts(self):
        """The amounts and days of the plan as it stands, to be given to `_log_plan_change` after a change.

        :return: `PlanBefore` (value of the contract; row id → `PlanLine`)
        """
        self.ensure_one()
        # reason of sudo: who changes an order may not read plans
        contract = self.sudo()
        rows = contract.instalment_ids.sorted(lambda row: (row.sequence, row.id))
        return PlanBefore(
            contract.amount_total,
            {row.id: PlanLine(row.name, row.amount, row.date_expected) for row in rows},
        )

    def _log_plan_change(self, before, reason):
        """Say in the chatter and in the history what moved since `before`, if anything did.

        :param before: what `_get_plan_amounts` gave before the change
        :param str reason: why, one short sentence ("Order S00042 joined the contract")
        :return: the `construction.plan.change`, empty when nothing moved
        """
        self.ensure_one()
        if watched := self.env.cr.precommit.data.get(WATCHED, {}).get(self.id):
            # told here: the end of the transaction need not tell it again
            watched[0] = None
        after = self._get_plan_amounts()
        if before == after:
            return self.env["construction.plan.change"]
        content = self._render_plan_change(before, after)
        # reason of sudo: the history is written by the system, for whoever caused the change
        contract = self.sudo()
        contract.message_post(body=Markup("<p>%s</p>%s") % (reason, content))
        return contract.plan_change_ids.create(
            {
                "contract_id": self.id,
                "user_id": self.env.uid,
                "reason": reason,
                "amount_before": before.amount_total,
                "amount_after": after.amount_total,
                "content": content,
            }
        )

    def _watch_plan(self, reason):
        """Before a change: remember the plans of signed contracts, and tell at the end of the transaction what moved.

        Many small changes of one save are told once, by the first reason given.

        :param str reason: as for `_log_plan_change`
        """
        watched = self.env.cr.precommit.data.setdefault(WATCHED, {})
        # reason of sudo: only the state is taken
        for contract in self.sudo().filtered(lambda contract: contract.state in LIVE_STATES).sudo(False):
            if contract.id not in watched:
                watched[contract.id] = [contract._get_plan_amounts(), reason]
                self.env.cr.precommit.add(contract._tell_watched_plan)
            elif watched[contract.id][0] is None:
                watched[contract.id][:] = [contract._get_plan_amounts(), reason]

    def _tell_watched_plan(self):
        before, reason = self.env.cr.precommit.data.get(WATCHED, {}).pop(self.id, (None, None))
        if before is not None and self.exists():
            self._log_plan_change(before, reason)

    def _render_plan_change(self, before, after):
        """The rows that changed as a table: what, before, after, difference."""
        rows = []
        for row_id in {**before.lines, **after.lines}:
            old, new = before.lines.get(row_id), after.lines.get(row_id)
            if old != new:
                rows.append(self._render_plan_line(old, new))
        left = sum(line.amount for line in after.lines.values())
        total = self._render_cells(
            "th",
            self.env._("Contract"),
            self._format_plan_amount(before.amount_total),
            self._format_plan_amount(after.amount_total),
            self._format_plan_move(before.amount_total, after.amount_total),
        )
        head = self._render_cells(
            "th", self.env._("Instalment"), self.env._("Before"), self.env._("After"), self.env._("Difference")
        )
        table = Markup('<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody><tfoot>%s</tfoot></table>') % (
            head,
            Markup("").join(rows),
            total,
        )
        left = self.currency_id.round(after.amount_total - left)
        if not self.currency_id.is_zero(left):
            table += Markup("<p>%s</p>") % self.env._(
                "Left to plan: %(amount)s. Change an instalment, or let one of them take the rest.",
                amount=self._format_plan_amount(left),
            )
        return table

    def _render_plan_line(self, old, new):
        name = (new or old).name
        moved = self._format_plan_move(old.amount if old else 0.0, new.amount if new else 0.0)
        return self._render_cells("td", name, self._describe_plan_line(old), self._describe_plan_line(new), moved)

    def _describe_plan_line(self, line):
        if not line:
            return "–"
        amount = self._format_plan_amount(line.amount)
        return f"{amount} · {format_date(self.env, line.day)}" if line.day else amount

    def _format_plan_amount(self, amount):
        return self.currency_id.format(amount)

    def _format_plan_move(self, old, new):
        moved = self.currency_id.round(new - old)
        if self.currency_id.is_zero(moved):
            return ""
        return f"{'+' if moved > 0 else '−'}{self.currency_id.format(abs(moved))}"

    @staticmethod
    def _render_cells(tag, name, *figures):
        cell = Markup(f'<{tag} class="text-end">%s</{tag}>')
        # messages are narrow: a line may break between a figure and its day, never inside
        whole = Markup('<span class="text-nowrap">%s</span>')
        figures = [Markup(" · ").join(whole % part for part in text.split(" · ")) for text in figures]
        return Markup(f"<tr><{tag}>%s</{tag}>%s</tr>") % (name, Markup("").join(cell % text for text in figures))
