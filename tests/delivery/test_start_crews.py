from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .crew_common import MONDAY, TODAY, CrewCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestStartCrews(CrewCommon):
    """Who carries out the chapters of a project that starts, and whether they have room."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.house = cls._make_deal(name="House of the crews")
        cls.sold = cls._make_order(
            cls.house,
            cls._prepare_chapter("1", cls.wall, [(cls.mason, 100, cls.hour), (cls.brick, 10, cls.unit)])
            + cls._prepare_chapter("2", cls.roof, [(cls.brick, 30, cls.unit)]),
        )

    def _open_wizard(self):
        action = self.house.with_user(self.pm).action_start_project()
        return self.env[action["res_model"]].with_user(self.pm).browse(action["res_id"])

    def test_the_trade_of_the_labour_proposes_the_crew(self):
        wizard = self._open_wizard()
        self.assertEqual(wizard.task_line_ids.mapped("crew_id"), self.masons)
        wall, roof = wizard.task_line_ids.sorted(lambda line: -line.allocated_hours)
        self.assertEqual((wall.crew_id, roof.crew_id), (self.masons, self.masons.browse()))
        wizard.action_start()
        tasks = self.house.project_ids.task_ids
        self.assertEqual(tasks.filtered("allocated_hours").crew_id, self.masons)
        self.assertFalse(tasks.filtered(lambda task: not task.allocated_hours).crew_id)

    def test_the_usual_crew_of_the_stage_comes_after_the_trade(self):
        self.works.crew_id = self.roofers
        self.assertEqual(self._open_wizard().task_line_ids.mapped("crew_id"), self.masons)
        self.mason.trade_id = False
        self.assertEqual(self._open_wizard().task_line_ids.mapped("crew_id"), self.roofers)

    def test_another_crew_may_be_chosen_or_none(self):
        wizard = self._open_wizard()
        wizard.task_line_ids.filtered("allocated_hours").crew_id = self.roofers
        wizard.action_start()
        self.assertEqual(self.house.project_ids.task_ids.crew_id, self.roofers)

    def test_none_chosen_stays_none(self):
        wizard = self._open_wizard()
        wizard.task_line_ids.crew_id = False
        wizard.action_start()
        self.assertFalse(self.house.project_ids.task_ids.crew_id)

    def test_a_start_without_the_wizard_finds_the_crews_too(self):
        project = self._start(self.house)
        self.assertEqual(project.task_ids.crew_id, self.masons)
        project.task_ids.crew_id = self.roofers
        self._start(self.house)
        self.assertEqual(project.task_ids.crew_id, self.roofers, "a second run changes nothing")

    def test_parts_of_a_chapter_have_crews_of_their_own(self):
        roofer = self.env["product.product"].create(
            {
                "name": "Roofer",
                "type": "service",
                "uom_id": self.hour.id,
                "cost_nature": "labour",
                "trade_id": self.roofing.id,
            }
        )
        lead = self._make_deal(name="Parts")
        commands = self._prepare_chapter("1", self.wall, [(self.mason, 10, self.hour)])
        part = self._prepare_chapter("1.1", self.roof, [(roofer, 8, self.hour)])
        part[0][2]["display_type"] = "line_subsection"
        self._make_order(lead, commands + part)
        project = self._start(lead, task_detail="part")
        crews = {task.part_line_id.chapter_product_id: task.crew_id for task in project.task_ids}
        self.assertEqual(crews[self.roof], self.roofers)
        self.assertEqual(crews[self.env["product.product"]], self.masons)

    def test_the_wizard_warns_of_overload_and_starts_all_the_same(self):
        wizard = self._open_wizard()
        self.assertFalse(wizard.load_warning)
        stage = wizard.stage_line_ids.filtered(lambda line: line.project_stage_id == self.works)
        weeks = range((stage.deadline - MONDAY).days // 7 + 1)
        for week in weeks:
            self._make_task(120, self._day(weeks=week), self._day(weeks=week, days=4))
        wizard.invalidate_recordset(["load_warning", "load_preview"])
        self.assertRegex(wizard.load_warning, r"Masons: too much work in Week \d+, Week \d+.* and Week")
        self.assertIn("100 hours", wizard.load_warning)
        wizard.action_start()
        self.assertTrue(self.house.construction_project_id)

    def test_the_hours_sold_are_not_counted_beside_the_job_itself(self):
        board = self._open_wizard().load_preview
        (row,) = board["crews"]
        self.assertEqual(sum(cell["sold"] for cell in row["weeks"]), 0)
        self.assertAlmostEqual(sum(cell["extra"] for cell in row["weeks"]), 100)

    def test_another_start_moves_the_bars(self):
        wizard = self._open_wizard()
        before = self._get_weeks(wizard)
        with Form(wizard) as form:
            form.date_start = self._day(weeks=5)
        after = self._get_weeks(wizard)
        self.assertEqual(sum(before.values()), sum(after.values()))
        self.assertGreaterEqual(min(after), str(self._day(weeks=5)))
        self.assertLess(min(before), min(after))

    def _get_weeks(self, wizard):
        """The hours of the job by week."""
        board = wizard.load_preview
        days = [week["date"] for week in board["weeks"]]
        return {
            day: round(cell["extra"], 4)
            for row in board["crews"]
            for day, cell in zip(days, row["weeks"], strict=True)
            if cell["extra"]
        }

    def test_without_crews_a_project_starts_as_before(self):
        self.masons.trade_ids = [Command.clear()]
        wizard = self._open_wizard()
        self.assertFalse(wizard.load_preview)
        wizard.action_start()
        self.assertFalse(self.house.project_ids.task_ids.crew_id)

    def test_progress_takes_load_away(self):
        self._start(self.house)
        self.env["construction.position"]._sync(self.sold)
        position = self.env["construction.position"].search([("order_id", "=", self.sold.id)], order="id", limit=1)
        before = self._load()
        left = sum(before.firm[self.masons.id]) + before.undated[self.masons.id]
        self.assertAlmostEqual(left, 100)
        position.quantity_done = position.quantity / 4
        after = self._load()
        self.assertAlmostEqual(sum(after.firm[self.masons.id]) + after.undated[self.masons.id], 75)
