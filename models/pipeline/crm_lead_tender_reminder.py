from datetime import timedelta

from odoo import fields, models
from odoo.tools.misc import format_datetime

from .row_lock import touch


class ResCompany(models.Model):
    _inherit = "res.company"

    construction_tender_days = fields.Integer(
        string="Remind of Tenders Before the Deadline (Days)",
        default=3,
        help="Salespeople get an activity this many days before the deadline of a tender. Zero: never. "
        "Deadlines set before keep the activity they have.",
    )

    _construction_tender_days_not_negative = models.Constraint(
        "CHECK(construction_tender_days >= 0)",
        "Salespeople are reminded before a tender closes: give a number of days of zero or more.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    construction_tender_days = fields.Integer(related="company_id.construction_tender_days", readonly=False)


class CrmLead(models.Model):
    """The activity that reminds of a tender: made, moved and closed with its deadline."""

    _inherit = "crm.lead"

    def _remind_of_tenders(self, renew=False):
        """Bring the reminders of these deals in line with their deadlines.

        :param bool renew: make one also where none stands; else one that was done stays done
        """
        # sudo: a reminder follows from the deadline, whoever sets it, sends the quote or ends the deal
        deals = self.sudo().filtered("construction_type_id")
        kind = deals and self.env.ref("construction_crm.mail_activity_type_tender", raise_if_not_found=False)
        if not kind:
            return
        # Twice is once: two who set a deadline at the same moment make one reminder.
        touch(deals)
        activities = self.env["mail.activity"].sudo().search(deals._get_tender_reminder_domain(kind))  # as above
        by_deal = activities.grouped("res_id")
        to_make, many = [], len(deals) > 1
        for deal in deals:
            standing = by_deal.get(deal.id, activities.browse())
            values = deal._prepare_tender_reminder(kind)
            if not values:
                deal._close_tender_reminder(standing)
            elif standing:
                standing[1:].unlink()
                standing[:1]._change_reminder(values)
            elif renew:
                to_make.append(values)
        if to_make:
            # Of many at once each is told by the list of his activities, not by a mail for each.
            activities.with_context(mail_activity_quick_update=many).create(to_make)

    def _get_tender_reminder_domain(self, kind):
        return [("res_model", "=", "crm.lead"), ("res_id", "in", self.ids), ("activity_type_id", "=", kind.id)]

    def _prepare_tender_reminder(self, kind):
        """Values of the activity that reminds of this tender; None where there is nothing to remind of."""
        self.ensure_one()
        days = (self.company_id or self.user_id.company_id or self.env.company).construction_tender_days
        owner = self.user_id
        if not (days and owner and self._is_tender_open() and self.date_tender > fields.Datetime.now()):
            return None
        local = self.with_context(tz=owner.tz or self.env.user.tz, lang=owner.lang)
        day = fields.Datetime.context_timestamp(local, self.date_tender).date() - timedelta(days=days)
        when = format_datetime(local.env, self.date_tender, tz=local.env.context["tz"], dt_format="short")
        return {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.id,
            "activity_type_id": kind.id,
            "summary": kind.with_context(lang=owner.lang).summary,
            "note": local.env._("The offer has to be handed in by %(date)s.", date=when),
            "date_deadline": max(day, fields.Date.context_today(local)),
            "user_id": owner.id,
            "automated": True,
        }

    def _close_tender_reminder(self, activities):
        """The reminder is done once the offer is handed in, and pointless otherwise."""
        if activities and self.active and self.date_tender and self.date_tender_sent:
            activities.action_feedback(feedback=self.env._("The offer was handed in."))
        else:
            activities.unlink()


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _change_reminder(self, values):
        """Bring a standing reminder in line with these values of a new one."""
        self.ensure_one()
        stands = (self.date_deadline, self.user_id.id)
        if stands != (values["date_deadline"], values["user_id"]) or values["note"] not in (self.note or ""):
            self.write({name: values[name] for name in ("date_deadline", "user_id", "note")})
