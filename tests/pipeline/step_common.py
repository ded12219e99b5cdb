from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

# These tests count in days, so a zone of its own only while it is the same day there until the last of them has run.
ZONE = "Europe/Bucharest" if fields.Datetime.now().hour < 19 else "UTC"


class StepCommon(TransactionCase):
    """A pipeline of four stages with a step each; a salesperson, a rival, a manager and others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["construction.step.type"].search([]).active = False
        Stage = cls.env["crm.stage"]
        names = ("First", "Visited", "Offered", "Contracted")
        cls.stages = Stage.create([{"name": name, "sequence": 100 + n} for n, name in enumerate(names)])
        cls.first, cls.visited, cls.offered, cls.contracted = cls.stages
        cls.won = Stage.create({"name": "Won at last", "sequence": 900, "is_won": True})
        cls.kind_contact, cls.kind_visit, cls.kind_offer, cls.kind_contract = cls.env["construction.step.type"].create(
            [
                {
                    "name": name,
                    "sequence": 10 * (n + 1),
                    "requirement": requirement,
                    "is_gate": is_gate,
                    "delay_days": n + 1,
                    "stage_id": cls.stages[n].id,
                }
                for n, (name, requirement, is_gate) in enumerate(
                    [
                        ("Contact", "summary", False),
                        ("Visit", "sheet", True),
                        ("Offer", "quote", True),
                        ("Contract", "contract", False),
                    ]
                )
            ]
        )
        cls.type = cls.env["construction.type"].create({"name": "Renovation"})
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Too dear"})
        cls.client = cls.env["res.partner"].create({"name": "Ana Client"})
        cls.salesperson = cls.make_user("step_sales", "sales_team.group_sale_salesman")
        cls.rival = cls.make_user("step_rival", "sales_team.group_sale_salesman")
        cls.manager = cls.make_user("step_manager", "sales_team.group_sale_manager")
        cls.surveyor = cls.make_user("step_surveyor", "construction_crm.group_surveyor")
        cls.accountant = cls.make_user("step_accountant", "account.group_account_invoice")
        cls.consultant = cls.make_user("step_consultant", "base.group_system")
        cls.project_user = cls.make_user("step_project", "project.group_project_user")
        cls.portal = new_test_user(cls.env, login="step_portal", groups="base.group_portal")
        cls.deal = cls.make_deal()

    @classmethod
    def make_user(cls, login, groups):
        return new_test_user(cls.env, login=login, groups=f"base.group_user,{groups}", tz=ZONE)

    @classmethod
    def make_deal(cls, **values):
        deal = cls.env["crm.lead"].create(
            {
                "name": "House on plot 7",
                "type": "opportunity",
                "partner_id": cls.client.id,
                "construction_type_id": cls.type.id,
                "user_id": cls.salesperson.id,
                "stage_id": cls.first.id,
                "is_activated": False,
                **values,
            }
        )
        cls.env.flush_all()
        return deal

    def activate(self, deals=None, user=None, **values):
        """Press Activate as that user."""
        deals = (deals or self.deal).with_user(user or self.salesperson)
        action = deals.action_activate_lead()
        wizard = self.env[action["res_model"]].with_user(user or self.salesperson).with_context(**action["context"])
        wizard = wizard.create(values)
        wizard.action_activate()
        return wizard

    def close(self, deal=None, user=None, **values):
        """Press Next Step as that user."""
        deal = (deal or self.deal).with_user(user or self.salesperson)
        action = deal.action_next_step()
        wizard = self.env[action["res_model"]].with_user(user or self.salesperson).with_context(**action["context"])
        wizard = wizard.create(values)
        wizard.action_apply()
        return wizard

    def make_final_sheet(self, deal=None):
        """A sheet as it stands once it was finalised."""
        deal = deal or self.deal
        sheet = self.env["construction.evaluation"].create({"lead_id": deal.id})
        sheet._set_state("final")
        return sheet

    def make_quote(self, deal=None):
        deal = deal or self.deal
        product = self.env["product.product"].create({"name": "Works", "type": "service", "list_price": 100.0})
        return self.env["sale.order"].create(
            {
                "partner_id": deal.partner_id.id,
                "opportunity_id": deal.id,
                "user_id": deal.user_id.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
