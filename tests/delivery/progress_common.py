from odoo import fields
from odoo.fields import Command

from ..contract.common import ContractCommon
from ..contract.ledger_check import assert_money_true


class _Refused:
    def __init__(self, case, exception, pattern):
        self.case, self.exception, self.pattern = case, exception, pattern

    def __enter__(self):
        self.savepoint = self.case.env.cr.savepoint()
        self.savepoint.__enter__()

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                # what waits to be written may be what is refused
                self.case.env.flush_all()
        except self.exception as late:
            kind, error = type(late), late
        self.savepoint.__exit__(kind, error, trace)
        if kind is None:
            self.case.fail(f"{self.exception.__name__} was not raised")
        if not issubclass(kind, self.exception):
            return False
        self.case.assertRegex(str(error), self.pattern)
        return True


class ProgressCommon(ContractCommon):
    """A signed contract of three chapters whose works are paid by certificates, and its project."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.foreman = cls._new_user("foreman", "project.group_project_user")
        cls.manager = cls._new_user("manager", "project.group_project_user")
        cls.project_admin = cls._new_user("project_admin", "project.group_project_manager")
        cls.stages = cls.env["project.project.stage"].create(
            [{"name": name, "sequence": 300 + i} for i, name in enumerate(("Shell", "Finish"))]
        )
        cls.construction_type.stage_ids = cls.stages
        cls.template.line_ids = [Command.clear(), *cls._prepare_plan()]
        cls.items = [
            cls._create_product(name=name, type="service", taxes_id=cls.tax_21) for name in ("Wall", "Roof", "Paint")
        ]
        cls.items[0].construction_stage_id = cls.stages[0]
        cls.contract = cls._make_contract()
        cls.order = cls.contract.order_ids
        cls.project = cls._start_project(cls.contract)
        cls.wall, cls.roof, cls.paint = cls.contract.position_ids.sorted("sequence")

    @classmethod
    def _prepare_plan(cls):
        return [
            Command.create({"name": "Works", "amount_type": "rest", "kind": "progress", "trigger": "certificate"}),
        ]

    @classmethod
    def _prepare_chapter(cls, number, product, quantity, lines, taxes=None, **values):
        """:param lines: (quantity, price) of the components"""
        taxes = cls.tax_21 if taxes is None else taxes
        return [
            Command.create(
                {
                    "display_type": "line_section",
                    "name": product.name,
                    "chapter_number": number,
                    "chapter_product_id": product.id,
                    "chapter_quantity": quantity,
                    "chapter_uom_id": cls.unit.id,
                    **values,
                }
            )
        ] + [
            Command.create(
                {
                    "product_id": cls.works.id,
                    "product_uom_qty": amount,
                    "price_unit": price,
                    "tax_ids": [Command.set(taxes.ids)],
                }
            )
            for amount, price in lines
        ]

    @classmethod
    def _prepare_lines(cls, taxes=None):
        wall, roof, paint = cls.items
        return [
            *cls._prepare_chapter("1", wall, 30, [(30, 11.11), (7, 33.33)], taxes),
            *cls._prepare_chapter("2", roof, 1, [(1, 1234.57)], taxes),
            *cls._prepare_chapter("3", paint, 7, [(7, 99.99)], taxes),
        ]

    @classmethod
    def _make_contract(cls, lines=None, sign=True, contract_values=None, discount=0.0, **values):
        lead = cls._create_deal()
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner_a.id,
                "opportunity_id": lead.id,
                "user_id": cls.salesman.id,
                "order_line": lines or cls._prepare_lines(),
                **values,
            }
        )
        if discount:
            cls.env["sale.order.discount"].create(
                {"sale_order_id": order.id, "discount_type": "so_discount", "discount_percentage": discount}
            ).action_apply_discount()
        order.action_confirm()
        order.action_create_contract()
        contract = order.contract_id
        if contract_values:
            contract.write(contract_values)
        if sign:
            contract.action_sign()
        return contract

    @classmethod
    def _start_project(cls, contract):
        project = contract.lead_id.with_user(cls.manager)._start_project({"user_id": cls.manager.id})
        return project.with_env(cls.env)

    def assertRaisesRegex(self, exception, pattern):
        """As it is, and what was begun is undone."""
        return _Refused(self, exception, pattern)

    def _report(self, done, approve=True, user=None, project=None, **values):
        """A report of the foreman: ``done`` maps positions to quantities of this report."""
        report = (
            self.env["construction.progress"]
            .with_user(user or self.foreman)
            .create({"project_id": (project or self.project).id, **values})
        )
        for position, quantity in done.items():
            report.line_ids.filtered(lambda line, p=position: line.position_id == p).quantity = quantity
        report.action_submit()
        if approve:
            report.with_user(self.manager).action_approve()
        return report

    def _certificate(self, approve=True, contract=None, **values):
        contract = contract or self.contract
        action = contract.with_user(self.manager).action_make_certificate()
        certificate = self.env["construction.certificate"].with_user(self.manager).browse(action["res_id"])
        if values:
            certificate.write(values)
        if approve:
            certificate.action_approve()
        return certificate.with_env(self.env)

    def _invoice_certificate(self, certificate, post=True):
        certificate.with_user(self.accountant).action_invoice()
        move = certificate.instalment_id.invoice_ids.filtered(lambda move: move.state == "draft")
        if post:
            move.invoice_date = fields.Date.context_today(move)
            move.action_post()
        return move

    def assertMoneyTrue(self, contract=None):
        contract = contract or self.contract
        assert_money_true(contract)
        currency = contract.currency_id
        for certificate in contract.certificate_ids:
            self.assertTrue(currency.is_zero(certificate.amount_difference), certificate.display_name)
