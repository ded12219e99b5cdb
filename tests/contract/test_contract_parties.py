from odoo.tests import Form, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractParties(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_a.email = "client@example.com"
        cls.architect = cls.env["res.partner"].create({"name": "Bureau", "email": "bureau@example.com"})
        cls.payer = cls.env["res.partner"].create({"name": "Bank", "email": "bank@example.com"})
        cls.lead = cls._create_deal()
        roles = {"architect": cls.architect, "payer": cls.payer}
        cls.env["construction.party"].create(
            [
                {
                    "lead_id": cls.lead.id,
                    "partner_id": partner.id,
                    "role_id": cls.env.ref(f"construction_crm.party_role_{role}").id,
                }
                for role, partner in roles.items()
            ]
        )

    def test_invoices_of_the_plan_go_to_the_parties_that_get_invoices(self):
        contract = self._create_contract(lead=self.lead)
        move = self._invoice(contract.instalment_ids[0])
        wizard = self.env["account.move.send.wizard"].with_user(self.accountant).create({"move_id": move.id})
        self.assertEqual(wizard.mail_partner_ids, self.partner_a | self.payer)

    def test_other_invoices_go_to_their_customer_only(self):
        move = self.init_invoice("out_invoice", partner=self.partner_a, amounts=[10], post=True)
        wizard = self.env["account.move.send.wizard"].create({"move_id": move.id})
        self.assertEqual(wizard.mail_partner_ids, self.partner_a)

    def test_quotes_go_to_the_parties_that_get_quotes(self):
        order = self._create_order(self.lead).with_user(self.salesman)
        action = order.action_quotation_send()
        composer = Form(self.env[action["res_model"]].with_user(self.salesman).with_context(**action["context"])).save()
        self.assertEqual(composer.partner_ids - self.salesman.partner_id, self.partner_a | self.architect)
