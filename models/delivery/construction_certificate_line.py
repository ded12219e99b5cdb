from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from .construction_position import AMOUNT_GROUPS
from .construction_progress_line import DIGITS


class ConstructionCertificateLine(models.Model):
    """What a certificate says of one chapter. Contracted figures are kept as they were when it was approved."""

    _name = "construction.certificate.line"
    _description = "Certified Chapter"
    _order = "certificate_id desc, sequence, id"

    certificate_id = fields.Many2one("construction.certificate", required=True, index=True, ondelete="cascade")
    position_id = fields.Many2one(
        "construction.position", string="Chapter", required=True, readonly=True, index=True, ondelete="restrict"
    )
    # Stored: protected and summed by them.
    company_id = fields.Many2one(related="certificate_id.company_id", store=True)
    contract_id = fields.Many2one(related="certificate_id.contract_id", store=True, index=True)
    project_id = fields.Many2one(related="certificate_id.project_id", store=True, index=True)
    currency_id = fields.Many2one(related="certificate_id.currency_id", store=True)
    step = fields.Selection(related="certificate_id.step", export_string_translation=False)
    sequence = fields.Integer(readonly=True)
    number = fields.Char(related="position_id.number", string="No.")
    name = fields.Char(related="position_id.name")
    order_name = fields.Char(related="position_id.order_id.name", string="Order")
    uom_id = fields.Many2one(related="position_id.uom_id")
    is_follower = fields.Boolean(related="position_id.is_follower", export_string_translation=False)
    quantity_original = fields.Float(
        readonly=True,
        digits="Product Unit",
        min_display_digits=2,
        # pieces and square metres do not add up
        aggregator=None,
    )
    quantity_variations = fields.Float(
        string="Quantity of Variations",
        readonly=True,
        digits="Product Unit",
        min_display_digits=2,
        # pieces and square metres do not add up
        aggregator=None,
    )
    quantity_contracted = fields.Float(
        string="Contracted",
        readonly=True,
        digits="Product Unit",
        min_display_digits=2,
        # pieces and square metres do not add up
        aggregator=None,
    )
    quantity_previous = fields.Float(
        string="Previous",
        readonly=True,
        digits=DIGITS,
        # pieces and square metres do not add up
        aggregator=None,
    )
    quantity_proposed = fields.Float(
        string="Reported",
        readonly=True,
        digits=DIGITS,
        help="Approved progress up to the end of the period.",
        # pieces and square metres do not add up
        aggregator=None,
    )
    quantity_cumulative = fields.Float(
        string="Cumulative",
        digits=DIGITS,
        # pieces and square metres do not add up
        aggregator=None,
    )
    quantity_period = fields.Float(
        string="This Period",
        compute="_compute_figures",
        inverse="_inverse_quantity_period",
        digits=DIGITS,
        # pieces and square metres do not add up
        aggregator=None,
    )
    percent_cumulative = fields.Float(
        string="Cumulative (%)", compute="_compute_figures", inverse="_inverse_percent_cumulative", digits=(7, 2)
    )
    is_edited = fields.Boolean(compute="_compute_figures", export_string_translation=False)
    reason = fields.Char(string="Reason of the Change", help="Why not what was reported is certified.")
    amount_original = fields.Monetary(string="Original Contract", readonly=True, groups=AMOUNT_GROUPS)
    amount_variations = fields.Monetary(string="Variations", readonly=True, groups=AMOUNT_GROUPS)
    amount_contracted = fields.Monetary(
        string="Contract Now", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS
    )
    taxed_contracted = fields.Monetary(string="Contract with Taxes", readonly=True, groups=AMOUNT_GROUPS)
    amount_previous = fields.Monetary(string="Previous Amount", readonly=True, groups=AMOUNT_GROUPS)
    amount_cumulative = fields.Monetary(string="Cumulative Amount", readonly=True, groups=AMOUNT_GROUPS)
    amount_period = fields.Monetary(
        string="Amount This Period", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS
    )
    amount_remaining = fields.Monetary(string="Remaining", readonly=True, groups=AMOUNT_GROUPS)
    taxed_previous = fields.Monetary(string="Previous with Taxes", readonly=True, groups=AMOUNT_GROUPS)
    taxed_cumulative = fields.Monetary(string="Cumulative with Taxes", readonly=True, groups=AMOUNT_GROUPS)

    _position_uniq = models.UniqueIndex("(certificate_id, position_id)", "A chapter stands once in a certificate.")

    # === COMPUTE === #

    @api.depends("quantity_cumulative", "quantity_previous", "quantity_proposed", "quantity_contracted")
    def _compute_figures(self):
        for line in self:
            contracted = line.quantity_contracted
            line.quantity_period = line.quantity_cumulative - line.quantity_previous
            line.percent_cumulative = (
                round(100 * line.quantity_cumulative / contracted, 2)
                if contracted
                else 100.0 * bool(line.quantity_cumulative)
            )
            line.is_edited = not line.is_follower and bool(
                float_compare(line.quantity_cumulative, line.quantity_proposed, precision_digits=DIGITS[1])
            )

    @api.depends("amount_original", "amount_variations", "amount_cumulative", "amount_previous")
    def _compute_amounts(self):
        for line in self:
            line.amount_contracted = line.amount_original + line.amount_variations
            line.amount_period = line.amount_cumulative - line.amount_previous

    def _inverse_quantity_period(self):
        for line in self:
            line.quantity_cumulative = line.quantity_previous + line.quantity_period

    def _inverse_percent_cumulative(self):
        for line in self:
            line.quantity_cumulative = line.quantity_contracted * line.percent_cumulative / 100

    # === ONCHANGE === #

    @api.onchange("quantity_period")
    def _onchange_quantity_period(self):
        self.quantity_cumulative = self.quantity_previous + self.quantity_period

    @api.onchange("percent_cumulative")
    def _onchange_percent_cumulative(self):
        contracted = self.quantity_contracted
        if contracted and self.percent_cumulative != round(100 * self.quantity_cumulative / contracted, 2):
            self.quantity_cumulative = contracted * self.percent_cumulative / 100

    # === CONSTRAINT === #

    @api.constrains("quantity_cumulative")
    def _check_quantity(self):
        for line in self.filtered(lambda line: not line.is_follower):
            low, high = sorted((0.0, line.quantity_contracted))
            for limit, is_out in ((low, line.quantity_cumulative < low), (high, line.quantity_cumulative > high)):
                if is_out and float_compare(line.quantity_cumulative, limit, precision_digits=DIGITS[1]):
                    raise ValidationError(
                        self.env._(
                            "“%(chapter)s”: a certificate certifies between nothing and all that is contracted.",
                            chapter=line.name,
                        )
                    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("The chapters of a certificate are those of its contract."))
        return super().create(vals_list)

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if vals.keys() - {"quantity_cumulative", "quantity_period", "percent_cumulative", "reason"}:
            raise UserError(self.env._("Amounts of a certificate follow from its quantities: change those."))
        self.certificate_id._check_is_manager()
        self.certificate_id._check_draft()
        given = [name for name in ("quantity_cumulative", "quantity_period", "percent_cumulative") if name in vals]
        result = super().write({name: value for name, value in vals.items() if name not in given[1:]})
        if given:
            self.certificate_id._calculate()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_certificate(self):
        if not self.env.su:
            raise UserError(self.env._("The chapters of a certificate are those of its contract."))
