from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .progress_common import ProgressCommon


@tagged("post_install", "-at_install")
class TestProgress(ProgressCommon):
    """What is done of each chapter: reported by the foreman, approved by the manager."""

    def test_who_gives_in_a_report_the_manager_opened_reports_it(self):
        report = self.env["construction.progress"].with_user(self.manager).create({"project_id": self.project.id})
        self.assertEqual(report.user_id, self.manager)
        report = report.with_user(self.foreman)
        report.line_ids[0].quantity = 1
        report.action_submit()
        self.assertEqual(report.user_id, self.foreman)
        own = self._report({self.wall: 1}, approve=False, user=self.manager)
        self.assertEqual(own.user_id, self.manager)

    def test_chapters_of_the_contract_become_positions_that_add_up(self):
        positions = self.contract.position_ids
        self.assertRecordValues(
            positions.sorted("sequence"),
            [
                {"number": "1", "name": "Wall", "quantity": 30, "amount": 566.61, "is_variation": False},
                {"number": "2", "name": "Roof", "quantity": 1, "amount": 1234.57, "is_variation": False},
                {"number": "3", "name": "Paint", "quantity": 7, "amount": 699.93, "is_variation": False},
            ],
        )
        self.assertEqual(positions.project_id, self.project)
        self.assertEqual(self.wall.project_stage_id, self.stages[0])
        self.assertAlmostEqual(sum(positions.mapped("amount")), self.contract.amount_untaxed, 2)
        self.assertAlmostEqual(sum(positions.mapped("amount_taxed")), self.contract.amount_total, 2)
        again = self.env["construction.position"]._sync(self.order)
        self.assertEqual(again, positions)

    def test_a_chapter_of_a_later_order_changes_the_one_of_the_contract(self):
        chapter = self._prepare_chapter(
            "1", self.items[0], 10, [(10, 20.0)], origin_chapter_id=self.wall.chapter_line_id.id
        )
        new = self._prepare_chapter("9", self.items[1], 2, [(2, 50.0)])
        order = self.env["sale.order"].create(
            {"partner_id": self.partner_a.id, "opportunity_id": self.contract.lead_id.id, "order_line": chapter + new}
        )
        order.action_confirm()
        order.action_add_to_contract()
        self.assertRecordValues(
            self.wall,
            [
                {
                    "quantity_original": 30,
                    "quantity_variations": 10,
                    "quantity": 40,
                    "amount_original": 566.61,
                    "amount_variations": 200.0,
                    "amount": 766.61,
                }
            ],
        )
        added = self.contract.position_ids.filtered(lambda position: position.order_id == order)
        self.assertRecordValues(
            added, [{"is_variation": True, "amount_original": 0.0, "amount_variations": 100.0, "quantity": 2}]
        )
        self.assertAlmostEqual(sum(self.contract.position_ids.mapped("amount")), self.contract.amount_untaxed, 2)

    def test_a_discount_follows_the_works_and_is_not_reported(self):
        contract = self._make_contract(discount=0.1)
        project = self._start_project(contract)
        follower = contract.position_ids.filtered("is_follower")
        self.assertEqual(len(follower), 1)
        self.assertLess(follower.amount, 0)
        self.assertAlmostEqual(sum(contract.position_ids.mapped("amount")), contract.amount_untaxed, 2)
        roof = contract.position_ids.filtered(lambda position: position.number == "2")
        report = self._report({roof: 0.5}, project=project)
        self.assertNotIn(follower, report.line_ids.position_id)
        self.assertAlmostEqual(follower.percent_done, project.progress_percent, 1)

    def test_the_foreman_reports_and_the_manager_approves(self):
        report = self._report({self.wall: 12}, approve=False)
        self.assertEqual(report.state, "submitted")
        self.assertEqual(report.sudo().activity_ids.user_id, self.manager)
        self.assertEqual(self.wall.quantity_done, 0)
        with self.assertRaises(AccessError):
            report.action_approve()
        report.with_user(self.manager).action_approve()
        self.assertRecordValues(self.wall, [{"quantity_done": 12, "percent_done": 40}])
        self.assertRecordValues(report, [{"state": "approved", "approved_by_id": self.manager.id}])
        self.assertAlmostEqual(
            self.project.progress_percent, 100 * 0.4 * self.wall.amount / self.contract.amount_untaxed, 2
        )
        self.assertFalse(report.sudo().activity_ids)

    def test_quantity_and_percent_lead_to_each_other(self):
        report = self.env["construction.progress"].with_user(self.foreman).create({"project_id": self.project.id})
        line = report.line_ids.filtered(lambda line: line.position_id == self.wall)
        with Form(line) as form:
            form.percent = 50
            self.assertEqual(form.quantity, 15)
            form.quantity = 3
            self.assertEqual(form.percent, 10)
            form.percent_cumulative = 20
            self.assertEqual(form.quantity, 6)
        self.assertRecordValues(line, [{"quantity": 6, "percent": 20, "quantity_cumulative": 6}])
        line.quantity_cumulative = 9
        self.assertEqual(line.quantity, 9)

    def test_three_thirds_are_all_of_it(self):
        for _third in range(2):
            report = self.env["construction.progress"].with_user(self.foreman).create({"project_id": self.project.id})
            report.line_ids.filtered(lambda line: line.position_id == self.paint).percent = 33.33
            report.action_submit()
            report.with_user(self.manager).action_approve()
        report = self.env["construction.progress"].with_user(self.foreman).create({"project_id": self.project.id})
        line = report.line_ids.filtered(lambda line: line.position_id == self.paint)
        line.action_finish()
        report.action_submit()
        report.with_user(self.manager).action_approve()
        self.assertRecordValues(self.paint, [{"quantity_done": 7, "percent_done": 100}])

    def test_big_buttons_add_percents_and_stop_at_all(self):
        report = self.env["construction.progress"].with_user(self.foreman).create({"project_id": self.project.id})
        line = report.line_ids.filtered(lambda line: line.position_id == self.roof)
        for expected in (0.25, 0.5, 0.75, 1.0, 1.0):
            line.with_context(percent=25).action_add_percent()
            self.assertAlmostEqual(line.quantity, expected)
        line.action_clear()
        self.assertEqual(line.quantity, 0)

    def test_never_above_100_nor_backwards_without_a_reason(self):
        with self.assertRaisesRegex(UserError, "31.00 .* would be done of 30.00"):
            self._report({self.wall: 31})
        self._report({self.wall: 20})
        with self.assertRaisesRegex(UserError, "31.00"):
            self._report({self.wall: 11}, date="2026-01-02")
        with self.assertRaisesRegex(UserError, "go back to 19.00"):
            self._report({self.wall: -1}, date="2026-01-03")
        with self.assertRaisesRegex(UserError, "say why"):
            self._report({self.wall: -1}, date="2026-01-04", is_correction=True)
        with self.assertRaisesRegex(UserError, "no more can be taken back"):
            self._report({self.wall: -21}, date="2026-01-05", is_correction=True, correction_reason="Measured")
        self._report({self.wall: -5}, date="2026-01-06", is_correction=True, correction_reason="Measured anew")
        self.assertEqual(self.wall.quantity_done, 15)
        self._report({self.wall: 20}, date="2026-01-07", is_correction=True, correction_reason="Extra works")
        self.assertEqual(self.wall.quantity_done, 35)

    def test_two_reports_at_once_are_checked_together(self):
        first = self._report({self.wall: 20}, approve=False, date="2026-01-02")
        second = self._report({self.wall: 20}, approve=False, date="2026-01-03")
        with self.assertRaisesRegex(UserError, "40.00"):
            (first | second).with_user(self.manager).action_approve()

    def test_approving_twice_is_once(self):
        report = self._report({self.wall: 10})
        report.with_user(self.project_admin).action_approve()
        self.assertEqual(self.wall.quantity_done, 10)
        self.assertEqual(report.approved_by_id, self.manager)

    def test_what_is_approved_is_read_only_and_submitted_only_the_managers(self):
        report = self._report({self.wall: 10}, approve=False)
        line = report.line_ids.filtered("quantity")
        with self.assertRaisesRegex(UserError, "waits for its approval"):
            line.with_user(self.foreman).quantity = 11
        line.with_user(self.manager).quantity = 9
        report.with_user(self.manager).action_approve()
        for user in (self.foreman, self.manager):
            with self.assertRaisesRegex(UserError, "approved"):
                line.with_user(user).quantity = 12
            with self.assertRaisesRegex(UserError, "approved"):
                report.with_user(user).unlink()
            with self.assertRaisesRegex(UserError, "buttons"):
                report.with_user(user).state = "draft"
        self.assertEqual(self.wall.quantity_done, 9)

    def test_a_returned_report_goes_back_with_its_reason(self):
        report = self._report({self.wall: 10}, approve=False)
        action = report.with_user(self.manager).action_ask_return()
        wizard = self.env["construction.reason"].with_user(self.manager).with_context(**action["context"])
        wizard.create({"reason": "Wall 3 leans"}).action_confirm()
        self.assertRecordValues(report, [{"state": "returned", "return_reason": "Wall 3 leans"}])
        self.assertEqual(report.sudo().activity_ids.user_id, self.foreman)
        report.line_ids.filtered("quantity").quantity = 8
        report.action_submit()
        self.assertEqual(report.state, "submitted")

    def test_an_approval_can_be_withdrawn_until_a_certificate_stands_on_it(self):
        report = self._report({self.wall: 10}).with_user(self.manager)
        report.action_withdraw()
        self.assertEqual(self.wall.quantity_done, 0)
        report.action_approve()
        certificate = self._certificate()
        with self.assertRaisesRegex(UserError, "stands in certificate"):
            report.action_withdraw()
        certificate.with_user(self.manager).action_withdraw()
        report.action_withdraw()
        self.assertEqual(report.state, "submitted")

    def test_today_has_one_open_report(self):
        project = self.project.with_user(self.foreman)
        first = project.action_report_progress()
        second = project.action_report_progress()
        self.assertEqual(first["domain"], second["domain"])

    def test_the_plan_waits_for_the_progress_of_the_works(self):
        self.template.line_ids = [
            Command.clear(),
            Command.create({"name": "40 %", "percent": 40, "trigger": "progress", "progress_percent": 40}),
            Command.create({"name": "Rest", "amount_type": "rest", "kind": "final", "trigger": "handover"}),
        ]
        contract = self._make_contract()
        project = self._start_project(contract)
        roof = contract.position_ids.filtered(lambda position: position.number == "2")
        forty = contract.instalment_ids[0]
        report = self._report({roof: 1}, project=project)
        self.assertGreater(project.progress_percent, 40)
        self.assertEqual(forty.state, "due")
        report.with_user(self.manager).action_withdraw()
        self.assertEqual(forty.state, "waiting")
        report.with_user(self.manager).action_approve()
        self._invoice(forty)
        with self.assertRaisesRegex(UserError, "is invoiced"):
            report.with_user(self.manager).action_withdraw()

    def test_a_foreman_sees_no_amounts(self):
        position = self.wall.with_user(self.foreman)
        self.assertEqual(position.quantity, 30)
        for name in ("amount", "amount_original", "amount_taxed"):
            with self.assertRaises(AccessError):
                position.read([name])
        self.assertNotIn("amount", position.fields_get())
        self.assertEqual(self.wall.with_user(self.project_admin).amount, 566.61)

    def test_others_read_and_do_not_report(self):
        report = self._report({self.wall: 10}, approve=False)
        for user in (self.salesman, self.accountant, self.auditor):
            self.assertEqual(report.with_user(user).changed_count, 1)
            with self.assertRaises(AccessError):
                report.with_user(user).note = "x"
        with self.assertRaises(AccessError):
            report.with_user(self.other_salesman).read(["state"])
        with self.assertRaises(AccessError):
            report.with_user(self.surveyor).read(["state"])

    def test_a_measured_chapter_is_not_deleted(self):
        self._report({self.wall: 10})
        with self.assertRaisesRegex(UserError, "its progress was recorded"):
            self.wall.chapter_line_id.unlink()
