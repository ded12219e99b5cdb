"""No price to a surveyor, no cost to whoever may not see costs: tried by every road there is."""

import base64
import json
import re

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
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


@tagged("post_install", "-at_install")
class TestLeakRoads(LineCommon):
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

    def test_the_same_roads_lead_who_may_to_the_figures(self):
        """Else the tests below would prove nothing."""
        sheet = self.sheet.with_user(self.estimator_user())
        for name, value in (("amount_total", self.sheet.amount_total), ("amount_cost", self.sheet.amount_cost)):
            self.assertTrue(value)
            self.assertEqual(sheet.read([name])[0][name], value)
            self.assertEqual(float(sheet.export_data([name])["datas"][0][0]), value)
        self.assertIn(sheet, sheet.search([("amount_total", ">", 1)]))
        self.assertTrue(sheet.formatted_read_group([], [], ["amount_total:sum"])[0]["amount_total:sum"])
        self.authenticate("line_estimator", "line_estimator")
        answer = self.url_open(f"/report/html/construction_crm.report_evaluation/{self.sheet.id}")
        self.assertIn("849.99", answer.text)

    def estimator_user(self):
        groups = "construction_crm.group_estimator,base.group_allow_export"
        return new_test_user(self.env, login="line_estimator", groups=groups)

    # === RPC === #

    def test_nothing_by_reading(self):
        for role, record, name in self.each_secret():
            with self.subTest(role=role, model=record._name, field=name):
                self.assert_closed(record, name, self._get_reading_roads(record, name) if record else {})

    def _get_reading_roads(self, record, name):
        return {
            "read": lambda: record.read([name]),
            "web_read": lambda: record.web_read({name: {}}),
            "search_read": lambda: record.search_read([], [name]),
            "web_search_read": lambda: record.web_search_read([], {name: {}}),
            "export": lambda: record.export_data([name]),
            "mapped": lambda: record.mapped(name),
        }

    def test_nothing_by_searching_blindly(self):
        for role, record, name in self.each_searched_secret():
            with self.subTest(role=role, model=record._name, field=name):
                self.assert_closed(record, name, self._get_searching_roads(record, name))

    def _get_searching_roads(self, record, name):
        model = record.browse()
        domain = [(name, "ilike", "1") if self._is_text(record, name) else (name, ">", 1)]
        return {
            "search": lambda: model.search(domain),
            "search_count": lambda: model.search_count(domain),
            "set": lambda: model.search([(name, "!=", False)]),
            "order": lambda: model.search([], order=f"{name} desc"),
            "read order": lambda: model.search_read([], ["id"], order=name),
            "name_search": lambda: model.name_search("", domain=domain),
            "filtered": lambda: record.filtered_domain(domain) if record else model.search(domain),
            "any": lambda: model.search([("id", "any", domain)]),
        }

    def _is_text(self, record, name):
        return record._fields[name].type in ("char", "text", "html")

    def test_nothing_by_grouping(self):
        for role, record, name in self.each_searched_secret():
            with self.subTest(role=role, model=record._name, field=name):
                self.assert_closed(record, name, self._get_grouping_roads(record, name))

    def _get_grouping_roads(self, record, name):
        model = record.browse()
        figure = f"{name}:count_distinct" if self._is_text(record, name) else f"{name}:sum"
        group = model.formatted_read_group
        return {
            "aggregate": lambda: group([], [], [figure]),
            "groupby": lambda: group([], [name], ["__count"]),
            "having": lambda: group([], ["create_uid"], ["__count"], having=[(figure, ">", 1)]),
            "group order": lambda: group([], ["create_uid"], ["__count"], order=f"{figure} desc"),
            "web_read_group": lambda: model.web_read_group([], ["create_uid"], [figure]),
            "read_group": lambda: model._read_group([], [name], ["__count"]),
            "array_agg": lambda: group([], [], [f"{name}:array_agg"]),
        }

    def test_nothing_through_other_records(self):
        """A domain, a group or an export may walk from a record one sees to one with a secret."""
        roads = self._get_roads_to({model for model, _name, _kind in self.secrets})
        for role, record, name in self.each_searched_secret():
            for model_name, path in roads[record._name]:
                start = self.env[model_name].with_user(record.env.user)
                if start.has_access("read") and start._has_field_access(start._fields[path], "read"):
                    with self.subTest(role=role, start=model_name, path=f"{path}.{name}"):
                        self.assert_closed(record, name, self._get_walking_roads(record, name, start, path))

    def _get_walking_roads(self, record, name, start, path):
        is_text = self._is_text(record, name)
        domain = [(f"{path}.{name}", "ilike" if is_text else ">", "1" if is_text else 1)]
        roads = {
            "search": lambda: start.search(domain, limit=1),
            "groupby": lambda: start.formatted_read_group([], [f"{path}.{name}"], ["__count"]),
        }
        # Behind empty links there is nothing to tell.
        # sudo: of whatever there is; the attempt itself is the user's
        found = start.sudo().search([(path, "!=", False)], limit=1).sudo(False)
        if found:
            roads["export"] = lambda: found.export_data([f"{path}/{name}"])
        return roads

    def _get_roads_to(self, targets):
        roads = {target: [] for target in targets}
        for model_name, model in self.env.registry.items():
            if model._abstract or model._transient:
                continue
            for name, field in model._fields.items():
                if field.comodel_name in targets and field._description_searchable:
                    roads[field.comodel_name].append((model_name, name))
        return roads

    def test_nothing_is_named_offered_or_copied(self):
        for role, record, name in self.each_secret():
            with self.subTest(role=role, model=record._name, field=name), mute_logger(*QUIET):
                if not record.has_access("read"):
                    continue
                self.assertNotIn(name, record.fields_get())
                if record.has_access("create"):
                    self.assertNotIn(name, record.default_get([name]))
                try:
                    self.assertFalse([row for row in record.read() if name in row])
                    self.assertFalse([values for values in record.copy_data() if name in values])
                except AccessError:
                    continue

    def test_nothing_comes_back_from_an_onchange(self):
        for role, record, name in self.each_secret():
            with self.subTest(role=role, model=record._name, field=name), mute_logger(*QUIET):
                for target in (record, record.browse()):
                    try:
                        answer = target.onchange({}, [], {name: {}, "display_name": {}})
                    except (AccessError, UserError):
                        continue
                    self.assertFalse(answer["value"].get(name), answer)

    def test_a_surveyor_gets_no_price_back_for_a_quantity(self):
        sheet = self.make_deal().with_user(self.surveyor)
        line = sheet.line_ids[0]
        for spec in ({"quantity": {}}, {"quantity": {}, "price_subtotal": {}}, {"product_id": {"fields": {}}}):
            try:
                answer = sheet.onchange(
                    {"line_ids": [Command.update(line.id, {"quantity": 5.0})]},
                    ["line_ids"],
                    {"amount_total": {}, "line_ids": {"fields": spec}},
                )
            except AccessError:
                continue
            text = json.dumps(answer, default=str)
            self.assertNotIn("amount_total", text)
            self.assertNotIn("price_subtotal", text)

    def test_nothing_is_imported_over_a_price(self):
        sheet = self.make_deal()
        for user in (self.surveyor, self.salesperson):
            line = sheet.line_ids[0].with_user(user)
            result = line.load([".id", "price_unit"], [[str(line.id), "1.0"]])
            self.assertTrue(result["messages"], user.login)
        self.assertNotEqual(sheet.line_ids[0].price_unit, 1.0)

    # === SCREENS === #

    def test_no_view_shows_a_field_its_user_may_not_read(self):
        models = [name for name in self.env.registry if name.startswith("construction.")]
        models += ["crm.lead", "sale.order", "project.project", "project.task", "product.template", "product.product"]
        for role in BLIND:
            if role == "customer":
                continue  # no backend screen is ever his
            user = getattr(self, role)
            for model_name in models:
                model = self.env[model_name].with_user(user)
                if model._abstract or not model.has_access("read"):
                    continue
                for view_type in ("form", "list", "kanban", "search", "pivot", "graph"):
                    with self.subTest(role=role, model=model_name, view=view_type):
                        arch = etree.fromstring(model.get_view(view_type=view_type)["arch"])
                        self._check_fields_readable(model, arch)

    def _check_fields_readable(self, model, node):
        for child in node:
            inside = model
            if child.tag == "field" and child.get("name") in model._fields:
                field = model._fields[child.get("name")]
                self.assertTrue(model._has_field_access(field, "read"), f"{field} is in the view")
                inside = model.env[field.comodel_name] if field.comodel_name else model
            self._check_fields_readable(inside, child)

    # === PRINTS === #

    def test_no_print_by_address_tells_more_than_the_screen(self):
        reports = self.env["ir.actions.report"].search([("report_name", "=like", "construction\\_crm.%")])
        self.assertTrue(reports)
        for role, kinds in BLIND.items():
            user = getattr(self, role)
            self.authenticate(user.login, user.login)
            for report in reports:
                # sudo: of whatever there is; the attempt itself is the user's
                ids = self.env[report.model].sudo().search([]).ids
                if not ids:
                    continue
                for address in (
                    f"/report/html/{report.report_name}/{','.join(map(str, ids))}",
                    f'/report/html/{report.report_name}/{ids[-1]}?context={{"uid":1}}',
                    f"/report/pdf/{report.report_name}/{ids[0]}",
                ):
                    with self.subTest(role=role, address=address), mute_logger(*QUIET):
                        self._check_text(self.url_open(address, timeout=60).text, kinds, report.model)

    def _check_text(self, text, kinds, model="construction.evaluation"):
        self.assertNotIn(COST, text)
        if "price" in kinds and model != "construction.contract":
            for price in PRICES:
                self.assertNotIn(price, text)

    def test_the_customer_opens_no_print_of_ours_by_address(self):
        self.authenticate(self.customer.login, self.customer.login)
        for report in self.env["ir.actions.report"].search([("report_name", "=like", "construction\\_crm.%")]):
            # sudo: of whatever there is; the attempt itself is the user's
            for record in self.env[report.model].sudo().search([]):
                with self.subTest(report=report.report_name), mute_logger(*QUIET):
                    response = self.url_open(f"/report/html/{report.report_name}/{record.id}")
                    self.assertNotEqual(response.status_code, 200)

    # === CHATTER, MAIL, FILES === #

    def test_the_chatter_of_a_sheet_and_a_recipe_tells_nothing(self):
        self.env.flush_all()
        self.cr.precommit.run()
        for record in (self.sheet, self.recipe):
            messages = record.message_ids.sudo()
            bodies = " ".join(filter(None, messages.mapped("body")))
            values = messages.tracking_value_ids
            tracked = " ".join(
                str(value[name])
                for value in values
                for name in ("old_value_char", "new_value_char", "old_value_float", "new_value_float")
            )
            self._check_text(f"{bodies} {tracked}", ("cost", "price"))

    def test_no_mail_template_of_ours_tells_a_cost(self):
        ids = self.env["ir.model.data"].search([("module", "=", "construction_crm"), ("model", "=", "mail.template")])
        for template in self.env["mail.template"].browse(ids.mapped("res_id")):
            # The margins of a style are no secret.
            body = re.sub(r'style="[^"]*"', "", template.body_html or "")
            for word in ("cost", "margin", "standard_price", "purchase_price"):
                self.assertNotIn(word, body)

    def test_a_surveyor_finds_no_file_of_a_quote(self):
        # sudo: the document as sent hangs on the quote
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create({"name": "Quote.pdf", "raw": b"849.99", "res_model": "sale.order", "res_id": self.quote.id})
        )
        for role in ("surveyor", "employee"):
            user = getattr(self, role)
            self.assertFalse(self.env["ir.attachment"].with_user(user).search([("id", "=", attachment.id)]))
            with self.assertRaises(AccessError):
                attachment.with_user(user).sudo(False).read(["raw"])
            self.authenticate(user.login, user.login)
            self.assertNotIn("849.99", self.url_open(f"/web/content/{attachment.id}").text)

    def test_an_imported_budget_leaves_no_price_where_a_surveyor_looks(self):
        sheet = self.make_deal()
        budget = (
            "~V||FIEBDC-3/2012||\n~K|\\2\\2\\3\\2\\2\\2\\2\\EUR\\||\n~C|B##||Budget|3199.36||\n~D|B##|W\\1\\8.00\\|\n"
            "~C|W|m2|Wall|399.92||\n"
        )
        wizard = self.env["construction.import"].with_user(self.estimator_user())
        wizard = wizard.create(
            {
                "evaluation_id": sheet.id,
                "lead_id": sheet.lead_id.id,
                "file": base64.b64encode(budget.encode()),
                "filename": "budget.bc3",
                "currency_mode": "as_is",
            }
        )
        wizard.action_import()
        self.assertIn(399.92, sheet.line_ids.mapped("price_given"))
        # sudo: all there is, then what the surveyor gets of it
        files = self.env["ir.attachment"].sudo().search([("res_model", "=", sheet._name), ("res_id", "=", sheet.id)])
        told = b"".join(file.raw for file in files) + " ".join(sheet.message_ids.mapped("body")).encode()
        self.assertNotIn(b"399.92", told)
        for file in sheet.message_ids.sudo().attachment_ids:
            self.assertNotIn(b"399.92", file.raw)
        self.assertIn(b"399.92", base64.b64decode(sheet.import_file))
        stored = self.env["ir.attachment"].sudo().search([("res_field", "=", "import_file"), ("res_id", "=", sheet.id)])
        self.assertTrue(stored)
        with self.assertRaises(AccessError):
            stored.with_user(self.surveyor).sudo(False).read(["raw"])
        self.authenticate(self.surveyor.login, self.surveyor.login)
        for address in (
            f"/web/content/{stored.id}",
            f"/web/content/construction.evaluation/{sheet.id}/import_file",
            f"/web/content?model=construction.evaluation&id={sheet.id}&field=import_file",
        ):
            with mute_logger(*QUIET):
                self.assertNotIn("399.92", self.url_open(address).text)

    # === PUBLIC METHODS === #

    def test_no_public_method_hands_out_a_cost_or_a_price(self):
        """Whatever a button or a method without an underscore answers, it is no figure of the kind."""
        open_sheet = self.make_deal()
        open_sheet.line_ids[1].unlink()
        records = (self.sheet, open_sheet, self.sheet.line_ids, self.recipe, self.recipe.line_ids)
        for role in ("surveyor", "project_manager", "employee", "customer"):
            user = getattr(self, role)
            for record in records:
                record = record.with_user(user)
                for method in self._get_our_methods(record):
                    with self.subTest(role=role, model=record._name, method=method), mute_logger(*QUIET):
                        self.env.invalidate_all()
                        try:
                            with self.env.cr.savepoint():
                                answer = getattr(record, method)()
                                self._check_text(json.dumps(answer, default=str), ("cost", "price"))
                        except (AccessError, UserError, TypeError, ValueError):
                            continue

    def _get_our_methods(self, record):
        return sorted(
            {
                name
                for cls in type(record).mro()
                if cls.__module__.startswith("odoo.addons.construction_crm")
                for name, value in vars(cls).items()
                if not name.startswith("_") and callable(value)
                if name not in ("create", "write", "unlink", "copy", "copy_data")
            }
        )
