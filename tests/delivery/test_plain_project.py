from odoo.fields import Command
from odoo.tests import tagged

from ...models.delivery.project_project import FROM_SOURCES
from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestPlainProject(DeliveryCommon):
    """Stock's own projects and entries: nothing of ours is worked out for them."""

    def test_a_plain_project_is_made_without_a_second_write(self):
        stage = self.env["project.project.stage"].search([], limit=1)
        project = self.env["project.project"].create({"name": "Plain", "stage_id": stage.id})
        pending = [name for name in FROM_SOURCES if self.env.is_to_compute(project._fields[name], project)]
        self.assertFalse(pending)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse([name for name in FROM_SOURCES if project[name]])
        self.assertEqual(project.construction_stage_id, stage)

    def test_a_plain_project_that_gets_a_deal_knows_it(self):
        project = self.env["project.project"].create({"name": "Plain"})
        self.order.action_create_contract()
        self.order.contract_id.instalment_ids = [
            Command.create({"name": "All", "amount_type": "rest", "kind": "progress"})
        ]
        self.order.contract_id.action_sign()
        project.lead_id = self.lead
        self.assertEqual(project.contract_id, self.order.contract_id)
        self.assertEqual(project.amount_contract, self.order.contract_id.amount_total)

    def test_a_stage_chosen_on_our_form_is_stocks_too(self):
        made = self.env["project.project"].create(
            [{"name": "Chosen", "construction_stage_id": self.works.id}, {"name": "Stock", "stage_id": self.design.id}]
        )
        self.assertEqual(made.mapped("stage_id"), self.works | self.design)
        self.assertEqual(made.mapped("construction_stage_id"), self.works | self.design)

    def test_figures_of_entries_do_not_lead_to_collections(self):
        # each save of an entry walks all that hangs on its figures
        figure = self.env["account.move.line"]._fields["quantity"]
        led_to = {field.model_name for field in self.registry.get_dependent_fields(figure)}
        self.assertFalse([name for name in led_to if name.startswith("construction.") or name == "crm.lead"])
