from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ...models.delivery.sale_order_variation import PLACEMENTS, REASONS
from ...models.pipeline.row_lock import take, touch


class ConstructionVariationPropose(models.TransientModel):
    """What is added to a contract and what is taken out of it: quantities only, prices are those of the contract."""

    _name = "construction.variation.propose"
    _description = "Propose a Variation"

    contract_id = fields.Many2one(
        "construction.contract",
        required=True,
        ondelete="cascade",
        domain="[('state', 'in', ('signed', 'running', 'completed'))]",
    )
    # Read with sudo by the methods: a project manager has no right on quotes.
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade", export_string_translation=False)
    company_id = fields.Many2one(related="contract_id.company_id")
    partner_id = fields.Many2one(related="contract_id.partner_id")
    lead_id = fields.Many2one(related="contract_id.lead_id")
    reason = fields.Selection(REASONS, required=True, default="client")
    requested_by_id = fields.Many2one("res.partner", help="Who asked for it, or decided it.")
    days = fields.Integer(help="How many days later the works end; negative: earlier.")
    plan = fields.Selection(
        PLACEMENTS,
        string="In the Payment Plan",
        required=True,
        default="spread",
        help="Where the payment plan takes the amount once the client has signed. Invoiced instalments never move.",
    )
    date_due = fields.Date(
        string="Due On", help="The day to invoice the instalment of its own. Empty: the end of the works."
    )
    note = fields.Text(string="Why", help="Internal: what happened, who said what.")
    evaluation_id = fields.Many2one(
        "construction.evaluation",
        string="Measured Again In",
        domain="[('lead_id', '=', lead_id), ('lead_id', '!=', False), ('state', '=', 'final')]",
        help="A final sheet of the works as they are: its quantities become the new ones.",
    )
    line_ids = fields.One2many(
        "construction.variation.propose.line",
        "wizard_id",
        string="Chapters",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    item_ids = fields.One2many("construction.variation.propose.item", "wizard_id", string="New Items")

    # === COMPUTE === #

    @api.depends("contract_id")
    def _compute_line_ids(self):
        for wizard in self:
            positions = wizard.contract_id._origin and wizard._get_positions()
            known = wizard._get_known_changes()
            wizard.line_ids = [Command.clear()] + [
                Command.create({**position._prepare_variation_line(), "change": known.get(position.id, 0.0)})
                for position in positions or ()
            ]

    @api.onchange("evaluation_id")
    def _onchange_evaluation_id(self):
        """Take the quantities of a sheet that was measured again."""
        if not self.evaluation_id:
            return
        self.reason = "measured"
        totals, items = self._read_sheet()
        for line in self.line_ids:
            if line.position_id._origin.id in totals:
                line.quantity_new = totals[line.position_id._origin.id]
                line.change = line.quantity_new - line.quantity
        self.item_ids = [Command.clear()] + [Command.create(values) for values in items]

    # === ACTION === #

    def action_apply(self):
        """Make the quote of the variation, or write the one it has anew; once.

        :return: action on the quote, or on the variation for people without a right on quotes
        """
        self.ensure_one()
        self.contract_id._check_can_propose_variation()
        take(self)
        order = self.sudo().order_id  # reason of sudo: a project manager has no right on quotes
        if order and (order.state != "draft" or order.variation_contract_id.id != self.contract_id.id):
            raise UserError(order._get_read_only_message())
        values = self._prepare_values()
        if order:
            order.write(values)
        else:
            # two people proposing at once get two numbers
            touch(self.contract_id)
            # reason of sudo: as above; the rates are those of the contract
            contract = self.contract_id.sudo()
            order = contract.env["sale.order"].create(contract._prepare_variation_values(values))
            self.sudo().order_id = order  # reason of sudo: as above
        items = [(item.product_id, item.quantity, item.uom_id or item.product_id.uom_id) for item in self.item_ids]
        order._set_variation_lines(self._get_totals(), items)
        # added once: what is shown again is what the quote has by now
        self.item_ids.unlink()
        order._tell_proposed()
        return self._open_result(order)

    # === BUSINESS === #

    @api.model
    def _open(self, contract, order=None):
        """Open the screen for a contract, or for a variation of it that is a draft.

        :return: action
        """
        contract._check_can_propose_variation()
        values = {"contract_id": contract.id}
        if order:
            order = order.sudo()  # reason of sudo: whoever may propose may change the proposal
            if order.state != "draft":
                raise UserError(order._get_read_only_message())
            values |= {
                "order_id": order.id,
                "reason": order.variation_reason or "other",
                "requested_by_id": order.variation_requested_by_id.id,
                "days": order.variation_days,
                "plan": order.variation_plan or "spread",
                "date_due": order.variation_date_due,
                "note": order.variation_note,
            }
        wizard = self.create(values)
        name = self.env._("New Variation of %(contract)s", contract=contract.name)
        if order:
            name = self.env._(
                "Variation %(number)s of %(contract)s", number=order.variation_number, contract=contract.name
            )
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _get_positions(self):
        contract = self.contract_id._origin
        if not contract._may_propose_variation():
            raise AccessError(
                self.env._(
                    "Only whoever sells contract %(contract)s or leads its works proposes variations of it.",
                    contract=contract.name,
                )
            )
        return contract._get_varied_positions()

    def _get_totals(self):
        """What each chapter of the contract comes to from now on: list of (position as superuser, quantity)."""
        changes = {}
        for line in self.line_ids:
            position = line.position_id.sudo()  # reason of sudo: whoever may propose sees the quantities of all works
            if position.contract_id.id == self.contract_id.id:
                changes[position] = changes.get(position, 0.0) + line.change
        return [(position, position.quantity + change) for position, change in changes.items()]

    def _get_known_changes(self):
        """What the draft that is opened changes already: position id → quantity."""
        order = self.sudo().order_id  # reason of sudo: as above
        if not order:
            return {}
        changes = {}
        for works in order._get_works()[order]:
            if works.key.origin_chapter_id:
                changes[works.key._get_root_chapter().id] = works.key._get_works_quantity()[0]
        positions = self.env["construction.position"].sudo()  # reason of sudo: as above
        found = positions.search([("chapter_line_id", "in", list(changes))])
        return {position.id: changes[position.chapter_line_id.id] for position in found}

    def _read_sheet(self):
        """What a sheet says of the chapters of the contract.

        :return: (position id → quantity, list of values of new items)
        """
        # reason of sudo: quantities only are taken of the sheet and of the orders
        sheet = self.evaluation_id._origin.sudo()
        if sheet.lead_id != self.contract_id._origin.sudo().lead_id:  # reason of sudo: as above
            raise UserError(self.env._("%(sheet)s is a sheet of another deal.", sheet=sheet.display_name))
        positions = self._get_positions()
        lineage = {}
        for position in positions:
            item = position.chapter_line_id.evaluation_line_id
            if item:
                lineage[item._get_lineage()] = position
        measured, items = {}, []
        for item in sheet.line_ids.filtered("product_id"):
            position = lineage.get(item._get_lineage())
            if not position:
                items.append({"product_id": item.product_id.id, "quantity": item.quantity, "uom_id": item.uom_id.id})
                continue
            quantity = item.quantity
            if item.uom_id != position.uom_id and item.uom_id._has_common_reference(position.uom_id):
                quantity = item.uom_id._compute_quantity(quantity, position.uom_id, round=False)
            measured[position.id] = measured.get(position.id, 0.0) + quantity
        # what the sheet no longer has is taken out, as far as it is not done
        for position in lineage.values():
            measured.setdefault(position.id, position.quantity - position._get_remaining())
        return measured, items

    def _prepare_values(self):
        self.ensure_one()
        return {
            "variation_reason": self.reason,
            "variation_requested_by_id": self.requested_by_id.id,
            "variation_days": self.days,
            "variation_plan": self.plan,
            "variation_date_due": self.date_due,
            "variation_note": self.note,
        }

    def _open_result(self, order):
        variation = self.env["construction.variation"].browse(order.id)
        if variation.can_open_quote:
            return order.with_env(self.env)._get_quote_action()
        return variation._get_records_action(name=order.variation_number)


class ConstructionVariationProposeLine(models.TransientModel):
    _name = "construction.variation.propose.line"
    _description = "Chapter of a Proposed Variation"

    wizard_id = fields.Many2one("construction.variation.propose", required=True, ondelete="cascade", index=True)
    position_id = fields.Many2one("construction.position", string="Works", required=True, ondelete="cascade")
    number = fields.Char(string="No.", readonly=True)
    name = fields.Char(string="Chapter", readonly=True)
    uom_name = fields.Char(string="Unit", readonly=True)
    quantity = fields.Float(string="Contracted", digits="Product Unit", min_display_digits=2, readonly=True)
    quantity_done = fields.Float(string="Done", digits="Product Unit", min_display_digits=2, readonly=True)
    quantity_remaining = fields.Float(string="Remaining", digits="Product Unit", min_display_digits=2, readonly=True)
    change = fields.Float(
        digits="Product Unit",
        min_display_digits=2,
        help="How much more; negative: how much less.",
    )
    quantity_new = fields.Float(
        string="From Now On",
        compute="_compute_quantity_new",
        inverse="_inverse_quantity_new",
        digits="Product Unit",
        min_display_digits=2,
        help="What the chapter comes to with this variation.",
    )

    @api.depends("quantity", "change")
    def _compute_quantity_new(self):
        for line in self:
            line.quantity_new = line.quantity + line.change

    def _inverse_quantity_new(self):
        for line in self:
            line.change = line.quantity_new - line.quantity

    @api.onchange("quantity_new")
    def _onchange_quantity_new(self):
        self.change = self.quantity_new - self.quantity

    @api.constrains("change")
    def _check_change(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self:
            if line.change:
                # reason of sudo: whoever proposes sees the quantities of all the works
                line.position_id.sudo()._check_can_change_to(line.quantity + line.change, digits)


class ConstructionVariationProposeItem(models.TransientModel):
    _name = "construction.variation.propose.item"
    _description = "New Item of a Proposed Variation"

    wizard_id = fields.Many2one("construction.variation.propose", required=True, ondelete="cascade", index=True)
    product_id = fields.Many2one(
        "product.product",
        string="Item",
        required=True,
        ondelete="cascade",
        domain="[('sale_ok', '=', True), ('type', '!=', 'combo')]",
    )
    quantity = fields.Float(default=1.0, digits="Product Unit", min_display_digits=2)
    uom_id = fields.Many2one("uom.uom", string="Unit", compute="_compute_uom_id", store=True, readonly=False)

    @api.depends("product_id")
    def _compute_uom_id(self):
        for item in self:
            if not item.uom_id or not item.uom_id._has_common_reference(item.product_id.uom_id):
                item.uom_id = item.product_id.uom_id

    @api.constrains("quantity")
    def _check_quantity(self):
        for item in self:
            if item.quantity <= 0:
                raise ValidationError(
                    self.env._("“%(item)s” needs a quantity above zero.", item=item.product_id.display_name)
                )
