from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import float_compare, float_is_zero

from ...models.delivery.construction_material_request import PURCHASE_LINE, PURCHASE_ORDER
from ...models.pipeline.row_lock import take


class ConstructionMaterialOrder(models.TransientModel):
    """Orders what is missing of some materials: by requests for quotation, or by saying that it was ordered."""

    _name = "construction.material.order"
    _description = "Order Materials"

    line_ids = fields.One2many("construction.material.order.line", "order_id", string="Materials")
    has_several_projects = fields.Boolean(compute="_compute_has_several_projects", export_string_translation=False)
    has_purchase = fields.Boolean(compute="_compute_has_purchase")
    can_purchase = fields.Boolean(compute="_compute_has_purchase")
    reference = fields.Char(help="Where it is ordered, where there is no document: an order number, a shop.")
    date = fields.Date(string="Ordered On", default=fields.Date.context_today, required=True)
    # What pressing a button has made: pressed twice, it is once.
    made_ids = fields.Char(readonly=True, export_string_translation=False)
    is_done = fields.Boolean(readonly=True, export_string_translation=False)

    # === DEFAULTS === #

    @api.model
    def _prepare_line_commands(self, materials):
        """Propose what is missing of these materials, in the packs they are bought in."""
        return [
            Command.create(
                {
                    "material_id": material.id,
                    "partner_id": material.vendor_id.id,
                    "uom_id": (material.pack_uom_id or material.uom_id).id,
                    "quantity": material.pack_count or material.quantity_missing,
                    "quantity_before": material.quantity_ordered,
                }
            )
            for material in materials
            if material.is_missing
        ]

    # === COMPUTE === #

    @api.depends("line_ids.project_id")
    def _compute_has_several_projects(self):
        for wizard in self:
            wizard.has_several_projects = len(wizard.line_ids.project_id) > 1

    def _compute_has_purchase(self):
        has_purchase = PURCHASE_ORDER in self.env
        self.has_purchase = has_purchase
        self.can_purchase = has_purchase and self.env[PURCHASE_ORDER].has_access("create")

    # === ACTION === #

    def action_request_quotations(self):
        """Make one request for quotation a vendor, once, and open them.

        :raises AccessError: without the right to purchase
        :raises UserError: a row without a vendor, or ordered by somebody else meanwhile
        """
        self.ensure_one()
        take(self)
        if self.is_done:
            return self._open_requests()
        if not self.can_purchase:
            raise AccessError(
                self.env._(
                    "Requests for quotation are made by people with the right Purchase / User. Ask one of them, or "
                    "export the list."
                )
            )
        lines = self._get_lines_to_order()
        bare = lines.filtered(lambda line: not line.partner_id)
        if bare:
            raise UserError(
                self.env._(
                    "Choose a vendor for %(materials)s, or take these rows off the list.",
                    materials=", ".join(bare.material_id.mapped("display_name")),
                )
            )
        made = self.env[PURCHASE_ORDER]
        for (company, vendor), own in lines.grouped(lambda line: (line.company_id, line.partner_id)).items():
            made |= own.with_company(company)._make_request_for_quotation(vendor, company)
        self.write({"is_done": True, "made_ids": ",".join(map(str, made.ids))})
        return self._open_requests()

    def action_mark_ordered(self):
        """Say that these were ordered, without a document here."""
        self.ensure_one()
        take(self)
        if not self.is_done:
            lines = self._get_lines_to_order()
            self.env["construction.material.request"].create(
                [line._prepare_request_values() | {"date": self.date, "reference": self.reference} for line in lines]
            )
            self.is_done = True
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _get_lines_to_order(self):
        """Give the rows with a quantity, after nobody else could have ordered them meanwhile."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        lines = self.line_ids.filtered(lambda line: not float_is_zero(line.quantity, precision_digits=digits))
        if not lines:
            raise UserError(self.env._("There is nothing to order: no row has a quantity."))
        lines.material_id.check_access("write")
        lines.material_id._check_may_order()
        # Whoever waited here runs again, and finds what was ordered.
        take(lines.material_id)
        for line in lines:
            if line.quantity < 0:
                raise UserError(
                    self.env._("Order more than nothing of %(material)s.", material=line.material_id.display_name)
                )
            ordered = line.material_id.quantity_ordered
            if float_compare(ordered, line.quantity_before, precision_digits=digits):
                raise UserError(
                    self.env._(
                        "%(material)s was ordered meanwhile: %(before)s before, %(now)s now. Close this window and "
                        "look at the list again.",
                        material=line.material_id.display_name,
                        before=line.quantity_before,
                        now=ordered,
                    )
                )
        return lines

    def _open_requests(self):
        made_ids = [int(made) for made in (self.made_ids or "").split(",") if made]
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Requests for Quotation"),
            "res_model": PURCHASE_ORDER,
            "domain": [("id", "in", made_ids)],
            "views": [(False, "list"), (False, "form")],
        }
        if len(made_ids) == 1:
            action.update(res_id=made_ids[0], views=[(False, "form")])
        return action


class ConstructionMaterialOrderLine(models.TransientModel):
    """How much of one material to order, where."""

    _name = "construction.material.order.line"
    _description = "Material to Order"

    order_id = fields.Many2one("construction.material.order", required=True, ondelete="cascade")
    material_id = fields.Many2one("construction.material", required=True, readonly=True, ondelete="cascade")
    project_id = fields.Many2one(related="material_id.project_id")
    company_id = fields.Many2one(related="material_id.company_id")
    project_stage_id = fields.Many2one(related="material_id.project_stage_id")
    product_uom_id = fields.Many2one(related="material_id.uom_id", string="Unit of the Material")
    allowed_uom_ids = fields.Many2many("uom.uom", compute="_compute_allowed_uom_ids")
    partner_id = fields.Many2one("res.partner", string="Vendor", check_company=True)
    uom_id = fields.Many2one("uom.uom", string="Pack", required=True, domain="[('id', 'in', allowed_uom_ids)]")
    quantity = fields.Float(string="To Order", digits="Product Unit")
    quantity_before = fields.Float(string="Ordered Before", digits="Product Unit", readonly=True)
    quantity_missing = fields.Float(related="material_id.quantity_missing")

    @api.depends("material_id")
    def _compute_allowed_uom_ids(self):
        for line in self:
            product = line.material_id.product_id
            # sudo: only the units vendors sell in
            line.allowed_uom_ids = product.uom_id | product.uom_ids | product.sudo().seller_ids.product_uom_id

    def _prepare_request_values(self):
        self.ensure_one()
        return {
            "material_id": self.material_id.id,
            "partner_id": self.partner_id.id,
            "quantity": self.uom_id._compute_quantity(self.quantity, self.product_uom_id, round=False),
        }

    def _make_request_for_quotation(self, vendor, company):
        """Make the request for quotation of these rows at one vendor, and remember which line is for which material.

        :return: the `purchase.order`
        """
        order = self.env[PURCHASE_ORDER].create(self._prepare_purchase_values(vendor, company))
        purchase_lines = self.env[PURCHASE_LINE].create(
            [line._prepare_purchase_line_values(order, vendor, company) for line in self]
        )
        # sudo: only this road ties a material to a document.
        self.env["construction.material.request"].sudo().create(
            [
                line._prepare_request_values()
                | {
                    "user_id": self.env.uid,
                    "reference": order.name,
                    "res_model": PURCHASE_LINE,
                    "res_id": purchase_line.id,
                }
                for line, purchase_line in zip(self, purchase_lines, strict=True)
            ]
        )
        return order

    def _prepare_purchase_values(self, vendor, company):
        position = self.env["account.fiscal.position"].with_company(company)._get_fiscal_position(vendor)
        currency = vendor.with_company(company).property_purchase_currency_id or company.currency_id
        values = {
            "partner_id": vendor.id,
            "company_id": company.id,
            "currency_id": currency.id,
            "fiscal_position_id": position.id,
            "payment_term_id": vendor.with_company(company).property_supplier_payment_term_id.id,
            "origin": ", ".join(project.code or project.name for project in self.project_id),
        }
        if "project_id" in self.env[PURCHASE_ORDER]._fields and len(self.project_id) == 1:
            values["project_id"] = self.project_id.id
        return values

    def _prepare_purchase_line_values(self, order, vendor, company):
        self.ensure_one()
        product = self.material_id.product_id.with_company(company)
        values = self.env[PURCHASE_LINE]._prepare_purchase_order_line(
            product, self.quantity, self.uom_id, company, vendor, order
        )
        # sudo: the analytic accounts of the project, which a purchaser may not read.
        distribution = self.project_id.sudo()._get_analytic_distribution()
        if distribution:
            values["analytic_distribution"] = distribution
        return values
