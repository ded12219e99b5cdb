from datetime import timedelta

from odoo import fields

from .step_common import StepCommon


class TenderCommon(StepCommon):
    """A deal to bid for, a bank, and bonds on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env["crm.lead"])
        cls.bank = cls.env["res.partner"].create({"name": "Timber Bank", "is_company": True})
        cls.kind_tender = cls.env.ref("construction_crm.mail_activity_type_tender")
        cls.kind_expiry = cls.env.ref("construction_crm.mail_activity_type_bond_expiry")
        cls.kind_ask_back = cls.env.ref("construction_crm.mail_activity_type_bond_ask_back")

    @classmethod
    def day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def moment(cls, days):
        """Noon, so that no time zone makes another day of it."""
        return fields.Datetime.to_datetime(cls.day(days)) + timedelta(hours=12)

    @classmethod
    def make_bond(cls, active=True, **values):
        bond = cls.env["construction.bond"].create(
            {
                "lead_id": cls.deal.id,
                "issuer_id": cls.bank.id,
                "number": "BB-1",
                "amount": 1200.0,
                "date_issued": cls.day(-90),
                "date_expiry": cls.day(90),
                "user_id": cls.salesperson.id,
                **values,
            }
        )
        if active:
            bond.action_activate()
        cls.env.flush_all()
        return bond

    def activities(self, record, kind):
        return record.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def ask(self, user=None, **values):
        """Write down a question about the tender."""
        return (
            self.env["construction.clarification"]
            .with_user(user or self.salesperson)
            .create({"lead_id": self.deal.id, "question": "Which tiles?", **values})
        )
