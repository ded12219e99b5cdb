from odoo.tests import new_test_user, tagged
from odoo.tests.common import TransactionCase

from ...models.estimate.construction_recipe_cost import COST_GROUP
from ...models.estimate.price_book import PRICE_GROUPS
from .field_secrets import get_kinds, get_our_fields

# Who gets no amount of a contract, an order or a deal by his group alone.
OUTSIDERS = {
    "surveyor": "base.group_user,construction_crm.group_surveyor",
    "employee": "base.group_user",
    "customer": "base.group_portal",
}


@tagged("post_install", "-at_install")
class TestFieldSecrets(TransactionCase):
    """Every figure of ours is classified, and guarded as its kind asks."""

    def setUp(self):
        super().setUp()
        self.kinds = get_kinds()

    def test_every_field_is_classified(self):
        unknown = [f"{model}.{name}" for model, name in get_our_fields(self.env) if (model, name) not in self.kinds]
        self.assertFalse(
            unknown,
            "Say in tests/contract/field_secrets.py what these fields tell. A cost, a margin or anything worked out "
            "of one is 'cost' and needs groups=COST_GROUP; a price or total of a sheet is 'price' and needs "
            "groups=PRICE_GROUPS; an amount on a record surveyors may not read is 'money'; the rest is 'public'.",
        )

    def test_costs_need_the_group_of_costs(self):
        readers = self.env.ref(COST_GROUP).all_implied_by_ids
        for model, name in self._get_names("cost"):
            with self.subTest(model=model, field=name):
                if self.env[model]._fields[name].groups:
                    self.assertEqual(self.env[model]._fields[name].groups, COST_GROUP)
                else:
                    self.assertLessEqual(self._get_groups_reading(model), readers)

    def test_prices_of_sheets_need_the_groups_of_prices(self):
        for model, name in self._get_names("price"):
            with self.subTest(model=model, field=name):
                self.assertEqual(self.env[model]._fields[name].groups, PRICE_GROUPS)

    def test_amounts_of_documents_stand_on_records_outsiders_cannot_read(self):
        for role, groups in OUTSIDERS.items():
            user = new_test_user(self.env, login=f"outsider_{role}", groups=groups)
            for model, name in self._get_names("money"):
                if role == "customer" and model in ("sale.order", "sale.order.line"):
                    continue  # his own, by stock's record rules
                records = self.env[model].with_user(user)
                with self.subTest(role=role, model=model, field=name):
                    readable = records.has_access("read") and records._has_field_access(records._fields[name], "read")
                    self.assertFalse(readable)

    def test_what_is_made_for_one_user_is_left_to_him(self):
        for model in {model for model, _name in self._get_names("own")}:
            with self.subTest(model=model):
                rules = self.env["ir.rule"].search([("model_id.model", "=", model), ("groups", "=", False)])
                self.assertIn("create_uid", " ".join(rules.mapped("domain_force")))

    def test_what_is_secret_is_never_tracked(self):
        for (model, name), kind in self.kinds.items():
            if kind in ("cost", "price") and model in self.env and name in self.env[model]._fields:
                with self.subTest(model=model, field=name):
                    self.assertFalse(getattr(self.env[model]._fields[name], "tracking", None))

    def test_what_is_computed_of_a_secret_is_a_secret(self):
        """A field computed by the method of a cost, or related to one, is none the less one."""
        for model, name in get_our_fields(self.env):
            field, kind = self.env[model]._fields[name], self.kinds.get((model, name))
            if self.env[model]._transient:
                continue  # guarded as a whole
            for other_kind in ("cost", "price"):
                if kind == "public" and field.compute and field.type in ("float", "monetary", "html"):
                    others = {
                        other
                        for other_model, other in self._get_names(other_kind)
                        if other_model == model and self.env[model]._fields[other].compute == field.compute
                    }
                    self.assertFalse(others, f"{model}.{name} comes out of the same method")

    def _get_names(self, kind):
        return [
            (model, name)
            for (model, name), found in self.kinds.items()
            if found == kind and model in self.env and name in self.env[model]._fields
        ]

    def _get_groups_reading(self, model):
        accesses = self.env["ir.model.access"].search([("model_id.model", "=", model), ("perm_read", "=", True)])
        self.assertTrue(all(access.group_id for access in accesses), "everybody reads it")
        return accesses.group_id
