from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon

ACCESS_ERROR = "odoo.exceptions.AccessError"
USER_ERROR = "odoo.exceptions.UserError"


class LineCommon(AccountTestInvoicingHttpCommon):
    """A small firm ready for its first job: types, catalogue, books and one person a role. No documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_people()
        cls._make_catalogue()
        cls._make_type()

    @classmethod
    def get_default_groups(cls):
        # The consultant who sets the firm up.
        return super().get_default_groups() | cls.quick_ref("sales_team.group_sale_manager")

    @classmethod
    def _make_people(cls):
        cls.env.company.name = "Hearth & Sons"
        # The first PDF of a company else asks for its layout.
        cls.env.company.external_report_layout_id = cls.env.ref("web.external_layout_standard")
        for role, name, groups in (
            ("salesperson", "Sally Sells", "sales_team.group_sale_salesman"),
            ("surveyor", "Marc Measures", "construction_crm.group_surveyor"),
            ("project_manager", "Petra Builds", "project.group_project_user"),
            ("accountant", "Anton Counts", "account.group_account_invoice"),
            ("colleague", "Carl Colleague", "sales_team.group_sale_salesman"),
        ):
            user = new_test_user(
                cls.env,
                login=f"line_{role}",
                groups=groups,
                name=name,
                company_id=cls.env.company.id,
                company_ids=[Command.set(cls.env.company.ids)],
            )
            setattr(cls, role, user)
        cls.client = cls.env["res.partner"].create(
            {"name": "Ana Ionescu", "email": "ana@example.com", "phone": "+40 21 555 0100"}
        )
        cls.site = cls.env["res.partner"].create(
            {
                "name": "Flat on Lake Street",
                "parent_id": cls.client.id,
                "type": "other",
                "street": "Lake Street 7",
                "city": "Brasov",
            }
        )

    @classmethod
    def _make_catalogue(cls):
        cls.square_metre = cls.env.ref("uom.product_uom_square_meter")
        cls.stages = cls.env["project.project.stage"].create(
            [
                {"name": "Strip-out", "sequence": 101, "duration_days": 5},
                {"name": "Tiling works", "sequence": 102, "duration_days": 15},
                {"name": "Handing over", "sequence": 103, "duration_days": 2},
            ]
        )
        cls.tiler = cls._make_product("Tiler", 31.15, "labour", "uom.product_uom_hour", type="service")
        cls.tile = cls._make_product("Porcelain tile", 24.37, "material", "uom.product_uom_square_meter")
        cls.adhesive = cls._make_product("Tile adhesive", 1.13, "material", "uom.product_uom_kgm")
        cls.tiling = cls._make_product("Wall tiling", 61.0, False, "uom.product_uom_square_meter", type="service")
        cls.tiling.construction_stage_id = cls.stages[1]
        cls.shower = cls._make_product("Shower cabin", 849.99, "material", "uom.product_uom_unit")
        recipe = cls.env["construction.recipe"].create(
            {
                "product_tmpl_id": cls.tiling.product_tmpl_id.id,
                "line_ids": [
                    Command.create({"product_id": product.id, "quantity": quantity})
                    for product, quantity in ((cls.tile, 1.07), (cls.adhesive, 4.5), (cls.tiler, 0.9))
                ],
            }
        )
        recipe.action_activate()

    @classmethod
    def _make_product(cls, name, price, nature, uom, **values):
        return cls._create_product(
            name=name,
            list_price=price,
            # A cost that appears nowhere else, so that a tour can look for it.
            standard_price=77.77,
            cost_nature=nature,
            uom_id=cls.env.ref(uom).id,
            **values,
        )

    @classmethod
    def _make_type(cls):
        cls.plan_template = cls.env["construction.plan.template"].create(
            {
                "name": "30 · 45 · rest",
                "line_ids": [
                    Command.create({"name": "Advance", "kind": "advance", "percent": 30, "trigger": "signature"}),
                    Command.create({"name": "Half-way", "percent": 45, "delay_days": 30}),
                    Command.create({"name": "Settlement", "kind": "final", "amount_type": "rest", "delay_days": 60}),
                ],
            }
        )
        cls.bathroom = cls.env["construction.type"].create(
            {
                "name": "Bathroom renovation",
                "stage_ids": [Command.set(cls.stages.ids)],
                "plan_template_id": cls.plan_template.id,
                "user_invoicing_id": cls.accountant.id,
            }
        )

    # === WHAT A USER CAN REACH BY RPC === #

    def call(self, user, records, method, *args, **kwargs):
        """Call a public method on records over HTTP, as the web client of this user would.

        :return: dict with ``result``, or with ``error`` as the web client gets it
        """
        self.authenticate(user.login, user.login)
        response = self.url_open(
            f"/web/dataset/call_kw/{records._name}/{method}",
            json={
                "id": 0,
                "jsonrpc": "2.0",
                "method": "call",
                "params": {
                    "model": records._name,
                    "method": method,
                    "args": [records.ids, *args] if records else list(args),
                    "kwargs": kwargs,
                },
            },
        )
        self.env.invalidate_all()
        return response.json()

    def assert_refused(self, user, records, method, *args, error=ACCESS_ERROR, says=""):
        """Check that this user's call is refused with an error a person can read."""
        quiet = mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
        with self.subTest(user=user.name, call=f"{records._name}.{method}"), quiet:
            answer = self.call(user, records, method, *args)
            self.assertIn("error", answer, "this user must not get through")
            self.assertEqual(answer["error"]["data"]["name"], error)
            self.assertIn(says, answer["error"]["data"]["message"])

    # === THE SAME JOB WITHOUT A BROWSER === #

    @classmethod
    def make_deal(cls):
        """A deal of the salesperson with a sheet for the surveyor.

        :return: construction.evaluation
        """
        deal = (
            cls.env["crm.lead"]
            .with_user(cls.salesperson)
            .create(
                {
                    "name": "Ionescu bathroom",
                    "type": "opportunity",
                    "partner_id": cls.client.id,
                    "site_id": cls.site.id,
                    "construction_type_id": cls.bathroom.id,
                }
            )
        )
        sheet = (
            cls.env["construction.evaluation"]
            .with_user(cls.salesperson)
            .create(
                {
                    "lead_id": deal.id,
                    "user_id": cls.surveyor.id,
                    "line_ids": [
                        Command.create({"product_id": cls.tiling.id, "quantity": 23.47}),
                        Command.create({"product_id": cls.shower.id, "quantity": 1.0}),
                    ],
                }
            )
        )
        sheet.with_user(cls.surveyor).action_measure()
        return sheet.with_env(cls.env)

    @classmethod
    def make_quote(cls):
        """The quote of such a deal, not sent yet.

        :return: sale.order
        """
        sheet = cls.make_deal().with_user(cls.salesperson)
        sheet.action_check()
        sheet.action_finalize()
        sheet.action_generate_quote()
        return sheet.with_env(cls.env).order_ids

    @classmethod
    def make_order(cls):
        """Such a quote, confirmed by the salesperson.

        :return: sale.order
        """
        quote = cls.make_quote()
        quote.with_user(cls.salesperson).action_confirm()
        return quote

    @classmethod
    def make_contract(cls):
        """The signed contract of such an order: its advance is due.

        :return: construction.contract
        """
        order = cls.make_order().with_user(cls.salesperson)
        order.action_create_contract()
        order.contract_id.action_sign()
        return order.contract_id.with_env(cls.env)
