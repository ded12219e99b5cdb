import json

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..contract.leak_common import QUIET
from .cost_common import CostCommon

# What a bill on the chapter comes to: found nowhere but in the costs.
SECRET = 7531.46
PROJECT_FIELDS = ("cost_estimate", "cost_committed", "cost_actual", "cost_forecast", "cost_difference")


@tagged("post_install", "-at_install")
class TestCostAccess(CostCommon):
    """Whoever may not see costs gets none by any road."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._bill((SECRET, cls._on(cls.wall)))
        cls.env.flush_all()
        cls.blind = cls.foreman | cls.manager | cls.project_admin | cls.salesman | cls.surveyor
        for user in cls.blind:
            user.group_ids += cls.env.ref("base.group_allow_export")
        # sudo: of whatever there is; the attempts are the users'
        cls.row = cls.env["construction.cost"].sudo().search([("position_id", "=", cls.wall.id)]).sudo(False)
        items = cls.env["construction.cost.item"].sudo().search([("kind", "=", "actual")])  # sudo: as above
        cls.item = items.filtered(lambda item: item.amount == SECRET).sudo(False)

    def _get_roads(self, record, name):
        domain = [(name, ">", 0)]
        return {
            "read": lambda: record.read([name]),
            "web_read": lambda: record.web_read({name: {}}),
            "search": lambda: record.search(domain),
            "count": lambda: record.search_count(domain),
            "group": lambda: record.formatted_read_group([], [], [f"{name}:sum"]),
            "order": lambda: record.search([], order=f"{name} desc"),
            "export": lambda: record.export_data([name]),
            "filtered": lambda: record.filtered_domain(domain),
        }

    def test_costs_are_closed_by_every_road(self):
        self.assertTrue(self.row and self.item)
        targets = [(self.row, "amount_actual"), (self.row, "amount_forecast"), (self.item, "amount")]
        targets += [(self.project, name) for name in PROJECT_FIELDS]
        for user in self.blind:
            for record, name in targets:
                for road, attempt in self._get_roads(record.with_user(user), name).items():
                    with self.subTest(user=user.login, field=f"{record._name}.{name}", road=road):
                        self.env.invalidate_all()
                        with mute_logger(*QUIET):
                            try:
                                answer = attempt()
                            except (AccessError, ValueError, KeyError):
                                continue
                        self.fail(str(answer))

    def test_costs_are_closed_through_other_records(self):
        for user in self.blind:
            for name in ("position_id", "project_id"):
                with self.subTest(user=user.login, road=name), mute_logger(*QUIET), self.assertRaises(AccessError):
                    self.env["construction.cost"].with_user(user).search([(name, "!=", False)])
            positions = self.env["construction.position"].with_user(user)
            if positions.has_access("read"):
                self.assertFalse([name for name in positions.fields_get() if "cost" in name and name != "analytic_account_id"])

    def test_no_button_tells_a_cost(self):
        for user in self.blind:
            with mute_logger(*QUIET):
                for record, method in (
                    (self.row, "action_view_actual"),
                    (self.row, "action_view_items"),
                    (self.item, "action_open_document"),
                    (self.project, "action_view_costs"),
                    (self.project, "action_follow_costs"),
                ):
                    self.env.invalidate_all()
                    with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                        self.fail(json.dumps(getattr(record.with_user(user), method)(), default=str))

    def test_the_menu_is_only_for_who_may_see_costs(self):
        menu = self.env.ref("construction_crm.construction_cost_menu")
        menus = self.env["ir.ui.menu"]
        for user in self.blind:
            self.assertNotIn(menu.id, menus.with_user(user)._visible_menu_ids(), user.login)
        for user in (self.estimator, self.accountant, self.auditor, self.sale_manager):
            self.assertIn(menu.id, menus.with_user(user)._visible_menu_ids(), user.login)

    def test_the_project_form_names_no_cost_to_the_blind(self):
        view = self.env.ref("project.edit_project")
        for user in self.blind:
            arch = self.env["project.project"].with_user(user).get_view(view.id, "form")["arch"]
            self.assertNotIn("cost_actual", arch)
            self.assertNotIn("action_view_costs", arch)

    def test_who_may_see_costs_reads_them_and_changes_nothing(self):
        for user in (self.estimator, self.accountant, self.auditor, self.sale_manager):
            row = self._row(self.wall, user=user)
            self.assertEqual(row.amount_actual, SECRET, user.login)
            self.assertReconciles(user=user)
            self.assertEqual(self.project.with_user(user).cost_actual, SECRET)
            with self.assertRaises(AccessError):
                row.unlink()

    def test_a_salesperson_allowed_costs_sees_those_of_own_deals(self):
        self.other_salesman.group_ids += self.env.ref("construction_crm.group_cost")
        self.salesman.group_ids += self.env.ref("construction_crm.group_cost")
        self.assertFalse(self._read_costs(user=self.other_salesman))
        self.assertEqual(self._row(self.wall, user=self.salesman).amount_actual, SECRET)
