from odoo import models


class ConstructionContract(models.Model):
    """What would become due if something happened. Nothing is written, and nothing is tried out and taken back."""

    _inherit = "construction.contract"

    def action_what_if(self):
        """Ask what would become due if something happened."""
        self.ensure_one()
        return self._open_plan_question("construction.plan.what.if", self.env._("What Becomes Due If…"))

    def _list_due_if(self, events, until=None):
        """The instalments that would become due.

        :param list events: what would happen, each (kind, day, details as for `_raise_event`)
        :param until: and what becomes due by itself up to this day
        :return: list of (instalment, day), by day
        """
        found = []
        for row in self.instalment_ids.filtered(lambda row: row.state == "waiting" and row.amount):
            days = [row._add_delay(day) for kind, day, details in events if row._awaits(kind, **details)]
            if row.date_due and until and row.date_due <= until:
                days.append(row.date_due)
            if days:
                found.append((row, min(days)))
        return sorted(found, key=lambda pair: (pair[1], pair[0].contract_id.id, pair[0].sequence, pair[0].id))

    def _list_moved_if(self, shifts):
        """The instalments that would be expected on another day.

        :param dict shifts: record (see `construction.instalment._get_day_planned`) → days it slips
        :return: list of (instalment, day as expected now, day then), by the day then
        """
        found = []
        for row in self.instalment_ids.filtered(lambda row: row.state in ("waiting", "due") and row.amount):
            before, after = row.date_expected, row._get_date_expected(shifts)
            if before != after:
                found.append((row, before, after))
        return sorted(found, key=lambda found: (found[2], found[0].contract_id.id, found[0].sequence, found[0].id))
