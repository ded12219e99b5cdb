from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestReason(QuoteCommon):
    """The window that asks for a reason takes the steps its models list, as the user who confirms, and no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.make_sent_quote()

    def _ask(self, user=None, **values):
        values = {"res_model": "sale.order", "res_ids": self.quote.ids, "step": "revise", "reason": "Cheaper", **values}
        return self.env["construction.reason"].with_user(user or self.salesperson).create(values)

    def test_a_step_that_no_model_lists_is_not_taken(self):
        for values in (
            {"step": "unlink"},
            {"step": "action_revise"},
            {"res_model": "res.partner", "res_ids": self.quote.partner_id.ids},
            {"res_model": "res.partner", "res_ids": self.quote.partner_id.ids, "step": "unlink"},
            {"res_model": "construction.reason.mixin"},
            {"res_model": "no.such.model"},
        ):
            with self.subTest(values=values), self.assertRaisesRegex(AccessError, "cannot be done here"):
                self._ask(**values).action_confirm()
        self.assertTrue(self.quote.exists())

    def test_a_step_is_taken_with_the_rights_of_the_user(self):
        with self.assertRaises(AccessError):
            self._ask(self.surveyor).action_confirm()
        with self.assertRaisesRegex(UserError, "Write the reason"):
            self._ask(reason="  ").action_confirm()
        action = self._ask().action_confirm()
        revision = self.env["sale.order"].browse(action["res_id"])
        self.assertRecordValues(revision, [{"previous_revision_id": self.quote.id, "revision_reason": "Cheaper"}])

    def test_the_window_says_what_the_step_brings(self):
        action = self.quote.with_user(self.salesperson).action_ask_revise()
        window = self.env["construction.reason"].with_user(self.salesperson).with_context(**action["context"]).new()
        self.assertEqual(window.button, "Revise")
        self.assertIn("holds until the revision is sent", window.hint)
