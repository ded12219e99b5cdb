from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..query_count import count_queries
from .tender_common import TenderCommon


@tagged("post_install", "-at_install")
class TestBond(TenderCommon):
    """A bond from the request to its return."""

    def _act(self, bonds, method, user=None, **values):
        """Press a button that asks for a day, and answer."""
        action = getattr(bonds.with_user(user or self.salesperson), method)()
        wizard = self.env[action["res_model"]].with_user(user or self.salesperson).with_context(**action["context"])
        wizard.create(values).action_apply()

    def test_the_deal_proposes_client_company_and_currency(self):
        form = Form(self.env["construction.bond"].with_user(self.salesperson))
        form.lead_id = self.deal
        self.assertEqual(form.partner_id, self.client)
        bond = form.save()
        self.assertRecordValues(
            bond,
            [
                {
                    "state": "requested",
                    "kind": "bid",
                    "company_id": self.env.company.id,
                    "currency_id": self.env.company.currency_id.id,
                    "user_id": self.salesperson.id,
                    "alert_days": 30,
                }
            ],
        )

    def test_a_percentage_proposes_the_amount_which_can_be_changed(self):
        self.deal.expected_revenue = 33333.33
        bond = self.make_bond(active=False, amount=0, percent=2)
        self.assertEqual(bond.amount, 0, "what is typed is typed")
        bond.percent = 1.5
        self.assertEqual(bond.amount, 500.0, "to the cent: 499.99995")
        bond.amount = 510
        self.assertEqual(bond.amount, 510)
        bond.action_activate()
        self.deal.expected_revenue = 90000
        bond.lead_id = self.make_deal(expected_revenue=1)
        self.assertEqual(bond.amount, 510, "what stands on the paper follows no deal")

    def test_another_currency_is_converted(self):
        euro = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
        if euro == self.env.company.currency_id:
            euro = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "USD")])
        euro.active = True
        self.env["res.currency.rate"].create(
            {"name": self.day(-400), "currency_id": euro.id, "rate": 0.5, "company_id": self.env.company.id}
        )
        self.deal.expected_revenue = 1000
        bond = self.make_bond(active=False, currency_id=euro.id)
        bond.percent = 10
        self.assertEqual((bond.currency_id, bond.amount), (euro, 50.0))

    def test_only_a_complete_bond_is_activated(self):
        bond = self.env["construction.bond"].with_user(self.salesperson).create({"lead_id": self.deal.id})
        with self.assertRaisesRegex(UserError, "Issuer, Number, Amount, Issued On, Valid Until"):
            bond.action_activate()
        with self.assertRaisesRegex(ValidationError, "not complete"):
            bond.state = "active"
        bond.write(
            {
                "issuer_id": self.bank.id,
                "number": "77",
                "amount": 5,
                "date_issued": self.today,
                "date_expiry": self.day(9),
            }
        )
        bond.action_activate()
        bond.action_activate()
        self.assertEqual(bond.state, "active")
        self.assertEqual(bond.display_name, "Bid Bond 77")

    def test_an_extension_is_later_and_logged(self):
        bond = self.make_bond()
        with self.assertRaisesRegex(UserError, "choose a later day"):
            self._act(bond, "action_extend", date_expiry=self.day(90))
        self._act(bond, "action_extend", date_expiry=self.day(120), note="Letter 12")
        self.assertEqual(bond.date_expiry, self.day(120))
        self.assertIn("Letter 12", "".join(bond.message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "Say until when"):
            self._act(bond, "action_extend")
        with self.assertRaisesRegex(UserError, "not open to it"):
            self.make_bond(active=False, number="BB-2").action_extend()

    def test_several_come_back_at_once(self):
        bonds = self.make_bond() | self.make_bond(number="BB-2")
        self._act(bonds, "action_return", date_returned=self.day(-1))
        self.assertEqual(bonds.mapped("state"), ["returned", "returned"])
        self.assertEqual(bonds.mapped("date_returned"), [self.day(-1)] * 2)
        bonds._return(self.today)
        self.assertEqual(bonds[0].date_returned, self.day(-1), "twice is once")

    def test_what_was_returned_stays_as_it_is_until_it_is_set_back(self):
        bond = self.make_bond()
        bond._return(self.today)
        for values in ({"amount": 9}, {"number": "9"}, {"date_expiry": self.day(999)}, {"issuer_id": False}):
            with self.assertRaisesRegex(UserError, "closed and stays"):
                bond.write(values)
        bond.write({"amount": 1200.0, "note": "In the safe"})
        bond.action_reset()
        self.assertRecordValues(bond, [{"state": "requested", "date_returned": False}])
        bond.amount = 9

    def test_a_called_bond_says_why(self):
        bond = self.make_bond()
        action = bond.with_user(self.salesperson).action_ask_call()
        reason = self.env["construction.reason"].with_user(self.salesperson).with_context(**action["context"])
        reason.create({"reason": "Works not begun"}).action_confirm()
        self.assertEqual(bond.state, "called")
        self.assertIn("Works not begun", "".join(bond.message_ids.mapped("body")))
        bond._return(self.today)
        self.assertEqual(bond.state, "returned")

    def test_bad_input_says_what_to_do(self):
        with self.assertRaisesRegex(ValidationError, "expires before it was issued"):
            self.make_bond(date_expiry=self.day(-91))
        with self.assertRaisesRegex(ValidationError, "only once it is returned"):
            self.make_bond(active=False, date_returned=self.today)
        with self.assertRaisesRegex(ValidationError, "returned before it was issued"):
            self.make_bond()._return(self.day(-100))
        with self.assertRaisesRegex(ValidationError, "choose the deal"):
            self.make_bond(active=False, lead_id=False)
        stock = self.env["crm.lead"].create({"name": "Stock"})
        with self.assertRaisesRegex(ValidationError, "choose the deal"):
            self.make_bond(active=False, lead_id=stock.id)
        for values in ({"amount": -1}, {"percent": 101}, {"alert_days": -1}):
            with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.make_bond(**values)

    def test_bonds_come_in_from_a_spreadsheet(self):
        rows = [
            [
                "House on plot 7",
                "Bid Bond",
                "Timber Bank",
                "X-1",
                "500",
                str(self.day(-5)),
                str(self.day(5)),
                "Active",
                "",
            ],
            [
                "House on plot 7",
                "Bid Bond",
                "Timber Bank",
                "X-2",
                "7",
                str(self.day(-5)),
                str(self.day(5)),
                "Returned",
                str(self.today),
            ],
        ]
        names = [
            "lead_id",
            "kind",
            "issuer_id",
            "number",
            "amount",
            "date_issued",
            "date_expiry",
            "state",
            "date_returned",
        ]
        result = self.env["construction.bond"].with_user(self.salesperson).load(names, rows)
        self.assertFalse(result["messages"])
        self.assertEqual(self.env["construction.bond"].browse(result["ids"]).mapped("state"), ["active", "returned"])

    def test_expired_and_expiring_bonds_are_found(self):
        expired, soon, later, silent, back = (
            self.make_bond(number=str(days), date_expiry=self.day(days), **values)
            for days, values in ((-1, {}), (0, {}), (31, {}), (5, {"alert_days": 0}), (3, {}))
        )
        back._return(self.today)
        every = expired | soon | later | silent | back
        Bond, domain = self.env["construction.bond"], [("id", "in", every.ids)]
        for name, wanted in (("is_expired", expired), ("is_expiring", soon)):
            self.assertEqual(every.filtered(name), wanted)
            self.assertEqual(Bond.search([*domain, (name, "=", True)]), wanted)
            self.assertEqual(Bond.search([*domain, (name, "=", False)]), Bond.search(domain) - wanted)
            self.assertEqual(Bond.search([*domain, (name, "!=", True)]), Bond.search(domain) - wanted)

    def test_the_bid_bond_of_a_decided_deal_can_be_asked_back(self):
        bond, other = self.make_bond(), self.make_bond(kind="performance", number="PB-1")
        requested = self.make_bond(active=False)
        every = bond | other | requested
        Bond, domain = self.env["construction.bond"], [("id", "in", every.ids), ("can_be_asked_back", "=", True)]
        self.assertFalse(Bond.search(domain))
        self.deal.action_set_lost(lost_reason_id=self.reason.id)
        self.assertEqual(Bond.with_user(self.accountant).search(domain), bond)
        self.assertEqual(every.filtered("can_be_asked_back"), bond)
        self.deal.action_unarchive()
        self.deal.probability = 10
        self.assertFalse(Bond.search(domain))
        self.deal.action_set_won()
        self.assertEqual(Bond.search(domain), bond)

    def test_nothing_issued_is_deleted_alone_or_with_its_deal(self):
        bond = self.make_bond()
        with self.assertRaisesRegex(UserError, "was issued and not returned"):
            bond.unlink()
        with self.assertRaisesRegex(UserError, "Bid Bond BB-1.*Mark it as returned"):
            self.deal.with_user(self.manager).unlink()
        self.assertTrue(self.deal.exists())
        bond._return(self.today)
        self.make_bond(active=False, number="BB-2")
        self.ask()
        deal = self.deal
        deal.with_user(self.manager).unlink()
        self.assertFalse(deal.exists() or bond.exists())

    def test_files_of_a_bond_are_among_those_of_its_deal(self):
        bond = self.make_bond()
        file = self.env["ir.attachment"].create({"name": "bond.pdf", "res_model": bond._name, "res_id": bond.id})
        for user in (self.salesperson, self.accountant):
            action = self.deal.with_user(user).action_view_files()
            self.assertIn(file, self.env["ir.attachment"].with_user(user).search(action["domain"]))

    def test_a_list_of_many_asks_no_more_than_one_of_few(self):
        def count(number):
            bonds = self.env["construction.bond"].create(
                [
                    {"lead_id": self.make_deal(name=f"Deal {index}").id, "number": f"{number}-{index}"}
                    for index in range(number)
                ]
            )
            spec = {
                name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
                for name in (
                    "kind",
                    "lead_id",
                    "partner_id",
                    "issuer_id",
                    "amount",
                    "currency_id",
                    "state",
                    "is_expired",
                    "is_expiring",
                    "can_be_asked_back",
                    "contract_id",
                )
            }

            def read():
                Bond = self.env["construction.bond"].with_user(self.salesperson)
                self.assertEqual(Bond.web_search_read([("id", "in", bonds.ids)], spec)["length"], number)

            read()
            return count_queries(self.env, read)

        self.assertEqual(count(3), count(12))


@tagged("post_install", "-at_install")
class TestBondRights(TenderCommon):
    """Who sees bonds and their amounts."""

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_each_role_sees_what_it_should(self):
        bond = self.make_bond(user_id=self.manager.id)
        auditor = self.make_user("tender_auditor", "account.group_account_readonly")
        estimator = self.make_user("tender_estimator", "construction_crm.group_estimator")
        Bond = self.env["construction.bond"]
        for user, reads, writes in (
            (self.salesperson, True, True),
            (self.manager, True, True),
            (estimator, True, True),
            (self.rival, False, False),
            (self.accountant, True, False),
            (auditor, True, False),
            (self.surveyor, False, False),
            (self.project_user, False, False),
            (self.consultant, False, False),
            (self.portal, False, False),
        ):
            with self.subTest(user=user.login):
                mine = bond.with_user(user)
                self.assertEqual(mine.has_access("read"), reads)
                self.assertEqual(mine.has_access("write"), writes)
                if not reads:
                    with self.assertRaises(AccessError):
                        mine.read(["amount"])
                    if Bond.with_user(user).has_access("read"):
                        self.assertFalse(Bond.with_user(user)._read_group([], [], ["amount:sum"])[0][0])
                if not writes:
                    for step in (
                        lambda mine=mine: mine.action_reset(),
                        lambda mine=mine: mine.action_activate(),
                        lambda mine=mine: mine._extend(self.day(300)),
                        lambda mine=mine: mine._return(self.today),
                        lambda mine=mine: mine._call("Mine"),
                        lambda mine=mine: mine.action_cancel(),
                        lambda user=user: Bond.with_user(user).create({"lead_id": self.deal.id}),
                    ):
                        with self.assertRaises(AccessError):
                            step()
        self.assertEqual(bond.state, "active")

    def test_the_responsible_and_the_team_see_it(self):
        bond = self.make_bond()
        role = self.env["project.role"].create({"name": "Estimator of the job"})
        member = self.env["construction.member"].create(
            {"lead_id": self.deal.id, "user_id": self.rival.id, "role_id": role.id}
        )
        self.assertTrue(bond.with_user(self.rival).has_access("read"))
        self.assertFalse(bond.with_user(self.rival).has_access("write"))
        member.unlink()
        self.assertFalse(bond.with_user(self.rival).has_access("read"))
        bond.user_id = self.rival
        self.assertTrue(bond.with_user(self.rival).has_access("write"))

    def test_bonds_stay_in_their_company(self):
        company = self.env["res.company"].create({"name": "Other firm"})
        stranger = new_test_user(
            self.env,
            "tender_stranger",
            "sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        bond = self.make_bond()
        self.assertFalse(bond.with_user(stranger).has_access("read"))
        self.bank.company_id = self.env.company
        deal = self.env["crm.lead"].create(
            {"name": "Theirs", "construction_type_id": self.type.id, "company_id": company.id}
        )
        self.assertEqual(self.env["construction.bond"].create({"lead_id": deal.id}).company_id, company)
        with self.assertRaisesRegex(UserError, "Timber Bank"):
            self.env["construction.bond"].create({"lead_id": deal.id, "issuer_id": self.bank.id})
