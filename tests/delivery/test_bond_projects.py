from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestBondProjects(DeliveryCommon):
    """Who leads a project sees the bonds of its contract; on site nobody sees an amount of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreman = new_test_user(cls.env, "bond_foreman", "project.group_project_user")
        cls.order.action_create_contract()
        cls.lead.with_user(cls.project_admin)._start_project({"user_id": cls.pm.id})
        cls.project = cls.lead.construction_project_id
        cls.project.user_id = cls.pm
        values = {"lead_id": cls.lead.id, "amount": 500, "number": "B-1", "user_id": cls.salesperson.id}
        cls.performance, cls.bid = cls.env["construction.bond"].create(
            [{**values, "kind": "performance"}, {**values, "kind": "bid"}]
        )
        cls.question = cls.env["construction.clarification"].create(
            {"lead_id": cls.lead.id, "question": "Which tiles?", "answer": "White ones"}
        )
        cls.env.flush_all()

    def _find(self, user):
        return self.env["construction.bond"].with_user(user).search([("lead_id", "=", self.lead.id)])

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_the_manager_of_the_project_reads_the_bonds_of_its_contract(self):
        self.assertEqual(self.performance.contract_id, self.order.contract_id)
        self.assertEqual(self._find(self.pm), self.performance)
        self.assertEqual(self._find(self.project_admin), self.performance)
        self.assertFalse(self._find(self.foreman))
        for user in (self.pm, self.project_admin):
            with self.assertRaises(AccessError):
                self.performance.with_user(user).amount = 1
        with self.assertRaises(AccessError):
            self.performance.with_user(self.foreman).read(["amount"])
        action = self.order.contract_id.with_user(self.pm).action_view_bonds()
        self.assertEqual(self.env["construction.bond"].with_user(self.pm).search(action["domain"]), self.performance)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_answers_are_read_on_site(self):
        for user in (self.pm, self.foreman):
            self.assertEqual(self.question.with_user(user).answer, "White ones")
            with self.assertRaises(AccessError):
                self.question.with_user(user).answer = "Pink"
        self.project.privacy_visibility = "followers"
        self.env.flush_all()
        self.assertFalse(self.question.with_user(self.foreman).has_access("read"))

    def test_the_deal_of_a_merged_one_keeps_its_bonds(self):
        other = self._make_deal()
        self.env["construction.bond"].create({"lead_id": other.id, "number": "B-9"})
        kept = (self.lead | other).merge_opportunity()
        self.assertEqual(len(kept.bond_ids), 3)
