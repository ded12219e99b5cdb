"""No price to a surveyor, no cost to whoever may not see costs: tried by every road there is."""

import json

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .leak_common import BLIND, QUIET, LeakCommon


@tagged("post_install", "-at_install")
class TestLeakRoads(LeakCommon):
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
