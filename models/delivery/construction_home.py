from odoo import models

# The first group a user has decides where the app opens; the order is that of the menus.
HOMES = (
    ("sales_team.group_sale_salesman", "construction_overview_action"),
    ("account.group_account_invoice", "construction_instalment_action_to_invoice"),
    ("account.group_account_readonly", "construction_contract_action"),
    ("project.group_project_user", "project_project_action"),
    ("construction_crm.group_surveyor", "construction_evaluation_action_my"),
    ("base.group_system", "construction_type_action"),
)


class ConstructionEvaluation(models.Model):
    """The app opens where the work of the user begins: every role reads sheets, so its menu asks here."""

    _inherit = "construction.evaluation"

    def _get_home_action(self):
        """The action the app opens with for this user, as the web client loads it."""
        names = (name for group, name in HOMES if self.env.user.has_group(group))
        name = next(names, "construction_evaluation_action")
        return self.env["ir.actions.act_window"]._for_xml_id(f"construction_crm.{name}")
