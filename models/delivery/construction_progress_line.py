from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from .formats import format_quantity

DIGITS = (16, 6)
# What a person typed says more than what follows from it.
ENTRIES = ("quantity", "percent", "quantity_cumulative", "percent_cumulative")


class ConstructionProgressLine(models.Model):
    """What was done of one chapter: `quantity` is the truth, the other three figures follow it and lead to it."""

    _name = "construction.progress.line"
    _description = "Reported Chapter"
    _order = "report_id desc, sequence, position_id, id"

    report_id = fields.Many2one("construction.progress", required=True, index=True, ondelete="cascade")
    # a position on which something is recorded is not deleted, see `_is_in_use`
    position_id = fields.Many2one(
        "construction.position", string="Chapter", required=True, index=True, ondelete="cascade"
    )
    # Stored: summed and protected by them.
    state = fields.Selection(related="report_id.state", store=True, string="Report State")
    project_id = fields.Many2one(related="report_id.project_id", store=True, index=True)
    company_id = fields.Many2one(related="report_id.company_id", store=True)
    date = fields.Date(related="report_id.date", store=True)
    sequence = fields.Integer(related="position_id.sequence", store=True)
    # stored: the foreman's screen groups by it
    project_stage_id = fields.Many2one(related="position_id.project_stage_id", store=True, string="Stage of Works")
    name = fields.Char(related="position_id.display_name", string="Chapter Name")
    uom_id = fields.Many2one(related="position_id.uom_id")
    quantity_contracted = fields.Float(
        related="position_id.quantity",
        string="Contracted",
        # pieces and square metres do not add up
        aggregator=None,
    )
    quantity_before = fields.Float(
        digits=DIGITS,
        readonly=True,
        copy=False,
        # pieces and square metres do not add up
        aggregator=None,
        export_string_translation=False,
        help="Kept at the approval.",
    )
    quantity_previous = fields.Float(
        string="Previous",
        compute="_compute_quantity_previous",
        digits=DIGITS,
        # pieces and square metres do not add up
        aggregator=None,
    )
    percent_previous = fields.Float(string="Previous (%)", compute="_compute_figures", digits=(7, 2))
    quantity = fields.Float(
        string="This Report",
        digits=DIGITS,
        help="What was done since the report before.",
        # pieces and square metres do not add up
        aggregator=None,
    )
    percent = fields.Float(
        string="This Report (%)", compute="_compute_figures", inverse="_inverse_percent", digits=(7, 2)
    )
    quantity_cumulative = fields.Float(
        string="Cumulative",
        compute="_compute_figures",
        inverse="_inverse_quantity_cumulative",
        digits=DIGITS,
        # pieces and square metres do not add up
        aggregator=None,
    )
    percent_cumulative = fields.Float(
        string="Cumulative (%)", compute="_compute_figures", inverse="_inverse_percent_cumulative", digits=(7, 2)
    )
    is_finished = fields.Boolean(compute="_compute_figures", search="_search_is_finished")
    note = fields.Char()

    _position_uniq = models.UniqueIndex("(report_id, position_id)", "A chapter stands once in a report.")

    # === COMPUTE === #

    @api.depends("position_id.quantity_done", "report_id.state", "quantity_before")
    def _compute_quantity_previous(self):
        for line in self:
            is_kept = line.report_id.state == "approved"
            line.quantity_previous = line.quantity_before if is_kept else line.position_id.quantity_done

    @api.depends("quantity", "quantity_previous", "quantity_contracted")
    def _compute_figures(self):
        for line in self:
            line.quantity_cumulative = line.quantity_previous + line.quantity
            line.percent_previous = line._to_percent(line.quantity_previous)
            line.percent = line._to_percent(line.quantity)
            line.percent_cumulative = line._to_percent(line.quantity_cumulative)
            line.is_finished = line.quantity_cumulative >= line.quantity_contracted - 1e-6

    def _inverse_percent(self):
        for line in self:
            line.quantity = line._to_quantity(line.percent)

    def _inverse_quantity_cumulative(self):
        for line in self:
            line.quantity = line.quantity_cumulative - line.quantity_previous

    def _inverse_percent_cumulative(self):
        for line in self:
            line.quantity = line._to_quantity(line.percent_cumulative) - line.quantity_previous

    def _search_is_finished(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("position_id.percent_done", ">=", 100)]

    # === ONCHANGE === #

    @api.onchange("percent")
    def _onchange_percent(self):
        if self.percent != self._to_percent(self.quantity):
            self.quantity = self._to_quantity(self.percent)

    @api.onchange("quantity_cumulative")
    def _onchange_quantity_cumulative(self):
        self.quantity = self.quantity_cumulative - self.quantity_previous

    @api.onchange("percent_cumulative")
    def _onchange_percent_cumulative(self):
        if self.percent_cumulative != self._to_percent(self.quantity_cumulative):
            self.quantity = self._to_quantity(self.percent_cumulative) - self.quantity_previous

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([self._keep_one_entry(vals) for vals in vals_list])
        lines.report_id._check_open()
        return lines

    def write(self, vals):
        if vals.keys() - {"quantity_before"}:
            self.report_id._check_open()
        return super().write(self._keep_one_entry(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.report_id._check_open()

    # === ACTION === #

    def action_add_percent(self):
        """Report so much more of this chapter, never more than what is left of it. By context `percent`."""
        self.ensure_one()
        step = float(self.env.context.get("percent", 10.0))
        left = max(self.quantity_contracted - self.quantity_cumulative, 0.0)
        self.quantity += min(self._to_quantity(step), left)
        return True

    def action_finish(self):
        """All of this chapter is done."""
        self.ensure_one()
        self.quantity = self.quantity_contracted - self.quantity_previous
        return True

    def action_clear(self):
        """Nothing was done of this chapter after all."""
        self.quantity = 0.0
        return True

    def action_submit_report(self):
        """Submit the report the foreman's screen shows, and go back to it."""
        report = self.env["construction.progress"].browse(self.env.context.get("progress_report_id")) or self.report_id
        report.ensure_one().action_submit()
        return report._get_records_action()

    def action_open_report(self):
        """Notes and photos of the report the foreman's screen shows."""
        report = self.env["construction.progress"].browse(self.env.context.get("progress_report_id")) or self.report_id
        return report.ensure_one()._get_records_action()

    # === BUSINESS === #

    @api.model
    def _keep_one_entry(self, vals):
        """A form sends all figures that moved; the first of `ENTRIES` is what the others follow."""
        given = [name for name in ENTRIES if name in vals]
        return {name: value for name, value in vals.items() if name not in given[1:]}

    def _to_percent(self, quantity):
        contracted = self.quantity_contracted
        return round(100 * quantity / contracted, 2) if contracted else 100.0 * bool(quantity)

    def _to_quantity(self, percent):
        # all of it to the last digit
        return self.quantity_contracted * percent / 100

    def _freeze(self):
        """Keep what was done before, for the approved report to show."""
        # reason of sudo: written by the system, whatever the state of the report
        for line in self.sudo():
            line.quantity_before = line.position_id.quantity_done

    def _check_plausible(self):
        """Refuse more than contracted and steps back, unless they are a correction with its reason.

        :raises UserError: naming the chapter and what to do
        """
        for line in self:
            report = line.report_id
            if float_compare(line.quantity_cumulative, 0.0, precision_digits=DIGITS[1]) < 0:
                raise UserError(
                    self.env._(
                        "“%(chapter)s”: no more can be taken back than was reported, %(done)s.",
                        chapter=line.name,
                        done=line._format(line.quantity_previous),
                    )
                )
            if report.is_correction and (report.correction_reason or "").strip():
                continue
            values = {
                "chapter": line.name,
                "done": line._format(line.quantity_cumulative),
                "contracted": line._format(line.quantity_contracted),
            }
            if report.is_correction:
                raise UserError(self.env._("%(report)s is a correction: say why.", report=report.display_name))
            if float_compare(line.quantity, 0.0, precision_digits=DIGITS[1]) < 0:
                raise UserError(
                    self.env._(
                        "“%(chapter)s” would go back to %(done)s. Mark the report as a correction and say why.",
                        **values,
                    )
                )
            is_over = float_compare(line.quantity_cumulative, line.quantity_contracted, precision_digits=DIGITS[1]) > 0
            if line.quantity and is_over:
                raise UserError(
                    self.env._(
                        "“%(chapter)s”: %(done)s would be done of %(contracted)s contracted. More needs a variation, "
                        "or a report marked as a correction with its reason.",
                        **values,
                    )
                )

    def _format(self, quantity):
        return format_quantity(self.env, quantity, self.uom_id)
