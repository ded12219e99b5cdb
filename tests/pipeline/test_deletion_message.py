from psycopg2.errors import ForeignKeyViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .step_common import StepCommon


@tagged("post_install", "-at_install")
class TestDeletionMessage(StepCommon):
    """Who deletes what our documents use reads a sentence, not the words of the database."""

    def _refuse(self, record, model):
        """Delete it, and return what the server makes of the refusal."""
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation) as refused:
            record.unlink()
            self.env.flush_all()
        return self.env[model]._sql_error_to_message(refused.exception)

    def test_a_user_who_owns_steps_is_to_be_archived(self):
        self.activate(user=self.manager, user_id=self.rival.id)
        message = self._refuse(self.rival, "construction.step")
        self.assertIn(self.rival.display_name, message)
        self.assertIn("Step of a Deal, “Responsible” (1)", message)
        self.assertIn("Archive it instead", message)
        for word in ("constraint", "model", "fkey", "construction_"):
            self.assertNotIn(word, message)

    def test_a_contact_that_stands_on_a_deal_is_to_be_archived(self):
        rival = self.env["res.partner"].create({"name": "Cheap Builders"})
        self.env["construction.competitor"].create({"lead_id": self.deal.id, "partner_id": rival.id})
        message = self._refuse(rival, "construction.competitor")
        self.assertIn("“Cheap Builders” cannot be deleted", message)

    def test_others_models_speak_as_in_stock(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation) as refused:
            self.env.cr.execute("UPDATE res_partner SET parent_id = -7 WHERE id = %s", [self.client.id])
        self.assertNotIn("cannot be deleted", self.env["res.partner"]._sql_error_to_message(refused.exception))
