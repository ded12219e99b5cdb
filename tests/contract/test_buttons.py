from lxml import etree

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestButtons(TransactionCase):
    """Each button of our screens calls what the web client can call."""

    def _check(self, node, model, view):
        for child in node:
            if not isinstance(child.tag, str):
                continue
            field = model._fields.get(child.get("name")) if child.tag == "field" else None
            self._check(child, self.env[field.comodel_name] if field and field.comodel_name else model, view)
            if child.tag != "button" or child.get("type") != "object":
                continue
            method = getattr(type(model), child.get("name"), None)
            with self.subTest(view=view.xml_id, button=child.get("name")):
                self.assertTrue(method, "A button without its method")
                # The web client always sends the ids, which such a method takes for its first argument.
                self.assertFalse(getattr(method, "_api_model", False), "A button cannot call a method of the model")

    def test_buttons_call_methods_that_take_the_records(self):
        data = self.env["ir.model.data"].search([("module", "=", "construction_crm"), ("model", "=", "ir.ui.view")])
        for view in self.env["ir.ui.view"].browse(data.mapped("res_id")):
            if view.model in self.env:
                arch = self.env[view.model].with_context(no_address_format=True).get_view(view.id)["arch"]
                self._check(etree.fromstring(arch), self.env[view.model], view)
