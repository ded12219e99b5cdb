from odoo.tests import TransactionCase, new_test_user, tagged

HOMES = {
    "sales_team.group_sale_salesman": "construction_overview_action",
    "construction_crm.group_estimator": "construction_overview_action",
    "account.group_account_invoice": "construction_instalment_action_to_invoice",
    "account.group_account_readonly": "construction_contract_action",
    "project.group_project_user": "project_project_action",
    "construction_crm.group_surveyor": "construction_evaluation_action_my",
    "base.group_system": "construction_type_action",
}


@tagged("post_install", "-at_install")
class TestHome(TransactionCase):
    """The app opens where the work of each role begins."""

    def _get_root(self, user):
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        return menus.get(self.env.ref("construction_crm.menu_construction_root").id)

    def test_the_app_opens_at_the_work_of_the_role(self):
        for number, (group, home) in enumerate(HOMES.items()):
            with self.subTest(group=group):
                user = new_test_user(self.env, login=f"home_{number}", groups=f"base.group_user,{group}")
                root = self._get_root(user)
                self.assertTrue(root["children"])
                # reason of sudo: as the web client's own way to load an action
                server = self.env[root["action_model"]].sudo().browse(root["action_id"]).with_user(user)
                action = server.run()
                self.assertEqual(action["xml_id"], f"construction_crm.{home}")

    def test_who_has_no_part_in_works_has_no_app(self):
        user = new_test_user(self.env, login="home_none", groups="base.group_user")
        self.assertFalse(self._get_root(user))
