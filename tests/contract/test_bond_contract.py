from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestBondContract(ContractCommon):
    """The bonds of a contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.deal = cls.contract.lead_id
        cls.today = fields.Date.context_today(cls.contract)

    def _bond(self, active=True, **values):
        bond = self.env["construction.bond"].create(
            {
                "lead_id": self.deal.id,
                "kind": "performance",
                "issuer_id": self.partner_b.id,
                "number": "PB-1",
                "amount": 121.0,
                "date_issued": self.today,
                "date_expiry": self.today + relativedelta(months=6),
                **values,
            }
        )
        if active:
            bond.action_activate()
        self.env.flush_all()
        return bond

    def test_the_only_contract_is_proposed_but_not_for_a_bid(self):
        self.assertEqual(self._bond().contract_id, self.contract)
        self.assertFalse(self._bond(kind="bid").contract_id)
        self._create_contract(lead=self.deal)
        self.assertFalse(self._bond(number="PB-2").contract_id, "one of two is not chosen")

    def test_from_the_contract_everything_is_filled_in(self):
        action = self.contract.with_user(self.salesman).action_view_bonds()
        form = Form(self.env["construction.bond"].with_user(self.salesman).with_context(**action["context"]))
        form.percent = 10
        bond = form.save()
        self.assertRecordValues(
            bond,
            [
                {
                    "kind": "performance",
                    "lead_id": self.deal.id,
                    "contract_id": self.contract.id,
                    "partner_id": self.contract.partner_id.id,
                    "currency_id": self.contract.currency_id.id,
                    "amount": self.contract.currency_id.round(self.contract.amount_total / 10),
                }
            ],
        )
        self.assertEqual(self.env["construction.bond"].search(action["domain"]), bond)

    def test_a_contract_without_a_deal_has_bonds_too(self):
        order = self._create_order(None)
        contract = self.env["construction.contract"].create(
            {"partner_id": self.partner_a.id, "user_id": self.salesman.id}
        )
        order._set_contract(contract)
        form = Form(self.env["construction.bond"].with_user(self.salesman))
        form.contract_id = contract
        self.assertFalse(form.lead_id)
        bond = form.save()
        self.assertEqual((bond.partner_id, bond.company_id), (self.partner_a, contract.company_id))
        self.assertTrue(bond.with_user(self.salesman).has_access("write"))
        self.assertFalse(bond.with_user(self.other_salesman).has_access("read"))
        with self.assertRaisesRegex(UserError, "has the bond"):
            contract.unlink()

    def test_the_deal_follows_from_the_contract_and_must_agree(self):
        bond = self._bond(lead_id=False, contract_id=self.contract.id)
        self.assertEqual(bond.lead_id, self.deal)
        with self.assertRaisesRegex(ValidationError, "of another deal"):
            self._bond(lead_id=self._create_deal().id, contract_id=self.contract.id)

    def test_it_can_be_asked_back_when_what_it_secures_is_over(self):
        bonds = self._bond() | self._bond(kind="warranty") | self._bond(kind="other")
        performance, warranty, _other = bonds
        Bond, domain = self.env["construction.bond"], [("id", "in", bonds.ids), ("can_be_asked_back", "=", True)]

        def find(user):
            self.env.flush_all()
            self.env.invalidate_all()
            mine = Bond.with_user(user)
            found = mine.search(domain)
            self.assertEqual(bonds.with_user(user).filtered("can_be_asked_back"), found)
            return found

        self.assertFalse(find(self.accountant))
        self.contract.date_end = self.today
        self.contract.action_complete()
        self.assertEqual(find(self.accountant), performance)
        self.contract.write(
            {
                "date_start": self.today - relativedelta(years=4),
                "date_end": self.today - relativedelta(months=25),
            }
        )
        self.assertEqual(find(self.salesman), performance | warranty)
        performance._return(self.today)
        self.assertEqual(find(self.accountant), warranty)

    def test_a_contract_with_a_bond_out_is_not_deleted(self):
        contract = self._create_contract(sign=False)
        bond = self._bond(lead_id=contract.lead_id.id, contract_id=contract.id)
        with self.assertRaisesRegex(UserError, "mark it as returned"):
            contract.unlink()
        bond._return(self.today)
        contract.unlink()
        self.assertTrue(bond.exists())
        self.assertFalse(bond.contract_id)

    def test_another_currency_of_the_contract_is_that_of_its_bonds(self):
        other = self.setup_other_currency("EUR")
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": other.id})
        contract = self._create_contract(lead=self._create_deal(), pricelist_id=pricelist.id)
        bond = self._bond(active=False, lead_id=contract.lead_id.id)
        self.assertEqual((bond.contract_id, bond.currency_id), (contract, other))

    def test_the_roles_on_a_contract(self):
        bond = self._bond(user_id=self.sale_manager.id)
        for user, reads in (
            (self.salesman, True),
            (self.accountant, True),
            (self.auditor, True),
            (self.other_salesman, False),
            (self.project_user, False),
            (self.surveyor, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(bond.with_user(user).has_access("read"), reads)

    def test_another_company_has_its_own(self):
        company = self.env["res.company"].create({"name": "Other firm"})
        bond = self._bond()
        self.sale_manager.company_ids = [Command.link(company.id)]
        manager = bond.with_user(self.sale_manager)
        self.assertFalse(manager.with_context(allowed_company_ids=company.ids).has_access("read"))
        self.assertTrue(manager.with_context(allowed_company_ids=self.env.company.ids).has_access("read"))
