"""Who must not see what, and a finished job with figures to look for."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .field_secrets import get_kinds
from .line_common import LineCommon

QUIET = ("odoo.http", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
# Who must not see what. Those who may see prices and not costs: salespeople.
BLIND = {
    "surveyor": ("cost", "price"),
    "project_manager": ("cost", "price"),
    "employee": ("cost", "price"),
    "customer": ("cost", "price"),
    "salesperson": ("cost",),
}
# Prices of the components, of the items, and of the sheet; 77.77 is what every component costs.
PRICES = ("31.15", "24.37", "849.99", "61.00")
COST = "77.77"


class LeakCommon(LineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = new_test_user(cls.env, login="line_employee", groups="base.group_user")
        cls.customer = new_test_user(cls.env, login="line_customer", groups="base.group_portal")
        cls.customer.partner_id.parent_id = cls.client
        for role in ("surveyor", "project_manager", "employee", "salesperson"):
            getattr(cls, role).group_ids += cls.env.ref("base.group_allow_export")
        cls.contract = cls.make_contract()
        cls.quote = cls.contract.order_ids
        cls.sheet = cls.quote.evaluation_id
        cls.sheet.lead_id.with_user(cls.project_manager)._start_project({})
        cls.env["construction.markup"].create({"name": "Profit", "percent": 17.31})
        cls.recipe = cls.env["construction.recipe"].search([("product_tmpl_id", "=", cls.tiling.product_tmpl_id.id)])
        kinds = get_kinds()
        # Fields of other types tell as much: a pricelist, the quotes of a sheet.
        cls.secrets = [
            (model, name, kind)
            for (model, name), kind in kinds.items()
            if kind in ("cost", "price") and model in cls.env and name in cls.env[model]._fields
        ]

    def each_searched_secret(self):
        """Go through those one can search for: a file cannot be."""
        for role, record, name in self.each_secret():
            if record._fields[name].type != "binary":
                yield role, record, name

    def each_secret(self):
        """Go through every secret with everyone who must not see it."""
        for role, kinds in BLIND.items():
            user = getattr(self, role)
            for model, name, kind in self.secrets:
                if kind in kinds:
                    self.env.invalidate_all()
                    # sudo: of whatever there is; the attempt itself is the user's
                    record = self.env[model].sudo().search([], limit=1).with_user(user).sudo(False)
                    yield role, record, name

    def assert_closed(self, record, name, roads):
        """Check that each road ends with an error, or tells nothing of the field."""
        for road, attempt in roads.items():
            with mute_logger(*QUIET):
                try:
                    answer = attempt()
                except (AccessError, UserError, ValueError, KeyError, NotImplementedError, TypeError):
                    continue
            self.fail(f"{record._name}.{name} by {road}: {answer}")

    def _check_text(self, text, kinds, model="construction.evaluation"):
        self.assertNotIn(COST, text)
        if "price" in kinds and model != "construction.contract":
            for price in PRICES:
                self.assertNotIn(price, text)

    def estimator_user(self):
        groups = "construction_crm.group_estimator,base.group_allow_export"
        return new_test_user(self.env, login="line_estimator", groups=groups)
