from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command
from odoo.tools import format_date

from .row_lock import take


class CrmLead(models.Model):
    """From a name on a list to a deal somebody works on."""

    _inherit = "crm.lead"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """A lead with a construction type waits for activation, whichever screen it is entered on."""
        for vals in vals_list:
            if vals.get("type") == "lead" and vals.get("construction_type_id"):
                vals.setdefault("is_activated", False)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("construction_type_id") and "is_activated" not in vals:
            # A stock lead becomes one of construction by its type: nobody has taken it on as such.
            fresh = self.filtered(lambda lead: lead.type == "lead" and not lead.construction_type_id)
            if fresh:
                super(CrmLead, fresh).write({"is_activated": False})
        return super().write(vals)

    # === ACTION === #

    def action_activate_lead(self):
        """Ask who takes these leads on, when the first contact is and with which step they begin.

        On a deal that is activated already, it opens a step where none is open.

        :return: the action of the dialog
        :raises UserError: there is nothing left to activate
        """
        deals = self.filtered(lambda lead: lead._can_open_step())
        if not deals:
            raise UserError(
                self.env._(
                    "Nothing to activate here: these are won, lost, activated already, or no construction deals."
                )
            )
        deals.check_access("write")
        if all(deals.mapped("is_activated")):
            deals._check_step_types()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open a Step") if all(deals.mapped("is_activated")) else self.env._("Activate"),
            "res_model": "construction.lead.activate",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lead_ids": deals.ids},
        }

    # === BUSINESS === #

    def _can_open_step(self):
        """Whether this is a construction deal, neither won nor lost, without an open step."""
        self.ensure_one()
        return bool(self.construction_type_id and self.active and self.won_status == "pending" and not self.step_id)

    def _check_step_types(self):
        """Refuse to open a step where there is none in use.

        :raises UserError: no step which all of these deals take; leads whoever may change that there
        """
        if self._get_common_step_types():
            return
        message = self.env._(
            "There is no step in use that these deals take. A sales manager adds steps under Configuration, Step Types."
        )
        if self.env["construction.step.type"].has_access("create"):
            action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_step_type_action")
            raise RedirectWarning(message, action, self.env._("Step Types"))
        raise UserError(message)

    def _get_common_step_types(self):
        """The step types which all these deals take, in their order."""
        kinds = self.env["construction.step.type"].search([("active", "=", True)])
        return kinds.filtered(lambda kind: all(kind._applies_to(lead) for lead in self))

    def _activate(self, kind, user, date_deadline, priority=None, start=None):
        """Take these deals on: responsible, priority, first step with its activity, and the meeting when it has a time.

        Twice is once: deals which somebody has taken on meanwhile stay as they are.

        :param kind: the construction.step.type they begin with; empty in a firm that works without steps, where the
            first contact is planned alone
        :param user: responsible, and owner of the first step
        :param date date_deadline: the day of the first contact
        :param str priority: as on the deal; None leaves it
        :param datetime start: UTC; with it the contact stands in the calendar
        :return: the steps opened, with sudo
        """
        self.check_access("write")
        take(self)
        deals = self.filtered(lambda lead: lead._can_open_step() and (kind or not lead.is_activated))
        if not deals:
            return self.env["construction.step"]
        # sudo: whoever hands a deal over to a colleague may not see it from then on
        deals = deals.sudo()
        fresh = deals.filtered(lambda lead: not lead.is_activated)
        # Who has a deal already is not told again that it is his.
        deals.filtered(lambda lead: lead.user_id != user).write({"user_id": user.id})
        if priority is not None:
            deals.write({"priority": priority})
        fresh.write({"is_activated": True, "date_activated": fields.Datetime.now()})
        if len(deals) > 1:
            # Of many at once the new owner is told by the list of his activities, not by a mail for each.
            deals = deals.with_context(mail_activity_quick_update=True)
        steps = self.env["construction.step"]
        if kind:
            steps = deals._open_steps(kind, user=user, date_deadline=date_deadline)
            if start:
                steps._schedule_meetings(start)
        else:
            deals._plan_first_contact(user, date_deadline, start)
        deals._log_activation(kind, user, date_deadline, fresh)
        return steps

    def _plan_first_contact(self, user, day, start=None):
        """Put the first contact of these deals among the activities of that user, without any step.

        :param datetime start: UTC; with it the contact stands in the calendar
        """
        summary = self.env._("First contact")
        activities = self.activity_schedule(
            "mail.mail_activity_data_call", date_deadline=day, user_id=user.id, summary=summary
        )
        if start:
            activity_by_lead = {activity.res_id: activity for activity in activities}
            self.env["calendar.event"].with_context(no_mail_to_attendees=True).create(
                [
                    lead._prepare_meeting_values(f"{summary}: {lead.name}", user, start, activity_by_lead[lead.id])
                    for lead in self
                ]
            )

    def _prepare_meeting_values(self, name, user, start, activity):
        """Values of the calendar event of that activity: with its user alone, nobody else is invited.

        :param datetime start: UTC
        """
        self.ensure_one()
        return {
            "name": name,
            "start": start,
            "stop": start + timedelta(hours=1),
            "user_id": user.id,
            "partner_ids": [Command.set(user.partner_id.ids)],
            "opportunity_id": self.id,
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.id,
            "activity_ids": [Command.set(activity.ids)],
            "location": self.site_id.contact_address_inline or False,
        }

    def _log_activation(self, kind, user, date_deadline, fresh):
        day = format_date(self.env, date_deadline)
        if not kind:
            body = self.env._("Activated: first contact by %(owner)s on %(day)s.", owner=user.name, day=day)
            self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
            return
        activated = self.env._(
            "Activated: %(owner)s begins with “%(step)s” on %(day)s.", owner=user.name, step=kind.name, day=day
        )
        opened = self.env._(
            "Step “%(step)s” opened for %(owner)s until %(day)s.", owner=user.name, step=kind.name, day=day
        )
        self._message_log_batch(bodies={lead.id: activated if lead in fresh else opened for lead in self})
