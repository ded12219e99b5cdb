from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .test_contact_records import ContactCommon


@tagged("post_install", "-at_install")
class TestFinding(ContactCommon):
    """A deal is found by what its client says on the phone, and by what nobody did about it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Phones of a deal and of its client follow one another.
        cls.other_deal.partner_id = cls.env["res.partner"].create({"name": "Popa family"})

    def _find(self, user=None, **wanted):
        [(name, value)] = wanted.items()
        return (
            self.env["crm.lead"]
            .with_user(user or self.boss)
            .search([("construction_type_id", "!=", False), (name, "ilike", value)])
        )

    def _plan(self, deal, days):
        return deal.activity_schedule(
            "mail.mail_activity_data_todo", date_deadline=fields.Date.context_today(deal) + timedelta(days=days)
        )

    # === NO NEXT TASK === #

    def _lacking(self, user=None):
        return self.env["crm.lead"].with_user(user or self.boss).search([("has_no_next_task", "=", True)])

    def assertLacks(self, deal, lacks):
        deal.invalidate_recordset(["has_no_next_task", "activity_ids"])
        self.assertEqual(deal.has_no_next_task, lacks)
        self.assertEqual(deal in self._lacking(), lacks)
        having = self.env["crm.lead"].search([("has_no_next_task", "=", False)])
        self.assertEqual(deal in having, not lacks)

    def test_a_deal_without_a_planned_activity_lacks_a_next_task(self):
        self.deal.activity_ids.unlink()
        self.assertLacks(self.deal, True)
        activity = self._plan(self.deal, 0)
        self.assertLacks(self.deal, False)
        activity.action_done()
        self.assertLacks(self.deal, True)

    def test_a_deal_with_nothing_but_overdue_activities_lacks_a_next_task(self):
        self.deal.activity_ids.unlink()
        self._plan(self.deal, -2)
        self.assertLacks(self.deal, True)
        self._plan(self.deal, 3)
        self.assertLacks(self.deal, False)

    def test_whoever_may_only_read_a_deal_sees_the_mark_the_filter_finds(self):
        accountant = new_test_user(self.env, "finding_accountant", "account.group_account_invoice")
        self.deal.activity_ids.unlink()
        self._plan(self.deal, 3)
        self.other_deal.activity_ids.unlink()
        self.env.invalidate_all()
        deals = (self.deal + self.other_deal).with_user(accountant)
        self.assertEqual(deals.mapped("has_no_next_task"), [False, True])
        self.assertEqual(deals & self._lacking(accountant), deals[1])
        self.assertFalse(deals.activity_ids, "what colleagues plan stays theirs")

    def test_a_deal_that_is_decided_needs_no_next_task(self):
        self.deal.activity_ids.unlink()
        self.deal.action_set_won()
        self.assertLacks(self.deal, False)
        self.other_deal.activity_ids.unlink()
        self.other_deal.action_set_lost(lost_reason_id=self.env["crm.lost.reason"].create({"name": "Too high"}).id)
        self.other_deal.invalidate_recordset()
        self.assertFalse(self.other_deal.has_no_next_task)
        self.assertNotIn(
            self.other_deal,
            self.env["crm.lead"].with_context(active_test=False).search([("has_no_next_task", "=", True)]),
        )

    def test_deals_are_counted_by_what_lacks_a_next_task(self):
        (self.deal | self.other_deal).activity_ids.unlink()
        self._plan(self.deal, 1)
        groups = self.env["crm.lead"]._read_group(
            [("id", "in", (self.deal | self.other_deal).ids)], ["has_no_next_task"], ["id:recordset"]
        )
        self.assertEqual(dict(groups), {False: self.deal, True: self.other_deal})

    def test_a_lead_of_stock_never_lacks_a_next_task(self):
        plain = self.env["crm.lead"].create({"name": "Plain", "type": "opportunity"})
        self.assertLacks(plain, False)

    def test_everyone_finds_what_lacks_a_task_among_own_deals_only(self):
        (self.deal | self.other_deal).activity_ids.unlink()
        self.assertIn(self.deal, self._lacking(self.ana))
        self.assertNotIn(self.other_deal, self._lacking(self.ana))
        self.assertTrue(self.deal | self.other_deal <= self._lacking(self.boss))

    # === BY WHAT THE CALLER SAYS === #

    def test_a_phone_number_is_found_however_it_is_typed(self):
        self.env.company.country_id = self.env.ref("base.ro")
        self.deal.write({"country_id": self.env.ref("base.ro").id, "phone": "0722 123 456"})
        self.other_deal.phone = "+40 31 555 0000"
        for typed in (
            "0722123456",
            "0722 123 456",
            "(0722) 123-456",
            "0722.123.456",
            "0722/123456",
            "+40 722 123 456",
            "0040722123456",
            "722 123",
        ):
            with self.subTest(typed=typed):
                found = self._find(phone_search=typed)
                self.assertIn(self.deal, found)
                self.assertNotIn(self.other_deal, found)

    def test_a_phone_is_found_with_the_code_of_its_country_or_without(self):
        forms = {
            # country of the company: number stored on the deal, ways to type it
            "us": ("0722 123 456", "+40 722 123 456", "0040722123456", "+40 (0)722 123-456", "0722123456"),
            "ro": ("+36 20 123 4567", "06 20 123 4567", "+36201234567", "0036 20 1234567", "20 123 4567"),
            "de": ("0722/123456", "+40 722 123 456", "0040 722123456", "(+40) 722 123 456"),
            "hu": ("06 20 123 4567", "+36 20 123 4567", "003620 123 4567", "06201234567"),
        }
        self.other_deal.phone = "+40 31 555 0000"
        for country, (stored, *ways) in forms.items():
            self.env.company.country_id = self.env.ref(f"base.{country}")
            self.deal.country_id = False
            self.deal.phone = stored
            for typed in ways:
                with self.subTest(stored=stored, typed=typed):
                    found = self._find(phone_search=typed)
                    self.assertIn(self.deal, found)
                    self.assertNotIn(self.other_deal, found)

    def test_a_deal_is_chosen_by_the_phone_of_its_client(self):
        self.env.company.country_id = self.env.ref("base.us")
        self.deal.phone = "0722 123 456"
        for typed in ("+40 722 123 456", "0722123456", "0040722123456"):
            with self.subTest(typed=typed):
                found = [row[0] for row in self.env["crm.lead"].with_user(self.ana).name_search(typed)]
                self.assertIn(self.deal.id, found)
                self.assertIn(self.deal, self._search_by("name", typed))
        plain = self.env["crm.lead"].create({"name": "Plain", "phone": "0722 123 456"})
        self.assertNotIn(plain.id, [row[0] for row in self.env["crm.lead"].name_search("0722123456")])

    def test_the_phone_of_the_client_finds_the_deal_too(self):
        contact = self.env["res.partner"].create({"name": "Site manager", "phone": "+40 744 000 111"})
        self.deal.partner_id = contact
        self.deal.phone = False
        self.assertIn(self.deal, self._find(phone_search="0744 000 111"))

    def test_a_phone_that_is_none_finds_nothing(self):
        self.deal.phone = "+40 722 123 456"
        for typed in ("  ", "no number", "00", "7"):
            with self.subTest(typed=typed):
                self.assertFalse(self._find(phone_search=typed))

    def test_a_tax_id_is_found_with_and_without_its_country(self):
        self.client.commercial_partner_id.with_context(no_vat_validation=True).vat = "RO12345674"
        for typed in ("RO12345674", "ro 12345674", "12345674", "RO 1234 5674"):
            with self.subTest(typed=typed):
                self.assertIn(self.deal, self._find(tax_id_search=typed))
        self.assertFalse(self._find(tax_id_search="99999999"))

    def test_a_contact_of_the_client_is_found_by_the_clients_tax_number(self):
        self.client.with_context(no_vat_validation=True).vat = "RO12345674"
        self.deal.partner_id = self.env["res.partner"].create({"name": "Site manager", "parent_id": self.client.id})
        self.assertIn(self.deal, self._find(tax_id_search="12345674"))

    def test_the_address_of_the_site_finds_the_deal(self):
        site = self.env["res.partner"].create(
            {"name": "Lake flat", "parent_id": self.client.id, "type": "other", "street": "Quay 7", "city": "Brasov"}
        )
        self.deal.site_id = site
        for typed in ("quay", "Brasov", "lake flat"):
            with self.subTest(typed=typed):
                self.assertIn(self.deal, self._search_by("site_id", typed))

    def test_an_e_mail_finds_the_deal_by_its_client(self):
        self.deal.email_from = "someone@else.example"
        self.client.email = "ionescu@example.com"
        self.assertIn(self.deal, self._search_by("email_from", "ionescu@example"))

    def test_a_number_typed_alone_is_found_without_saying_what_it_is(self):
        self.deal.phone = "+40 722 123 456"
        self.client.commercial_partner_id.with_context(no_vat_validation=True).vat = "RO12345674"
        order = self.env["sale.order"].create({"partner_id": self.client.id, "opportunity_id": self.deal.id})
        for typed in ("0722 123-456", "RO 12345674", "12345674", order.name, self.deal.name):
            with self.subTest(typed=typed):
                found = self._search_by("name", typed)
                self.assertIn(self.deal, found)
                self.assertNotIn(self.other_deal, found)
        # Digits in a sentence are no phone number.
        self.deal.phone = "+40 722 123 456"
        self.assertFalse(self._search_by("name", "Flat 722123"))

    def test_searching_shows_nobody_the_deals_of_others(self):
        self.other_deal.phone = "+40 722 999 888"
        self.assertIn(self.other_deal, self._find(phone_search="0722999888"))
        self.assertFalse(self._find(self.ana, phone_search="0722999888"))
        with self.assertRaises(AccessError):
            self._find(self.employee, phone_search="0722999888")

    def _search_by(self, name, typed):
        node = self._get_search_arch().find(f".//field[@name='{name}']")
        return self.env["crm.lead"].search(safe_eval(node.get("filter_domain"), {"self": typed}))

    def _get_search_arch(self, user=None):
        view = self.env.ref("construction_crm.crm_lead_view_search_construction")
        leads = self.env["crm.lead"].with_user(user or self.env.user)
        return etree.fromstring(leads.get_view(view.id, "search")["arch"])

    # === FILTERS === #

    def test_every_filter_of_the_deals_can_be_used_by_a_salesperson(self):
        leads = self.env["crm.lead"].with_user(self.ana)
        for node in self._get_search_arch(self.ana).iter("filter"):
            values = {"uid": self.ana.id, "context_today": lambda: fields.Date.context_today(leads)}
            domain = safe_eval(node.get("domain") or "[]", values)
            with self.subTest(filter=node.get("name")):
                leads.search(domain, limit=1)

    def test_filters_of_different_questions_narrow_one_another(self):
        # What stands in one line adds up; "mine" and "not activated" together must not show all of mine.
        lines, line = [], []
        for node in self._get_search_arch(self.ana):
            if node.tag == "separator":
                lines.append(line)
                line = []
            elif node.tag == "filter" and node.get("invisible") not in ("1", "True"):
                line.append(node.get("name"))
        lines.append(line)
        where = {name: number for number, line in enumerate(lines) for name in line}
        questions = ("assigned_to_me", "not_activated", "my_step", "no_next_task", "open_opportunities")
        self.assertEqual(len({where[name] for name in questions}), len(questions))
        states = ("open_opportunities", "filter_won_status_won", "filter_won_status_lost")
        self.assertEqual(len({where[name] for name in states}), 1)
        self.assertNotIn("filter_won_status_pending", where, "the same as open deals")

    def test_deals_are_grouped_by_tag(self):
        self.deal.tag_ids = self.env["crm.tag"].create({"name": "Hillside"})
        context = safe_eval(self._get_search_arch().find(".//filter[@name='tag']").get("context"))
        groups = self.env["crm.lead"].formatted_read_group(
            [("id", "in", (self.deal + self.other_deal).ids)], [context["group_by"]], ["__count"]
        )
        self.assertEqual({group["tag_ids"] and group["tag_ids"][1] for group in groups}, {"Hillside", False})

    def test_the_deals_of_my_teams_are_those_i_lead_or_belong_to(self):
        team = self.env["crm.team"].create({"name": "North", "member_ids": [self.ana.id]})
        self.deal.team_id = team
        domain = self._get_search_arch().find(".//filter[@name='my_teams']").get("domain")
        for user, expected in ((self.ana, True), (self.bob, False)):
            found = self.env["crm.lead"].search(safe_eval(domain, {"uid": user.id}))
            self.assertEqual(self.deal in found, expected)

    # === SCREENS === #

    def test_the_kanban_of_deals_asks_for_all_four_sums(self):
        view = self.env.ref("construction_crm.crm_lead_view_kanban")
        arch = etree.fromstring(self.env["crm.lead"].get_view(view.id, "kanban")["arch"])
        self.assertEqual(arch.get("js_class"), "construction_deal_kanban")
        bar = arch.find(".//progressbar")
        self.assertEqual(bar.get("sum_field"), "expected_revenue")
        more = set(bar.get("more_sum_fields").split(","))
        self.assertEqual(more, {"amount_quoted", "amount_contract", "amount_collected"})

    def test_my_deals_starts_with_mine(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.crm_lead_action_my_construction")
        self.assertEqual(safe_eval(action["context"], {"uid": self.ana.id})["search_default_assigned_to_me"], 1)

    def test_a_deal_is_made_on_the_form_as_before(self):
        form = Form(
            self.env["crm.lead"].with_user(self.ana).with_context(default_type="opportunity", construction_deals=True)
        )
        form.name = "New one"
        self.assertFalse(form.save().amount_quoted)
