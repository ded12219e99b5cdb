from odoo import fields, models
from odoo.tools import format_date

from .construction_instalment import BILLED_STATES


class ConstructionInstalment(models.Model):
    """The events that make an instalment due."""

    _inherit = "construction.instalment"

    # === HOOKS === #

    def _awaits(self, kind, **details):
        """Whether this instalment still waits for the event. See `_matches_event`."""
        self.ensure_one()
        return self.trigger == kind and not self.date_event and self._matches_event(kind, **details)

    def _matches_event(self, kind, **details):
        """Whether the event is the one meant by this instalment, its kind being right.

        Rooms that add a kind compare their `details` (this stage, that percentage) here.
        """
        return True

    def _fire(self, date=None):
        """The event happened: count the date due from it and tell the invoicing person.

        :param date: the day of the event, today when empty
        """
        self.date_event = date or fields.Date.context_today(self)
        self._schedule_due()

    def _unfire(self):
        """The event is undone: what is not invoiced waits again.

        :return: the instalments that wait again
        """
        open_rows = self.filtered(lambda instalment: instalment.state not in BILLED_STATES)
        open_rows.date_event = False
        # reason of sudo: the activity is the invoicing person's
        open_rows.sudo().activity_id.unlink()
        return open_rows

    def _describe_wait(self):
        """What this instalment waits for, for messages. Rooms that add a kind describe it here."""
        self.ensure_one()
        if self.date_due:
            return self.env._("the %(date)s", date=format_date(self.env, self.date_due))
        if self.trigger == "signature":
            return self.env._("the signature of the contract")
        labels = dict(self._fields["trigger"]._description_selection(self.env))
        return self.env._("the event “%(event)s”", event=labels[self.trigger])

    def _describe_due(self):
        """When this instalment is to be paid, as the client reads it. Rooms that add a kind describe it here."""
        self.ensure_one()
        if self.date_due:
            return format_date(self.env, self.date_due)
        if self.trigger == "signature":
            return self._describe_delay(self.env._("At signature"))
        labels = dict(self._fields["trigger"]._description_selection(self.env))
        return self._describe_delay(labels[self.trigger])

    def _describe_delay(self, event):
        if not self.delay_days:
            return event
        return self.env._("%(event)s, after %(days)s days", event=event, days=self.delay_days)
