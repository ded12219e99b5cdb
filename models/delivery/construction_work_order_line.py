from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare, float_is_zero

from ...core.estimate import explosion
from .formats import format_quantity

# The quantity of these orders is spoken for.
LIVE_STATES = ("draft", "issued", "done")


class ConstructionWorkOrderLine(models.Model):
    """So much of one chapter, to be done now."""

    _name = "construction.work.order.line"
    _description = "Work Order Line"
    _order = "order_id, sequence, id"

    _quantity_not_negative = models.Constraint(
        "CHECK(quantity >= 0)",
        "The quantity of a work order cannot be negative.",
    )
    _hours_not_negative = models.Constraint("CHECK(hours >= 0)", "The hours of a work order cannot be negative.")

    order_id = fields.Many2one("construction.work.order", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    project_id = fields.Many2one(related="order_id.project_id")
    # Stored: what is left of a chapter is asked by it.
    state = fields.Selection(related="order_id.state", store=True, index=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    position_id = fields.Many2one(
        "construction.position",
        string="Chapter",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('project_id', '=', project_id), ('is_follower', '=', False)]",
    )
    uom_id = fields.Many2one(related="position_id.uom_id")
    quantity_chapter = fields.Float(string="Contracted", related="position_id.quantity")
    quantity_elsewhere = fields.Float(
        string="On Other Orders",
        digits="Product Unit",
        min_display_digits=2,
        compute="_compute_quantity_left",
        help="How much of the chapter other work orders have, or had.",
    )
    quantity_left = fields.Float(
        string="Left",
        digits="Product Unit",
        min_display_digits=2,
        compute="_compute_quantity_left",
        help="How much of the chapter no other work order has yet.",
    )
    quantity = fields.Float(
        string="To Do",
        digits="Product Unit",
        min_display_digits=2,
        compute="_compute_quantity",
        # proposed: all that is left
        store=True,
        readonly=False,
        precompute=True,
    )
    hours = fields.Float(
        string="Planned Hours",
        compute="_compute_hours",
        # proposed: the chapter's hours, by the share that is done now
        store=True,
        readonly=False,
    )
    is_over = fields.Boolean(string="More Than Is Left", compute="_compute_quantity_left")
    note = fields.Char()
    takes = fields.Text(
        string="What It Takes",
        compute="_compute_takes",
        help="Materials and machines for this quantity, waste included.",
    )

    # === COMPUTE === #

    @api.depends("position_id", "order_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.position_id.display_name or line.order_id.name

    @api.depends("position_id", "quantity", "position_id.quantity", "order_id.state")
    def _compute_quantity_left(self):
        elsewhere = self._read_elsewhere()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self:
            line.quantity_elsewhere = elsewhere.get(line, 0.0)
            line.quantity_left = line.position_id.quantity - line.quantity_elsewhere
            line.is_over = bool(line.position_id) and (
                float_compare(line.quantity, max(line.quantity_left, 0.0), precision_digits=digits) > 0
            )

    @api.depends("position_id")
    def _compute_quantity(self):
        elsewhere = self._read_elsewhere()
        for line in self:
            line.quantity = max(line.position_id.quantity - elsewhere.get(line, 0.0), 0.0)

    @api.depends("position_id", "quantity")
    def _compute_hours(self):
        for line in self:
            line.hours = line.position_id.hours_planned * line._get_share()

    @api.depends("position_id", "quantity")
    def _compute_takes(self):
        parts = self._get_parts()
        for line in self:
            line.takes = "\n".join(
                f"{part['name']}: {line._format_quantity(part['quantity'], part['uom'])}"
                for part in parts[line]
                if part["nature"] != "labour"
            )

    # === CONSTRAINTS === #

    @api.constrains("quantity")
    def _check_quantity(self):
        for line in self:
            if not explosion.is_usable_quantity(line.quantity):
                raise ValidationError(
                    self.env._("The quantity of “%(chapter)s” is no usable number.", chapter=line.display_name)
                )

    @api.constrains("position_id", "order_id")
    def _check_project(self):
        for line in self:
            # sudo: the position may belong to a project this user does not see, which is the very mistake.
            if line.sudo().position_id.project_id != line.order_id.project_id:
                raise ValidationError(
                    self.env._(
                        "A work order is for chapters of its own project. “%(chapter)s” belongs to another one.",
                        chapter=line.sudo().position_id.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = self.env["construction.work.order"].browse({vals.get("order_id") for vals in vals_list})
        self._check_orders_open(orders.exists())
        return super().create(vals_list)

    def write(self, vals):
        orders = self.order_id
        if vals.get("order_id"):
            orders |= orders.browse(vals["order_id"])
        self._check_orders_open(orders)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self._check_orders_open(self.order_id)

    def _check_orders_open(self, orders):
        if self.env.su:
            return
        for order in orders.filtered(lambda order: order.state != "draft"):
            order._raise_closed()

    # === BUSINESS === #

    def _read_elsewhere(self):
        """Read how much of the chapter of each line other lines have, one query for all.

        Lines of the same order count for one another as they stand in the form, saved or not.

        :return: a dict of line → quantity
        """
        sums = self.position_id._get_quantities_ordered()
        unsaved = defaultdict(float)
        for line in self.order_id.line_ids:
            unsaved[line.order_id, line.position_id._origin] += line.quantity - line._get_saved_quantity()
        result = {}
        for line in self:
            position = line.position_id._origin
            own = line.quantity if line in line.order_id.line_ids else 0.0
            if line.order_id.state == "cancelled":
                # What is given up counts for nobody, itself included.
                own = 0.0
            result[line] = sums.get(position.id, 0.0) + unsaved[line.order_id, position] - own
        return result

    def _get_saved_quantity(self):
        """Give how much of the chapter as it stands in the form this line has in the database."""
        self.ensure_one()
        saved = self._origin
        if saved.state in LIVE_STATES and saved.position_id == self.position_id._origin:
            return saved.quantity
        return 0.0 if saved.state != "cancelled" else self.quantity

    def _get_over_message(self):
        return self.env._(
            "More than is left of: %(chapters)s. Check the quantities, or agree on a variation first.",
            chapters=", ".join(self.position_id.mapped("display_name")),
        )

    def _get_share(self):
        """Give which part of its chapter this line is: 0.5 for one half."""
        self.ensure_one()
        whole = self.position_id.quantity
        return self.quantity / whole if whole > 0 else 0.0

    def _has_quantity(self):
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return not float_is_zero(self.quantity, precision_digits=digits)

    def _get_parts(self):
        """List what each line takes: the components of its chapter, by the share that is done now.

        :return: a dict of line → list of dicts as `construction.position._get_components` gives, materials first
        """
        components = self.position_id._origin._get_components()
        order = {"material": 0, "": 1, "equipment": 2, "transport": 3, "subcontract": 4, "other": 5, "labour": 6}
        result = {}
        for line in self:
            share = line._get_share()
            parts = [
                {
                    **part,
                    "name": part["product"].with_context(display_default_code=False).display_name or part["name"],
                    "quantity": part["quantity"] * share,
                }
                for part in components.get(line.position_id._origin, ())
                if part["quantity"] > 0 and share
            ]
            result[line] = sorted(parts, key=lambda part: order.get(part["nature"] or "", 5))
        return result

    def _format_quantity(self, quantity, uom):
        return format_quantity(self.env, quantity, uom)


class ConstructionPosition(models.Model):
    _inherit = "construction.position"

    def _get_quantities_ordered(self):
        """Add up how much of each position work orders have, those cancelled left out.

        :return: a dict of position id → quantity
        """
        domain = [("position_id", "in", self._origin.ids), ("state", "in", LIVE_STATES)]
        # sudo: an order of a project this user does not see counts all the same.
        lines = self.env["construction.work.order.line"].sudo()
        groups = lines._read_group(domain, ["position_id"], ["quantity:sum"])
        return {position.id: quantity for position, quantity in groups}

    def _get_quantities_left(self):
        """Tell how much of each position no work order has yet; what was reported done without one needs none.

        :return: a dict of position → quantity
        """
        ordered = self._get_quantities_ordered()
        return {
            position: max(position.quantity - max(ordered.get(position.id, 0.0), position.quantity_done), 0.0)
            for position in self
        }

    def _is_in_use(self):
        # sudo: as above
        lines = self.env["construction.work.order.line"].sudo()
        return super()._is_in_use() or bool(lines.search_count([("position_id", "=", self.id)], limit=1))
