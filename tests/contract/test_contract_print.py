from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ContractCommon

REPORT = "construction_crm.action_report_construction_contract"


@tagged("post_install", "-at_install")
class TestContractPrint(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_a.email = "client@example.com"
        cls.contract = cls._create_contract(sign=False)
        cls.contract.write(
            {
                "penalty_own_percent": 0.1,
                "penalty_own_cap": 10,
                "retention_percent": 5,
                "defect_repair_days": 15,
                "body": "<p>{client_name} pays {amount_words}.</p>",
                "service_terms": "<p>Two visits a year.</p>",
                "delivery_ids": [Command.create({"name": "Windows", "quantity": 4})],
            }
        )

    def _print(self, contract, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.salesman)
        html = report._render_qweb_html(REPORT, contract.ids)[0].decode()
        return " ".join(html.replace("\xa0", " ").replace("\u200b", "").split())

    def test_the_contract_says_what_was_agreed(self):
        html = self._print(self.contract)
        for text in (
            self.contract.name,
            "Draft, not signed yet",
            "One Thousand, Two Hundred And Ten".lower(),
            "Settlement",
            "Windows",
            "at most 10 % of it",
            "within 15 days",
            "24 months",
            "5 % of the contract",
            "Two visits a year",
            f"Represented by {self.partner_a.name}",
        ):
            self.assertIn(text.lower(), html.lower())
        self.contract.action_sign()
        self.assertNotIn("Draft, not signed yet", self._print(self.contract))

    def test_the_contract_is_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        html = self._print(self.contract)
        self.assertIn("mille deux cent dix", html.lower())

    def test_works_add_up_to_the_value_and_leave_out_what_was_not_bought(self):
        order = self.contract.order_ids
        section = {"display_type": "line_section", "name": "Walls"}
        extra = self._create_order(
            self.contract.lead_id,
            prices=((1, 100.0), (2, 50.0)),
        )
        extra.action_add_to_contract()
        rows = self.contract._get_work_rows()
        self.assertEqual([row["kind"] for row in rows], ["order", "chapter", "order", "chapter", "chapter"])
        total = sum(row["amount"] for row in rows if row["kind"] == "chapter")
        self.assertAlmostEqual(total, self.contract.amount_total)
        other = self.env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "opportunity_id": self.contract.lead_id.id,
                "order_line": [
                    Command.create(section),
                    Command.create({"product_id": self.works.id, "price_unit": 10}),
                    Command.create({**section, "name": "Pool"}),
                    Command.create({"product_id": self.works.id, "price_unit": 10, "product_uom_qty": 0}),
                ],
            }
        )
        other.action_confirm()
        other.action_add_to_contract()
        names = [row["name"] for row in self.contract._get_work_rows()]
        self.assertIn("Walls", names)
        self.assertNotIn("Pool", names)
        self.assertTrue(order)

    def test_variations_are_told(self):
        self.contract.action_sign()
        self.assertNotIn("variations since then", self._print(self.contract))
        self._create_order(self.contract.lead_id).action_add_to_contract()
        self.assertIn("variations since then", self._print(self.contract))

    def test_whoever_may_print_prints(self):
        self.contract.action_sign()
        for user in (self.salesman, self.sale_manager, self.accountant, self.auditor):
            self.assertIn(self.contract.name, self._print(self.contract, user))

    def test_a_mail_to_the_client_leads_to_the_portal(self):
        contract = self.contract.with_user(self.salesman)
        action = contract.action_send()
        self.assertTrue(contract.access_token)
        composer = Form(self.env[action["res_model"]].with_user(self.salesman).with_context(**action["context"])).save()
        self.assertEqual(composer.partner_ids, self.partner_a)
        self.assertIn(contract.access_token, composer.body)
        self.assertTrue(composer.attachment_ids)
        self.assertFalse(contract.date_sent)
        composer.action_send_mail()
        self.assertTrue(contract.date_sent)
        self.assertEqual(contract.state, "draft")

    def test_rendering_the_mail_writes_nothing(self):
        template = self.env.ref("construction_crm.mail_template_contract")
        self.env.flush_all()
        template._render_field("body_html", self.contract.ids)
        template._render_field("subject", self.contract.ids)
        self.assertFalse(self.contract.access_token)
