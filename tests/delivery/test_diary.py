from datetime import timedelta

from lxml import etree
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .site_common import PIXEL, SiteCommon


@tagged("post_install", "-at_install")
class TestDiary(SiteCommon):
    """One page a day: what is confirmed stays, and what delays the works adds up."""

    def test_a_project_has_one_page_a_day(self):
        self._diary()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._diary(user=self.manager)

    def test_a_page_is_not_written_for_a_day_to_come(self):
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self._diary(date=self.today + timedelta(days=1))

    def test_other_projects_have_no_diary(self):
        stock = self.env["project.project"].sudo().create({"name": "Website"})
        with self.assertRaisesRegex(ValidationError, "no construction project"):
            self._diary(project_id=stock.id)

    def test_a_delay_of_hours_only_shows_the_days_it_makes(self):
        diary = self._diary(delay_ids=[Command.create({"reason": "weather", "hours": 4})])
        self.assertRecordValues(diary.delay_ids, [{"days": 0.0, "days_total": 0.5}])
        view = etree.fromstring(diary.get_view(view_type="form")["arch"])
        self.assertTrue(view.xpath("//field[@name='delay_ids']/list/field[@name='days_total'][@sum]"))

    def test_hours_and_people_add_up(self):
        diary = self._diary(
            presence_ids=[
                Command.create({"crew_id": self.crew.id, "people": 3, "hours": 8}),
                Command.create({"partner_id": self.partner_b.id, "people": 2, "hours": 4.5}),
            ]
        )
        self.assertRecordValues(diary, [{"people": 5, "hours_total": 33.0}])

    def test_somebody_has_to_be_there(self):
        with self.assertRaisesRegex(ValidationError, "Say who was there"):
            self._diary(presence_ids=[Command.create({"people": 3})])

    def test_the_only_project_is_proposed_and_of_several_the_last_one_written_about(self):
        def propose(model):
            return self.env[model].with_user(self.foreman).default_get(["project_id"]).get("project_id")

        models = ("construction.diary", "construction.snag", "construction.progress")
        self.assertEqual([propose(model) for model in models], [self.project.id] * 3)
        self.project.copy({"lead_id": self.project.lead_id.copy().id})
        self.assertEqual([propose(model) for model in models], [False] * 3)
        self._diary()
        self.assertEqual([propose(model) for model in models], [self.project.id] * 3)

    def test_yesterdays_people_are_proposed(self):
        self._diary(
            date=self.today - timedelta(days=3),
            presence_ids=[Command.create({"crew_id": self.crew.id, "people": 2, "hours": 7, "note": "Bathroom"})],
        )
        form = Form(
            self.env["construction.diary"].with_user(self.foreman).with_context(default_project_id=self.project.id)
        )
        diary = form.save()
        self.assertRecordValues(
            diary.presence_ids, [{"crew_id": self.crew.id, "people": 2, "hours": 7.0, "note": False}]
        )

    def test_a_crew_brings_its_size(self):
        form = Form(self.env["construction.diary"].with_user(self.foreman))
        form.project_id = self.project
        with form.presence_ids.new() as line:
            line.crew_id = self.crew
        self.assertEqual(form.save().presence_ids.people, 3)

    # === CONFIRMING === #

    def test_the_manager_confirms_and_nobody_changes_it_by_any_road(self):
        diary = self._diary(
            presence_ids=[Command.create({"name": "Surveyor"})],
            delay_ids=[Command.create({"reason": "weather", "days": 1})],
        )
        diary.with_user(self.manager).action_confirm()
        self.assertRecordValues(diary, [{"state": "confirmed", "confirmed_by_id": self.manager.id}])
        for user in (self.foreman, self.manager, self.administrator):
            page = diary.with_user(user)
            for values in (
                {"work_done": "Nothing"},
                {"presence_ids": [Command.clear()]},
                {"delay_ids": [Command.create({"reason": "client", "days": 5})]},
                {"state": "draft"},
            ):
                with self.subTest(user=user.login, values=values), self.assertRaises(UserError):
                    page.write(values)
            with self.assertRaises(UserError):
                page.presence_ids.hours = 1
            with self.assertRaises(UserError):
                page.delay_ids.days = 7
            with self.assertRaises(UserError):
                page.delay_ids.unlink()
            with self.assertRaises(UserError):
                self.env["construction.diary.delay"].with_user(user).create(
                    {"diary_id": diary.id, "reason": "client", "days": 1}
                )
            with self.assertRaises(UserError):
                page.unlink()

    def test_confirming_twice_is_confirming_once(self):
        diary = self._diary().with_user(self.manager)
        diary.action_confirm()
        day = diary.date_confirmed
        diary.with_user(self.administrator).action_confirm()
        self.assertRecordValues(diary, [{"confirmed_by_id": self.manager.id, "date_confirmed": day}])

    def test_a_foreman_neither_confirms_nor_corrects(self):
        diary = self._diary()
        with self.assertRaisesRegex(AccessError, "Only the manager"):
            diary.action_confirm()
        with self.assertRaisesRegex(UserError, "buttons of the form"):
            diary.state = "confirmed"
        with self.assertRaisesRegex(UserError, "buttons of the form"):
            self._diary(date=self.today - timedelta(days=1), state="confirmed")
        diary.with_user(self.manager).action_confirm()
        with self.assertRaisesRegex(AccessError, "Only the manager"):
            self._give_reason(diary, "wrong hours")

    def _give_reason(self, diary, reason, user=None):
        diary = diary.with_user(user or self.foreman)
        action = diary.action_ask_correct()
        wizard = self.env["construction.reason"].with_user(diary.env.user).with_context(**action["context"])
        wizard.create({"reason": reason}).action_confirm()

    def test_the_manager_corrects_with_a_reason(self):
        diary = self._diary()
        diary.with_user(self.manager).action_confirm()
        with self.assertRaisesRegex(UserError, "Write the reason"):
            self._give_reason(diary, "  ", self.manager)
        self._give_reason(diary, "wrong hours", self.manager)
        self.assertRecordValues(diary, [{"state": "draft", "confirmed_by_id": False, "date_confirmed": False}])
        self.assertIn("wrong hours", diary.message_ids[0].body)
        diary.work_done = "Tiling of the bathroom"

    # === DELAYS === #

    def test_delays_add_up_when_confirmed(self):
        first = self._diary(
            date=self.today - timedelta(days=1),
            delay_ids=[
                Command.create({"reason": "weather", "days": 1}),
                Command.create({"reason": "client", "hours": 4, "is_claimable": True}),
            ],
        )
        second = self._diary(delay_ids=[Command.create({"reason": "client", "days": 2, "is_claimable": True})])
        project = self.project.with_user(self.manager)
        self.assertRecordValues(first, [{"delay_days": 1.5}])
        self.assertRecordValues(project, [{"delay_days": 0.0, "delay_days_claimable": 0.0}])
        first.with_user(self.manager).action_confirm()
        project.invalidate_recordset()
        self.assertRecordValues(project, [{"delay_days": 1.5, "delay_days_claimable": 0.5}])
        second.with_user(self.manager).action_confirm()
        project.invalidate_recordset()
        self.assertRecordValues(project, [{"delay_days": 3.5, "delay_days_claimable": 2.5, "diary_count": 2}])

    def test_the_print_of_a_claim_sums_by_reason(self):
        self._diary(date=self.today - timedelta(days=1), delay_ids=[Command.create({"reason": "other", "days": 9})])
        claim = self._diary(
            delay_ids=[
                Command.create({"reason": "client", "days": 2, "is_claimable": True, "note": "No access"}),
                Command.create({"reason": "weather", "days": 1}),
            ]
        )
        claim.with_user(self.manager).action_confirm()
        wizard = self.env["construction.diary.print"].with_user(self.manager).create({"project_id": self.project.id})
        self.assertEqual(len(wizard._get_diaries()), 2)
        wizard.content = "claims"
        sums = wizard._sum_delays(wizard._get_diaries())
        self.assertEqual([(row["days"], row["claimable"]) for row in sums], [(2.0, 2.0), (1.0, 0.0), (3.0, 2.0)])
        html = self._render("construction_crm.action_report_construction_diary_range", wizard)
        self.assertIn("No access", html)
        wizard.date_to = self.today - timedelta(days=30)
        with self.assertRaisesRegex(UserError, "no such page"):
            wizard.action_print()

    def _render(self, report, records):
        reports = self.env["ir.actions.report"].with_user(self.manager)
        return reports._render_qweb_html(report, records.ids)[0].decode()

    # === PHOTOS === #

    def test_photos_belong_to_the_page(self):
        photo = (
            self.env["ir.attachment"]
            .with_user(self.foreman)
            .create({"name": "wall.png", "datas": PIXEL, "res_model": "construction.diary"})
        )
        diary = self._diary(attachment_ids=[Command.link(photo.id)])
        self.assertRecordValues(photo, [{"res_model": "construction.diary", "res_id": diary.id}])
        self.assertEqual(photo.with_user(self.manager).name, "wall.png", "the manager sees it too")
        self.assertIn("data:image/png", self._render("construction_crm.action_report_construction_diary", diary))
        with self.assertRaises(AccessError):
            photo.with_user(self.salesman).read(["name"])

    def test_a_file_of_somebody_else_is_not_taken(self):
        secret = self.env["ir.attachment"].create({"name": "secret.png", "datas": PIXEL})
        with self.assertRaises(AccessError):
            self._diary(attachment_ids=[Command.link(secret.id)])
