from datetime import timedelta

from odoo import fields

from .common import ContractCommon


class FollowCommon(ContractCommon):
    """A signed contract whose advance is billed and late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.partner_a.email = "ana@example.com"
        cls.first_level, cls.second_level, cls.last_level = (
            cls.env.ref(f"construction_crm.reminder_level_{name}") for name in ("first", "second", "last")
        )
        cls.lead = cls._create_deal()
        cls.contract = cls._create_contract(lead=cls.lead)
        cls.contract.user_id = cls.salesman
        cls.advance, cls.half, cls.rest = cls.contract.instalment_ids
        cls._bill(cls.advance, late=10)

    @classmethod
    def _bill(cls, instalment, late, **values):
        """Invoice an instalment whose payment is so many days late (negative: due in the future)."""
        if instalment.state == "waiting":
            instalment.trigger_date = cls.today - timedelta(days=200)
        day = cls.today - timedelta(days=late)
        return cls._invoice(
            instalment,
            **{
                "invoice_date": min(day, cls.today),
                "invoice_payment_term_id": False,
                "invoice_date_due": day,
                **values,
            },
        )

    def _preview(self, instalments, user=None):
        """The rows of the preview of a reminder."""
        action = instalments.with_user(user or self.salesman).action_remind()
        record = self.env[action["res_model"]].with_user(user or self.salesman).browse(action["res_id"])
        return record if record._name == "construction.remind.client" else record.client_ids

    def _get_reminders(self, instalments):
        return instalments.reminder_line_ids.reminder_id

    def _get_mails(self, reminder):
        return self.env["mail.mail"].search([("model", "=", "construction.reminder"), ("res_id", "in", reminder.ids)])
