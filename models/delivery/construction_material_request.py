from odoo import api, fields, models
from odoo.exceptions import UserError

# Purchase is no dependency: where it is installed, a request is a line of one of its documents.
PURCHASE_ORDER = "purchase.order"
PURCHASE_LINE = "purchase.order.line"


class ConstructionMaterialRequest(models.Model):
    """So much of a material was ordered: by hand, or on a request for quotation."""

    _name = "construction.material.request"
    _description = "Ordered Material"
    _order = "date desc, id desc"

    material_id = fields.Many2one("construction.material", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="material_id.company_id", store=True, index=True)
    uom_id = fields.Many2one(related="material_id.uom_id")
    date = fields.Date(string="Ordered On", default=fields.Date.context_today, required=True)
    partner_id = fields.Many2one("res.partner", string="Vendor", index="btree_not_null", ondelete="restrict")
    user_id = fields.Many2one("res.users", string="Ordered by", default=lambda self: self.env.user, readonly=True)
    quantity = fields.Float(
        string="Quantity Asked",
        digits="Product Unit",
        min_display_digits=2,
        # pieces and kilograms do not add up
        aggregator=None,
        help="In the unit of the material, as it was ordered.",
    )
    quantity_live = fields.Float(
        string="Quantity",
        digits="Product Unit",
        min_display_digits=2,
        # pieces and kilograms do not add up
        aggregator=None,
        compute="_compute_quantity_live",
        help="What counts as ordered: on a vendor's document, its quantity as it is now.",
    )
    reference = fields.Char(help="Where it was ordered: the number of an order, a shop, a phone call.")
    res_model = fields.Char(readonly=True, export_string_translation=False)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True, export_string_translation=False)

    _quantity_positive = models.Constraint("CHECK(quantity > 0)", "Say how much was ordered: more than nothing.")

    # === COMPUTE === #

    @api.depends("quantity", "res_id")
    def _compute_quantity_live(self):
        quantities = self._read_quantities()
        for request in self:
            request.quantity_live = quantities[request]

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("res_model") or vals.get("res_id") for vals in vals_list):
            raise UserError(self._get_document_message())
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and (self.filtered("res_id") or vals.get("res_id")):
            raise UserError(self._get_document_message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_document(self):
        if any(request.res_id and quantity for request, quantity in self._read_quantities().items()):
            raise UserError(self._get_document_message())

    def _get_document_message(self):
        return self.env._(
            "This quantity is on a request for quotation: change or cancel it there, and the material is needed again."
        )

    # === ACTION === #

    def action_view_document(self):
        """Open the vendor's document, or say that there is none."""
        self.ensure_one()
        # sudo: only which document it is; the user's own rights decide whether it opens.
        line_sudo = self._get_document_lines_sudo().get(self)
        if not line_sudo:
            raise UserError(self.env._("This material was marked as ordered by hand: there is no document to open."))
        return {
            "type": "ir.actions.act_window",
            "res_model": line_sudo.order_id._name,
            "res_id": line_sudo.order_id.id,
            "views": [(False, "form")],
        }

    # === BUSINESS === #

    def _read_quantities(self):
        """Read how much each of these counts as ordered, in the unit of its material; a few queries for all.

        Documents are read as they are now: nobody tells us of their changes, since nothing here depends on Purchase.

        :return: a dict of request → quantity, 0 where the document was cancelled or deleted
        """
        lines_sudo = self._get_document_lines_sudo()
        result = {}
        for request in self:
            if request.res_model not in self.env:
                # By hand, or the app is gone: what was ordered was ordered.
                result[request] = request.quantity
                continue
            line_sudo = lines_sudo.get(request)
            if not line_sudo or line_sudo.state == "cancel":
                result[request] = 0.0
                continue
            uom, own = line_sudo.product_uom_id, request.material_id.sudo().uom_id
            result[request] = uom._compute_quantity(line_sudo.product_qty, own, round=False, raise_if_failure=False)
        return result

    def _get_document_lines_sudo(self):
        """Map these to the lines of vendors' documents that still exist, with sudo."""
        linked = self.filtered(lambda request: request.res_model in self.env and request.res_id)
        if not linked:
            return {}
        # sudo: project users have no right on purchases; quantities and states only.
        lines_sudo = self.env[PURCHASE_LINE].sudo().browse(linked.mapped("res_id")).exists()
        by_id = {line.id: line for line in lines_sudo}
        return {request: by_id[request.res_id] for request in linked if request.res_id in by_id}
