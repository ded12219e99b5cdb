from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..contract.screen import Screen
from ..query_count import counting
from .overview_common import OverviewCommon

MONEY_FIELDS = ("amount_contract", "percent_invoiced", "percent_collected", "percent_to_invoice")
INSTALMENT_FIELDS = ("next_instalment_name", "next_instalment_date", "next_instalment_amount")


@tagged("post_install", "-at_install")
class TestProjectOverview(OverviewCommon):
    # === STAGES === #

    def test_the_next_stage_is_the_first_that_is_not_reached(self):
        self.assertEqual(self.project.next_stage_milestone_id, self.dig)
        self.assertEqual(self.project.next_stage_date, self.dig.deadline)
        self.dig.is_reached = True
        self.assertEqual(self.project.next_stage_milestone_id, self.build)
        self.build.deadline = self.today + timedelta(days=25)
        self.assertEqual(self.project.next_stage_date, self.build.deadline)
        self.dig.is_reached = False
        self.assertEqual(self.project.next_stage_milestone_id, self.dig)
        self.dig.unlink()
        self.assertEqual(self.project.next_stage_milestone_id, self.build)
        self.build.sequence = self.paint.sequence + 1
        self.assertEqual(self.project.next_stage_milestone_id, self.paint)
        self.project.milestone_ids.is_reached = True
        self.assertFalse(self.project.next_stage_milestone_id or self.project.next_stage_date)
        self.assertRecordValues(
            self.project, [{"stage_milestone_count": 2, "stage_milestone_reached_count": 2, "days_late": 0}]
        )

    def test_a_project_is_late_by_its_next_stage_or_its_end(self):
        Project = self.env["project.project"]
        mine = [("id", "=", self.project.id)]
        self.assertEqual(self.project.days_late, 0)
        self.dig.deadline = self.today - timedelta(days=4)
        self.assertEqual(self.project.days_late, 4)
        for domain, found in (
            ([("days_late", ">", 0)], True),
            ([("days_late", ">", 3)], True),
            ([("days_late", ">", 4)], False),
            ([("days_late", ">=", 4)], True),
            ([("days_late", ">=", 5)], False),
            ([("days_late", "<", 4)], False),
            ([("days_late", "<=", 4)], True),
            ([("days_late", "=", 4)], True),
            ([("days_late", "=", 0)], False),
            ([("days_late", "!=", 0)], True),
            ([("days_late", "in", [1, 4])], True),
        ):
            self.assertEqual(bool(Project.search(domain + mine)), found, domain)
        self.dig.is_reached = True
        self.assertEqual(self.project.days_late, 0)
        self.assertTrue(Project.search([("days_late", "=", 0), *mine]))
        self.project.write({"date_start": self.today - timedelta(days=60), "date": self.today - timedelta(days=7)})
        self.assertEqual(self.project.days_late, 7)
        self.assertTrue(Project.search([("days_late", "=", 7), *mine]))

    def test_project_managers_create_projects_while_the_stock_feature_of_stages_is_off(self):
        self.env.ref("base.group_user").implied_ids -= self.env.ref("project.group_project_stages")
        self.assertFalse(self.project_admin.has_group("project.group_project_stages"))
        plain = self.env["project.project"].with_user(self.project_admin).create({"name": "Plain"})
        self.assertEqual(plain.sudo().construction_stage_id, plain.sudo().stage_id)

    def test_milestones_and_projects_of_stock_are_left_alone(self):
        plain = self.env["project.project"].create({"name": "Plain", "allow_milestones": True})
        milestone = self.env["project.milestone"].create({"name": "First", "project_id": plain.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE project_project SET next_stage_date = '2020-01-01' WHERE id = %s", [plain.id])
        milestone.write({"deadline": self.today, "is_reached": True})
        self.env["project.milestone"].create({"name": "Second", "project_id": plain.id})
        milestone.unlink()
        self.env.flush_all()
        self.env.cr.execute("SELECT next_stage_date FROM project_project WHERE id = %s", [plain.id])
        self.assertEqual(str(self.env.cr.fetchone()[0]), "2020-01-01", "nothing was worked out anew")
        data = plain.with_user(self.project_user).get_panel_data()
        self.assertNotIn("construction", data)

    # === MONEY === #

    def test_the_percents_follow_the_contract(self):
        self.assertRecordValues(
            self.project, [{"amount_contract": 1210.0, "percent_invoiced": 0.0, "percent_collected": 0.0}]
        )
        advance = self.contract.instalment_ids[0]
        self._invoice(advance)
        self.assertAlmostEqual(self.project.percent_invoiced, 30.0)
        self._collect(advance, 121.0)
        self.assertAlmostEqual(self.project.percent_collected, 10.0)
        self.assertEqual(self.project.percent_to_invoice, 0.0)
        self.dig.is_reached = True
        self.build.is_reached = True
        self.assertAlmostEqual(self.project.percent_to_invoice, 40.0)
        self.assertIn(self.project, self.env["project.project"].search([("percent_to_invoice", ">=", 1)]))

    def test_all_signed_contracts_of_the_deal_count(self):
        second = self._create_contract(self.lead, prices=((1, 3000.0),), taxes=self.tax_21, sign=False)
        self.assertEqual(self.project.amount_contract, 1210.0, "a draft is no contract yet")
        second.action_sign()
        self.assertEqual(self.project.amount_contract, 4840.0)
        self._invoice(self.contract.instalment_ids[0])
        self.assertAlmostEqual(self.project.percent_invoiced, 7.5)
        second.action_cancel()
        self.assertEqual(self.project.amount_contract, 1210.0)

    def test_a_contract_in_another_currency_counts_in_ours(self):
        currency = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": currency.id})
        second = self._create_contract(self.lead, prices=((1, 2000.0),), taxes=self.tax_21, pricelist_id=pricelist.id)
        self.assertEqual(second.currency_id, currency)
        self.assertEqual(self.project.overview_currency_id, self.env.company.currency_id)
        self.assertAlmostEqual(self.project.amount_contract, 1210.0 + 1210.0)

    def test_the_next_instalment_is_the_first_not_invoiced(self):
        advance, half_way, settlement = self.contract.instalment_ids
        settlement.trigger_date = self.today + timedelta(days=90)
        self.assertRecordValues(
            self.project,
            [{"next_instalment_name": "Advance", "next_instalment_amount": 363.0,
              "next_instalment_date": advance.date_expected}],
        )  # fmt: skip
        half_way.trigger_date = self.today + timedelta(days=3)
        self._invoice(advance)
        self.project.invalidate_recordset()
        self.assertEqual(self.project.next_instalment_name, "Half way")
        self.assertEqual(self.project.next_instalment_date, half_way.date_expected)

    # === RIGHTS === #

    def _read_all(self, user, names):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.project.with_user(user).read(names)[0]

    def test_who_reads_every_contract_sees_the_money(self):
        for user in (
            self.project_user, self.project_admin, self.estimator, self.sale_manager, self.accountant, self.auditor,
        ):  # fmt: skip
            with self.subTest(user=user.login):
                values = self._read_all(user, [*MONEY_FIELDS, *INSTALMENT_FIELDS])
                self.assertEqual(values["amount_contract"], 1210.0)
                self.assertEqual(values["next_instalment_amount"], 363.0)

    def test_a_salesperson_sees_the_status_and_the_instalments_of_own_deals_only(self):
        values = self._read_all(self.salesman, ["progress_percent", "next_stage_date", *INSTALMENT_FIELDS])
        self.assertEqual(values["next_instalment_name"], "Advance")
        # one cache for all users: what one saw must not be told to the next
        self.project.with_user(self.sale_manager).read(INSTALMENT_FIELDS)
        other = self.project.with_user(self.other_salesman)
        self.assertEqual(other.read(["next_instalment_amount", "next_instalment_name"])[0]["next_instalment_amount"], 0)
        self.assertFalse(other.next_instalment_name)
        for user in (self.salesman, self.other_salesman):
            self._assert_no_access(user, MONEY_FIELDS)

    def test_others_see_no_money_by_any_road(self):
        for user in (self.surveyor, self.employee, self.portal):
            self._assert_no_access(user, [*MONEY_FIELDS, *INSTALMENT_FIELDS])

    def _assert_no_access(self, user, names):
        self.env.flush_all()
        self.env.invalidate_all()
        project = self.project.with_user(user)
        self.assertFalse(set(project.fields_get()) & set(names))
        for name in names:
            with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                project.read([name])
            if name not in INSTALMENT_FIELDS:
                with self.subTest(user=user.login, search=name), self.assertRaises(AccessError):
                    project.search([(name, ">", 0)])
                with self.subTest(user=user.login, order=name), self.assertRaises(AccessError):
                    project.search([], order=name)
                with self.subTest(user=user.login, group=name), self.assertRaises(AccessError):
                    project.formatted_read_group([], [], [f"{name}:sum"])
        arch = project.get_view(self.env.ref("construction_crm.project_project_view_list").id, "list")["arch"]
        shown = {node.get("name") for node in etree.fromstring(arch).iter("field")}
        self.assertFalse(shown & set(names))

    def test_the_dashboard_tells_ours_by_the_rights_of_the_reader(self):
        self._invoice(self.contract.instalment_ids[0])
        self.dig.deadline = self.today - timedelta(days=2)
        self._add_contact()
        rows = self.project.with_user(self.project_user).get_panel_data()["construction"]
        by_name = {row["name"]: row for row in rows}
        self.assertEqual(by_name["percent_invoiced"]["percent"], 30.0)
        self.assertTrue(by_name["next_stage_milestone_id"]["is_late"])
        self.assertIn("Dig", by_name["next_stage_milestone_id"]["text"])
        self.assertIn("Half way", by_name["next_instalment_name"]["text"])
        self.assertTrue(by_name["last_contact_date"]["text"])
        for user in (self.salesman, self.surveyor):
            names = {row["name"] for row in self.project.with_user(user)._get_overview_rows()}
            self.assertFalse(names & {"percent_invoiced", "percent_collected"})
        self.assertNotIn(
            "next_instalment_name",
            {row["name"] for row in self.project.with_user(self.surveyor)._get_overview_rows()},
        )

    def test_only_who_may_write_projects_edits_the_list(self):
        self.project.with_user(self.project_admin).write({"priority": "3", "user_id": self.project_user.id})
        with self.assertRaises(AccessError):
            self.project.with_user(self.project_user).write({"priority": "1"})

    # === FINDING === #

    def test_every_filter_and_group_of_the_search_works_for_everyone_who_has_it(self):
        view = self.env.ref("construction_crm.project_project_view_search")
        for user in (self.project_user, self.salesman, self.sale_manager, self.accountant, self.auditor):
            Project = self.env["project.project"].with_user(user)
            arch = etree.fromstring(Project.get_view(view.id, "search")["arch"])
            for node in arch.iter("filter", "field"):
                with self.subTest(user=user.login, node=node.get("name")):
                    context = safe_eval(node.get("context") or "{}")
                    if context.get("group_by"):
                        Project.formatted_read_group([], [context["group_by"]], ["__count"])
                    domain = node.get("domain") or node.get("filter_domain")
                    if domain:
                        Project.search(safe_eval(domain, {"uid": user.id, "self": "Hill"}))

    def test_a_project_is_found_by_what_people_know_of_it(self):
        self.project.site_id = self.env["res.partner"].create(
            {"name": "Site", "parent_id": self.partner_a.id, "type": "other", "street": "Vineyard Lane 9"}
        )
        Project = self.env["project.project"].with_user(self.project_user)
        self.assertIn(self.project, self._search(Project, "name", self.project.code))
        self.assertIn(self.project, self._search(Project, "site_id", "vineyard"))
        self.assertIn(self.project, self._search(Project, "contract_id", self.contract.name))

    def _search(self, Project, name, text):
        arch = Project.get_view(self.env.ref("construction_crm.project_project_view_search").id, "search")["arch"]
        node = etree.fromstring(arch).find(f".//field[@name='{name}']")
        return Project.search(safe_eval(node.get("filter_domain"), {"self": text}))

    def _filtered(self, name):
        """The projects a filter of the search leaves."""
        Project = self.env["project.project"].with_user(self.project_user)
        arch = Project.get_view(self.env.ref("construction_crm.project_project_view_search").id, "search")["arch"]
        node = etree.fromstring(arch).find(f".//filter[@name='{name}']")
        return Project.search(safe_eval(node.get("domain"), {"uid": self.project_user.id}))

    def test_the_morning_filters_find_what_needs_a_hand(self):
        other = self._start_project(self._create_contract(self._create_deal()).lead_id, days=(40, 50, 60))
        self._add_contact(lead_id=other.lead_id.id)
        self.assertNotIn(self.project, self._filtered("late"))
        self.assertIn(self.project, self._filtered("no_contact"))
        self.assertNotIn(other, self._filtered("no_contact"))
        self.dig.deadline = self.today - timedelta(days=1)
        self.assertIn(self.project, self._filtered("late"))
        self.dig.is_reached = True
        self.assertIn(self.project, self._filtered("to_invoice"))
        self.assertNotIn(other, self._filtered("to_invoice"))
        self.assertNotIn(self.project, self._filtered("late"))
        self.build.deadline = self.today
        self.assertIn(self.project, self._filtered("next_stage_week"))
        self.assertIn(self.project, self._filtered("next_stage_month"))
        self.assertNotIn(other, self._filtered("next_stage_week"))
        record = self._add_contact(date=fields.Datetime.now() - timedelta(days=31))
        self.assertIn(self.project, self._filtered("no_contact"))
        record.date = fields.Datetime.now() - timedelta(days=29)
        self.assertNotIn(self.project, self._filtered("no_contact"))

    # === CONTACTS === #

    def _add_contact(self, user=None, **values):
        values = {"summary": "Wants oak floors", "lead_id": self.lead.id, **values}
        return self.env["construction.contact.record"].with_user(user or self.env.user).create(values)

    def test_a_contact_on_the_deal_stands_on_the_project_and_the_other_way_round(self):
        on_deal = self._add_contact(self.salesman)
        self.assertEqual(on_deal.project_id, self.project)
        self.assertEqual(self.project.last_contact_date, on_deal.date)
        on_project = self._add_contact(self.project_user, lead_id=False, project_id=self.project.id)
        self.assertEqual(on_project.sudo().lead_id, self.lead)
        self.assertEqual(self.lead.last_contact_date, max(on_deal.date, on_project.date))
        for user in (self.salesman, self.project_user):
            history = self.env["construction.interaction"].with_user(user)
            action = self.project.with_user(user).action_view_contacts()
            self.assertEqual(len(history.search(action["domain"])), 2, user.login)
        other = self.env["construction.interaction"].with_user(self.other_salesman)
        self.assertFalse(other.search(action["domain"]))

    def test_contacts_before_the_start_come_along(self):
        lead = self._create_contract(self._create_deal()).lead_id
        record = self._add_contact(self.salesman, lead_id=lead.id)
        self.assertFalse(record.project_id)
        project = self._start_project(lead)
        self.assertEqual(record.project_id, project)
        self.assertEqual(project.last_contact_date, record.date)
        self.assertEqual(record.with_user(self.project_user).summary, "Wants oak floors")
        project.action_archive()
        again = self._start_project(lead)
        self.assertEqual(record.project_id, again)

    def test_the_works_of_one_deal_take_no_contact_of_another(self):
        other = self._create_deal()
        with self.assertRaisesRegex(Exception, "another deal"):
            self._add_contact(lead_id=other.id, project_id=self.project.id)
        with self.assertRaises(AccessError):
            self._add_contact(self.other_salesman)

    def test_a_contact_on_a_private_project_is_the_salespersons_still(self):
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(self.salesman.partner_id.ids)
        record = self._add_contact(self.salesman)
        self.assertEqual(record.with_user(self.salesman).summary, "Wants oak floors")

    def test_a_contact_is_added_from_a_row(self):
        action = self.project.with_user(self.project_user).action_add_contact()
        record = self.env["construction.contact.record"].with_user(self.project_user).with_context(**action["context"])
        record = record.create({"summary": "Keys are with the neighbour"})
        self.assertRecordValues(
            record, [{"project_id": self.project.id, "partner_id": self.partner_a.id, "user_id": self.project_user.id}]
        )

    # === SPEED === #

    def test_the_list_costs_the_same_for_many_projects(self):
        self.project.user_id = self.project_user
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.project_project_action")
        counts = {}
        for size in (20, 200):
            self._multiply(size)
            for kind in ("list", "kanban"):
                counts[kind, size] = self._count_queries(action, kind)
        for kind in ("list", "kanban"):
            self.assertEqual(counts[kind, 20], counts[kind, 200], kind)
        stock = self._count_stock_queries()
        self.assertLessEqual(counts["list", 200], stock + 8)

    def _multiply(self, size):
        """Bring the construction projects to so many, each with a deal, a contract, stages and a contact."""
        Project = self.env["project.project"]
        missing = size - Project.search_count([("construction_type_id", "!=", False)])
        leads = self.env["crm.lead"].create(
            [{"name": f"Deal {n}", "user_id": self.salesman.id, "construction_type_id": self.construction_type.id}
             for n in range(missing)]
        )  # fmt: skip
        contracts = self.env["construction.contract"].create(
            [{"partner_id": self.partner_a.id, "lead_id": lead.id} for lead in leads]
        )
        contracts.write({"date_signed": self.today})
        projects = Project.create(
            [{"name": lead.name, "lead_id": lead.id, "construction_type_id": self.construction_type.id,
              "partner_id": self.partner_a.id, "user_id": self.project_user.id} for lead in leads]
        )  # fmt: skip
        self.env["project.milestone"].create(
            [{"name": stage.name, "project_id": project.id, "project_stage_id": stage.id, "deadline": self.today}
             for project in projects for stage in self.stages]
        )  # fmt: skip
        self.env["construction.contact.record"].create([{"summary": "x", "lead_id": lead.id} for lead in leads])

    def _count_queries(self, action, kind):
        views = [(view_id, name) for view_id, name in action["views"] if name == kind]
        screen = Screen(self.env(user=self.project_user), {**action, "views": views})
        specification = screen.get_specification(screen.model, screen.arches[kind])
        return self._count(screen.model, screen.domain, specification)

    def _count_stock_queries(self):
        Project = self.env["project.project"].with_user(self.project_user)
        view = self.env.ref("project.view_project")
        screen = Screen(Project.env, {"res_model": "project.project", "views": [(view.id, "list")]})
        return self._count(Project, [], screen.get_specification(Project, screen.arches["list"]))

    def _count(self, model, domain, specification):
        counts = []
        for _attempt in range(2):  # the first fills what a running server keeps
            with counting(self.env) as queries:
                model.web_search_read(domain, specification, limit=None)
            counts.append(queries.count)
        return counts[-1]
