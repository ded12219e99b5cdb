from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestOwnScreens(TransactionCase):
    def test_what_a_screen_asks_belongs_to_whoever_opened_it(self):
        """A wizard may hold costs, files or choices of one person: no other employee reads its rows."""
        rules = self.env["ir.rule"].search([("model_id.transient", "=", True)])
        guarded = {rule.model_id.model for rule in rules if "create_uid" in (rule.domain_force or "")}
        asking = {
            name for name, model in self.registry.items() if name.startswith("construction.") and model._transient
        }
        self.assertTrue(asking)
        self.assertFalse(sorted(asking - guarded), "give these a rule in security/<room>/construction_wizard_rules.xml")
