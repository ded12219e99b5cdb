from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..query_count import counting
from .site_common import SiteCommon


@tagged("post_install", "-at_install")
class TestSnag(SiteCommon):
    """A snag is fixed by one person and verified by another; what it holds waits for that."""

    def _reason(self, snag, step, reason, user):
        snag = snag.with_user(user)
        action = getattr(snag, f"action_ask_{step}")()
        wizard = self.env["construction.reason"].with_user(user).with_context(**action["context"])
        wizard.create({"reason": reason}).action_confirm()

    def test_snags_are_numbered_by_project(self):
        first, second = self._snag(), self._snag()
        other = self._make_project(self._create_withheld().lead_id)
        third = self._snag(project_id=other.id)
        self.assertEqual((first | second | third).mapped("number"), [1, 2, 1])
        self.assertEqual(first.display_name, "1. Tile cracked")

    def test_severity_proposes_what_it_holds_and_when_it_is_due(self):
        for severity, holds, days in (("minor", "nothing", 14), ("major", "retention", 7), ("critical", "handover", 3)):
            snag = self._snag(severity=severity)
            self.assertRecordValues(snag, [{"holds": holds, "date_due": self.today + timedelta(days=days)}])
        self.assertEqual(self._snag(severity="minor", holds="handover").holds, "handover", "chosen by hand")

    def test_another_person_verifies(self):
        snag = self._snag()
        snag.action_fix()
        self.assertRecordValues(snag, [{"state": "fixed", "fixed_by_id": self.foreman.id}])
        snag.with_user(self.manager).action_verify()
        self.assertRecordValues(snag, [{"state": "verified", "verified_by_id": self.manager.id}])

    def test_nobody_verifies_what_he_fixed_himself(self):
        for user in (self.manager, self.administrator):
            snag = self._snag(user=user)
            snag.action_fix()
            with self.assertRaisesRegex(UserError, "another person has to verify"):
                snag.action_verify()
            with self.assertRaisesRegex(UserError, "another person has to verify"):
                snag.sudo().action_verify()

    def test_no_step_is_taken_by_writing(self):
        snag = self._snag()
        snag.action_fix()
        for user in (self.foreman, self.manager, self.administrator):
            for values in (
                {"state": "verified"},
                {"fixed_by_id": self.administrator.id},
                {"verified_by_id": self.manager.id},
                {"number": 77},
            ):
                with self.subTest(user=user.login, values=values), self.assertRaisesRegex(UserError, "buttons"):
                    snag.with_user(user).write(values)
        for values in ({"state": "verified"}, {"fixed_by_id": self.manager.id}, {"number": 9}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "buttons"):
                self._snag(**values)

    def test_a_foreman_does_not_verify_reject_or_cancel(self):
        snag = self._snag(user=self.manager)
        snag.action_fix()
        with self.assertRaisesRegex(AccessError, "Only the manager"):
            snag.with_user(self.foreman).action_verify()
        for step in ("reject", "cancel"):
            with self.assertRaisesRegex(AccessError, "Only the manager"):
                self._reason(snag, step, "because", self.foreman)

    def test_what_is_not_fixed_goes_back_with_a_reason(self):
        snag = self._snag()
        snag.action_fix()
        self._reason(snag, "reject", "still loose", self.manager)
        self.assertRecordValues(
            snag, [{"state": "open", "fixed_by_id": False, "date_fixed": False, "reject_reason": "still loose"}]
        )
        self.assertIn("still loose", snag.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "worked on"):
            snag.unlink()

    def test_only_what_is_fixed_is_verified(self):
        snag = self._snag()
        with self.assertRaisesRegex(UserError, "its state is “Open”"):
            snag.with_user(self.manager).action_verify()
        self._reason(snag, "cancel", "is meant so", self.manager)
        self.assertRecordValues(snag, [{"state": "cancelled", "cancel_reason": "is meant so"}])
        with self.assertRaisesRegex(UserError, "its state is “Cancelled”"):
            snag.action_fix()
        snag.with_user(self.manager).action_reopen()
        self.assertEqual(snag.state, "open")

    def test_steps_taken_twice_are_taken_once(self):
        snag = self._snag()
        snag.action_fix()
        snag.with_user(self.manager).action_fix()
        self.assertEqual(snag.fixed_by_id, self.foreman)
        snag.with_user(self.manager).action_verify()
        snag.with_user(self.administrator).action_verify()
        self.assertEqual(snag.verified_by_id, self.manager)

    def test_what_is_verified_stays(self):
        snag = self._snag()
        snag.action_fix()
        snag.with_user(self.manager).action_verify()
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            snag.name = "Nothing"
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            snag.with_user(self.administrator).holds = "nothing"
        with self.assertRaisesRegex(UserError, "stays on the list"):
            snag.with_user(self.administrator).unlink()

    def test_a_place_is_one_of_its_project(self):
        other = self._make_project(self._create_withheld().lead_id)
        place = (
            self.env["construction.place"].with_user(self.foreman).create({"name": "Kitchen", "project_id": other.id})
        )
        with self.assertRaisesRegex(ValidationError, "must be those of its project"):
            self._snag(place_id=place.id)

    # === WHO IS TOLD === #

    def test_the_responsible_is_asked_and_then_the_manager(self):
        snag = self._snag(crew_id=self.crew.id)
        self.assertRecordValues(
            snag.activity_ids, [{"user_id": self.foreman.id, "date_deadline": snag.date_due, "automated": True}]
        )
        snag.user_id = self.project_user
        self.assertEqual(snag.activity_ids.user_id, self.project_user)
        snag.date_due = self.today
        self.assertEqual(snag.activity_ids.date_deadline, self.today)
        snag.action_fix()
        self.assertRecordValues(snag.activity_ids, [{"user_id": self.manager.id, "summary": "Verify: Tile cracked"}])
        snag.with_user(self.manager).action_verify()
        self.assertFalse(snag.activity_ids)

    def test_what_is_given_to_nobody_is_the_managers(self):
        self.assertEqual(self._snag().activity_ids.user_id, self.manager)

    def test_overdue_snags_are_found(self):
        late = self._snag(date_due=self.today - timedelta(days=1))
        fixed = self._snag(date_due=self.today - timedelta(days=1))
        fixed.action_fix()
        found = self.env["construction.snag"].search(
            [("project_id", "=", self.project.id), ("state", "=", "open"), ("date_due", "<", "today")]
        )
        self.assertEqual(found, late)
        self.assertTrue(late.is_overdue)
        self.assertFalse(fixed.is_overdue)

    # === WHAT IT HOLDS === #

    def test_a_retention_waits_for_its_snags_and_is_released_with_the_last(self):
        move = self._invoice(self.contract.instalment_ids[1])
        self._register(move)
        first, second = self._snag(severity="major"), self._snag(severity="major")
        self.contract.action_complete()
        self.assertTrue(self.contract.is_retention_waiting)
        self.assertFalse(self.contract.date_released_handover)
        self.assertIn("no. 1 “Tile cracked”", self.contract.retention_holds)
        with self.assertRaisesRegex(UserError, "not verified yet"):
            self.contract.with_user(self.accountant)._release_retention(["handover"])
        (first | second).action_fix()
        first.with_user(self.manager).action_verify()
        self.assertFalse(self.contract.date_released_handover)
        second.with_user(self.manager).action_verify()
        self.assertEqual(self.contract.date_released_handover, self.today)
        self.assertRetention(self.contract, 24.2, 24.2)

    def test_a_cancelled_or_lowered_snag_frees_the_retention(self):
        self._register(self._invoice(self.contract.instalment_ids[1]))
        snag, minor = self._snag(severity="major"), self._snag(severity="major")
        self.contract.action_complete()
        self._reason(snag, "cancel", "is meant so", self.manager)
        self.assertFalse(self.contract.date_released_handover)
        minor.holds = "nothing"
        self.assertTrue(self.contract.date_released_handover)

    def test_an_archived_project_frees_nothing(self):
        self._snag(severity="major")
        self.project.active = False
        self.assertTrue(self.contract._get_release_holds())

    def test_the_stage_of_handover_waits_for_critical_snags(self):
        works, handover = self.project.milestone_ids
        works.with_user(self.manager).action_reach()
        self._snag(severity="major")
        critical = self._snag(severity="critical", name="No water")
        with self.assertRaisesRegex(UserError, "No water"):
            handover.with_user(self.manager).action_reach()
        with self.assertRaisesRegex(UserError, "No water"):
            handover.with_user(self.administrator).is_reached = True
        critical.action_fix()
        critical.with_user(self.manager).action_verify()
        handover.with_user(self.manager).action_reach()
        self.assertTrue(handover.is_reached)

    def test_snags_print_with_who_fixes_them(self):
        snags = self._snag(crew_id=self.crew.id) | self._snag(partner_id=self.partner_b.id, name="Door stuck")
        reports = self.env["ir.actions.report"].with_user(self.foreman)
        html = reports._render_qweb_html("construction_crm.action_report_construction_snag", snags.ids)[0].decode()
        self.assertIn("Door stuck", html)
        html = reports._render_qweb_html("construction_crm.action_report_construction_snag_responsible", snags.ids)[0]
        self.assertEqual(html.decode().count("To be put right by"), 2)

    def test_many_snags_cost_few_queries(self):
        counts = []
        for size in (5, 5, 20):
            snags = self.env["construction.snag"].browse([self._snag(severity="critical").id for _i in range(size)])
            with counting(self.env) as queries:
                self.contract._get_release_holds()
                self.project.with_user(self.manager).mapped("snag_count")
            counts.append(queries.count)
            snags.sudo().unlink()
        self.assertEqual(*counts[1:], "the first look reads rules and rights")
