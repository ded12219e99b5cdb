from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestStageUsual(DeliveryCommon):
    """The usual stages of works, made when somebody asks for them."""

    NAMES = [
        "Design",
        "Purchase of materials",
        "First stage of works",
        "Second stage of works",
        "Finishing",
        "Handover",
    ]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a run database of the demo has them already
        cls.env["project.project.stage"].search([("usual_key", "!=", False)]).usual_key = False
        cls.own_type = cls.env["construction.type"].create({"name": "Extension"})

    def _get_usual(self):
        return self.env["project.project.stage"].search([("usual_key", "!=", False)])

    def test_installing_makes_none(self):
        self.assertFalse(self._get_usual())

    def test_a_type_gets_the_six_stages_once(self):
        for _time in range(2):
            self.own_type.with_user(self.sale_manager).action_add_usual_stages()
        stages = self.own_type.stage_ids
        self.assertEqual(stages.mapped("name"), self.NAMES)
        self.assertEqual(self._get_usual(), stages)
        self.assertEqual(sum(stages.mapped("usual_weight")), 100)
        self.assertEqual(stages.filtered("is_handover").mapped("name"), ["Handover"])
        self.assertTrue(all(stages.mapped("check_template_ids")))
        self.assertTrue(all(stages.mapped("duration_days")))

    def test_another_type_takes_the_same_stages(self):
        self.own_type.action_add_usual_stages()
        other = self.env["construction.type"].create({"name": "Attic"})
        other.action_add_usual_stages()
        self.assertEqual(other.stage_ids, self.own_type.stage_ids)

    def test_own_stages_and_own_words_are_kept(self):
        self.own_type.stage_ids = self.works
        self.own_type.action_add_usual_stages()
        design = self._get_usual()[0]
        design.write({"name": "Drawings", "duration_days": 3})
        self.own_type.action_add_usual_stages()
        self.assertEqual((design.name, design.duration_days, len(self._get_usual())), ("Drawings", 3, 6))
        self.assertIn(self.works, self.own_type.stage_ids)

    def test_the_list_of_stages_makes_them_too(self):
        Stage = self.env["project.project.stage"]
        Stage.with_user(self.sale_manager).action_add_usual_stages()
        self.assertEqual(self._get_usual().mapped("name"), self.NAMES)
        for user in (self.pm, self.salesperson, self.accountant):
            with self.assertRaises(AccessError):
                Stage.with_user(user).action_add_usual_stages()
            with self.assertRaises(AccessError):
                self.own_type.with_user(user).action_add_usual_stages()

    def test_every_language_gets_its_words(self):
        self.env["res.lang"]._activate_lang("ro_RO")
        self.own_type.with_context(lang="ro_RO").with_user(self.sale_manager).action_add_usual_stages()
        design = self._get_usual()[0]
        self.assertEqual(design.with_context(lang="en_US").name, "Design")
        expected = design.with_context(lang="ro_RO").env._("Design")
        self.assertEqual(design.with_context(lang="ro_RO").name, expected)

    def test_stages_of_a_company_are_its_own(self):
        company = self.env["res.company"].create({"name": "Branch"})
        theirs = self.env["construction.type"].create({"name": "Theirs", "company_id": company.id})
        theirs.action_add_usual_stages()
        self.assertEqual(theirs.stage_ids.company_id, company)
        self.own_type.action_add_usual_stages()
        self.assertFalse(self.own_type.stage_ids & theirs.stage_ids)

    def test_a_copied_stage_is_no_usual_one(self):
        self.own_type.action_add_usual_stages()
        copy = self._get_usual()[0].copy()
        self.assertFalse(copy.usual_key)
        self.assertEqual(len(copy.check_template_ids), 3)

    def test_usual_weights_go_before_durations(self):
        self.design.usual_weight = 40
        weights = [row["weight"] for row in self.lead._prepare_stage_rows(self.env.cr.now().date())]
        self.assertEqual((weights[0], round(sum(weights), 2)), (40.0, 100.0))
        self.assertGreater(weights[1], weights[2])

    def test_a_job_runs_through_the_usual_stages(self):
        self.own_type.action_add_usual_stages()
        self.lead.construction_type_id = self.own_type
        project = self._start()
        milestones = project.milestone_ids
        self.assertEqual(milestones.mapped("name"), self.NAMES)
        self.assertEqual(round(sum(milestones.mapped("weight")), 2), 100)
        project.sudo().user_id = self.pm
        for milestone in milestones:
            milestone.check_ids.with_user(self.pm).write({"is_done": True})
            milestone.with_user(self.pm).action_reach()
        self.assertEqual(project._get_stage_progress(), 100)
        self.assertEqual(project.construction_stage_id, milestones[-1].project_stage_id)
