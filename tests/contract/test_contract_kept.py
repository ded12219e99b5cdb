from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractKept(ContractCommon):
    """What the client signed is kept as a print, once, and stays as it was."""

    def _sign(self, contract, state="ok"):
        with patch.object(IrActionsReport, "get_wkhtmltopdf_state", lambda self: state):
            contract.action_sign()
        return contract.signed_attachment_id

    def test_signing_keeps_the_print_and_tells_it_in_the_chatter(self):
        contract = self._create_contract(sign=False)
        document = self._sign(contract.with_user(self.salesman))
        self.assertRecordValues(document, [{"res_model": "construction.contract", "res_id": contract.id}])
        self.assertIn(contract.name.replace("/", "-"), document.name)
        self.assertIn(contract.name, document.sudo().raw.decode())
        self.assertNotIn("Draft, not signed yet", document.sudo().raw.decode())
        self.assertIn(f"/web/content/{document.id}", contract.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "its state is"):
            contract.action_sign()
        self.assertEqual(contract.signed_attachment_id, document)
        self.assertEqual(contract.action_open_signed()["url"], f"/web/content/{document.id}")

    def test_in_real_life_it_is_a_pdf(self):
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() in ("install", "broken"):
            self.skipTest("wkhtmltopdf is not there to print with.")
        contract = self._create_contract(sign=False).with_context(force_report_rendering=True)
        contract.action_sign()
        self.assertEqual(contract.signed_attachment_id.raw[:4], b"%PDF")

    def test_nobody_changes_or_deletes_it(self):
        contract = self._create_contract(sign=False)
        document = self._sign(contract)
        changes = (
            lambda: document.write({"raw": b"forged"}),
            lambda: document.write({"res_field": False}),
            document.unlink,
        )
        for user in (self.salesman, self.sale_manager, self.env.user):
            for change in changes:
                document = document.with_user(user)
                with self.assertRaisesRegex(UserError, "kept as it was"):
                    change()
        for values in ({"signed_attachment_id": False}, {"signed_attachment_id": document.copy().id}):
            with self.assertRaisesRegex(UserError, "buttons"):
                contract.with_user(self.sale_manager).write(values)

    def test_it_is_for_those_who_may_print_contracts(self):
        contract = self._create_contract(sign=False)
        document = self._sign(contract)
        for user in (self.salesman, self.accountant, self.auditor):
            self.assertTrue(document.with_user(user).raw)
            self.assertTrue(contract.with_user(user).signed_attachment_id)
        for user in (self.project_user, self.surveyor):
            with self.assertRaises(AccessError):
                document.with_user(user).check_access("read")
        with self.assertRaises(AccessError):
            contract.with_user(self.project_user).read(["signed_attachment_id"])
        with self.assertRaises(AccessError):
            document.with_user(self.other_salesman).check_access("read")

    def test_a_contract_reset_marks_it_as_withdrawn_and_signs_anew(self):
        contract = self._create_contract(sign=False)
        first = self._sign(contract)
        contract.with_user(self.salesman).action_draft()
        self.assertFalse(contract.signed_attachment_id)
        self.assertTrue(first.exists())
        self.assertTrue(first.name.startswith("Withdrawn"))
        second = self._sign(contract)
        self.assertNotEqual(first, second)
        self.assertFalse(second.name.startswith("Withdrawn"))
        self.assertFalse(contract.copy().signed_attachment_id)

    def test_a_server_that_cannot_print_still_signs(self):
        contract = self._create_contract(sign=False)
        self.assertFalse(self._sign(contract, state="install"))
        self.assertEqual(contract.state, "signed")
