from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ContractCommon

FIVE_SUMS = ["amount_contract", "amount_invoiced", "amount_collected", "amount_overdue", "amount_to_invoice"]


@tagged("post_install", "-at_install")
class TestContractRoles(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_deal()
        cls.contract = cls._create_contract(lead=cls.lead)
        cls.first, cls.second, cls.last = cls.contract.instalment_ids

    def _open(self, record, user, view_type="form"):
        """What the web client does to open a form: the view, then every field of it."""
        record = record.with_user(user).with_context(lang="en_US")
        record.invalidate_recordset()
        views = record.get_views([(False, view_type)])
        arch = views["views"][view_type]["arch"]
        specification = {}
        for name in views["models"][record._name]["fields"]:
            if f'name="{name}"' in arch:
                is_many = record._fields[name].type in ("one2many", "many2many")
                specification[name] = {"fields": {"display_name": {}}} if is_many else {}
        return record.web_read(specification)

    def test_salesperson_makes_and_signs_the_contract_of_the_own_deal(self):
        order = self._create_order(self.lead).with_user(self.salesman)
        order.action_create_contract()
        order.contract_id.action_sign()
        self.assertEqual(order.contract_id.state, "signed")

    def test_salesperson_cannot_invoice(self):
        for user in (self.salesman, self.sale_manager):
            with self.assertRaisesRegex(AccessError, "invoicing rights"):
                self.first.with_user(user).action_invoice()
        self.assertFalse(self.first.invoice_ids)

    def test_who_only_reads_can_neither_invoice_nor_collect(self):
        for user in (self.auditor, self.project_user):
            first = self.first.with_user(user)
            with self.assertRaisesRegex(AccessError, "invoicing rights"):
                first.action_invoice()
            with self.assertRaisesRegex(AccessError, "invoicing rights"):
                first.action_collect()
            with self.assertRaises(AccessError):
                self.env["construction.collect"].with_user(user).create({"instalment_id": first.id})
            with self.assertRaises(AccessError):
                first._collect("x", self.company_data["default_journal_bank"], 1, first.currency_id, "2026-01-01")
        self.assertFalse(self.first.invoice_ids)

    def test_accountant_without_crm_or_sales_rights_invoices_and_collects(self):
        for instalment in self.contract.instalment_ids.with_user(self.accountant):
            instalment.action_invoice()
            move = instalment.invoice_ids
            self.assertFalse(move.env.su)
            move.invoice_date = fields.Date.context_today(move)
            move.action_post()
            wizard = (
                self.env["construction.collect"]
                .with_user(self.accountant)
                .with_context(default_instalment_id=instalment.id)
                .create({"journal_id": self.company_data["default_journal_bank"].id})
            )
            wizard.action_collect()
            self.assertEqual(instalment.state, "collected")
        self.assertEqual(self.lead.amount_collected, 1210.0)

    def test_accountant_opens_the_deal_from_the_invoice_and_the_invoices_from_the_deal(self):
        move = self._invoice(self.first).with_user(self.accountant)
        action = move.action_view_lead()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", self.lead.id))
        for user in (self.accountant, self.auditor):
            lead = self.lead.with_user(user)
            self._open(lead, user)
            self._open(self.contract, user)
            self._open(self.first, user)
            self._open(move, user)
            action = lead.action_view_deal_invoices()
            self.assertEqual(self.env["account.move"].with_user(user).search(action["domain"]), move)
            self.env["account.move"].with_user(user).get_views([(view[0], view[1]) for view in action["views"]])
            action = lead.action_view_contracts()
            self.assertEqual(action["res_id"], self.contract.id)
            with self.assertRaises(AccessError):
                lead.name = "Other"
            with self.assertRaises(AccessError):
                self.contract.with_user(user).date_end = "2030-01-01"

    def test_all_roles_read_the_same_five_sums(self):
        self._invoice(self.first)
        self._collect(self.first, 100)
        expected = {
            "amount_contract": 1210.0,
            "amount_invoiced": 363.0,
            "amount_collected": 100.0,
            "amount_overdue": 0.0,
            "amount_to_invoice": 847.0,
        }
        for user in (self.salesman, self.sale_manager, self.accountant, self.auditor):
            lead = self.lead.with_user(user)
            lead.invalidate_recordset()
            self.assertEqual({name: lead[name] for name in FIVE_SUMS}, expected, user.login)

    def test_salesperson_sees_states_of_the_own_deal_without_accounting_rights(self):
        self._invoice(self.first)
        self._collect(self.first, 100)
        self._open(self.lead, self.salesman)
        self._open(self.contract, self.salesman)
        self._open(self.first, self.salesman)
        first = self.first.with_user(self.salesman)
        self.assertEqual((first.state, first.amount_collected), ("partial", 100))
        self.assertEqual(first.collection_ids.amount, 100)

    def test_salesperson_sees_only_own_contracts(self):
        self._collect(self.first, 100)
        for model in ("construction.contract", "construction.instalment", "construction.collection"):
            mine = self.env[model].with_user(self.salesman).search([])
            self.assertTrue(mine)
            self.assertFalse(self.env[model].with_user(self.other_salesman).search([("id", "in", mine.ids)]))
            self.assertTrue(self.env[model].with_user(self.sale_manager).search([("id", "in", mine.ids)]))
        with self.assertRaises(AccessError):
            self.contract.with_user(self.other_salesman).read(["name"])

    def test_project_user_reads_contracts_and_changes_nothing(self):
        contract = self.contract.with_user(self.project_user)
        self.assertEqual(contract.read(["name"])[0]["name"], self.contract.name)
        self._open(self.contract, self.project_user)
        with self.assertRaises(AccessError):
            contract.date_end = "2030-01-01"
        with self.assertRaises(AccessError):
            self._create_contract(sign=False).with_user(self.project_user).action_sign()

    def test_surveyor_sees_no_money(self):
        for model in ("construction.contract", "construction.instalment", "construction.collection"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.surveyor).search([])

    def test_companies_are_kept_apart(self):
        other = self.setup_other_company()["company"]
        self.accountant.company_ids += other
        contracts = self.env["construction.contract"].with_user(self.accountant)
        self.assertTrue(contracts.search([("id", "=", self.contract.id)]))
        self.assertFalse(contracts.with_context(allowed_company_ids=other.ids).search([("id", "=", self.contract.id)]))

    def test_salesperson_cannot_sign_for_another(self):
        draft = self._create_contract(sign=False)
        with self.assertRaises(AccessError):
            draft.with_user(self.other_salesman).action_sign()
        self.assertEqual(draft.state, "draft")
