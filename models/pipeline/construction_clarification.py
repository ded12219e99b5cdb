from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .row_lock import touch


class ConstructionClarification(models.Model):
    """One question about a tender, and its answer."""

    _name = "construction.clarification"
    _description = "Clarification of a Tender"
    _order = "lead_id desc, number, id"
    _rec_names_search = ["question", "reference"]
    _check_company_auto = True

    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('construction_type_id', '!=', False)]",
    )
    company_id = fields.Many2one(related="lead_id.company_id")
    client_id = fields.Many2one(related="lead_id.partner_id", string="Client")
    date_tender = fields.Datetime(related="lead_id.date_tender")
    number = fields.Integer(
        string="No.",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Counts the questions of one deal.",
    )
    date_asked = fields.Date(
        string="Asked On",
        required=True,
        default=fields.Date.context_today,
    )
    question = fields.Text(required=True)
    reference = fields.Char(help="Which drawing, item or page the question is about.")
    user_id = fields.Many2one(
        "res.users",
        string="Asked By",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index="btree_not_null",
        ondelete="set null",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Asked Of",
        compute="_compute_partner_id",
        # Stored, since it is proposed and then changed by hand.
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who has to answer: the client, the architect…",
    )
    date_due = fields.Date(string="Answer Wanted By", help="The day by which you need the answer for your offer.")
    answer = fields.Text()
    date_answered = fields.Date(
        string="Answered On",
        compute="_compute_date_answered",
        # Stored: today is proposed when the answer is written down, and changed by hand.
        store=True,
        readonly=False,
        copy=False,
    )
    is_closed = fields.Boolean(
        string="Settled",
        copy=False,
        help="Nothing is left to do: the answer is in the offer, or the question was dropped.",
    )
    changes_price = fields.Boolean(
        string="Changes the Price",
        help="The sheet or the quote has to be changed because of the answer.",
    )
    is_printed = fields.Boolean(
        string="In the Log",
        default=True,
        help="Printed in the clarification log that goes along with the offer.",
    )
    state = fields.Selection(
        [("open", "Open"), ("answered", "Answered"), ("closed", "Settled")],
        compute="_compute_state",
        # Stored: lists filter and group by it.
        store=True,
        index=True,
    )
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")

    _number_uniq = models.UniqueIndex(
        "(lead_id, number)",
        "This deal has a clarification with this number already.",
    )

    # === COMPUTE === #

    @api.depends("number", "question")
    def _compute_display_name(self):
        for row in self:
            text = (row.question or "").split("\n")[0]
            row.display_name = f"{row.number}. {text[:60]}" if row.number else text[:60]

    @api.depends("lead_id")
    def _compute_partner_id(self):
        for row in self:
            row.partner_id = row.partner_id or row.lead_id.partner_id

    @api.depends("answer")
    def _compute_date_answered(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.date_answered = (row.date_answered or today) if row.answer else False

    @api.depends("answer", "date_answered", "is_closed")
    def _compute_state(self):
        for row in self:
            answered = "answered" if row.answer or row.date_answered else "open"
            row.state = "closed" if row.is_closed else answered

    @api.depends("state", "date_due")
    @api.depends_context("tz")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.is_overdue = bool(row.state == "open" and row.date_due and row.date_due < today)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "open") & Domain("date_due", "<", fields.Date.context_today(self))

    # === CONSTRAINT === #

    @api.constrains("lead_id")
    def _check_lead(self):
        for row in self:
            if not row.lead_id.construction_type_id:
                raise ValidationError(
                    self.env._(
                        "%(deal)s is no construction deal: give it a construction type first.",
                        deal=row.lead_id.display_name,
                    )
                )

    @api.constrains("question")
    def _check_question(self):
        for row in self:
            if not (row.question or "").strip():
                raise ValidationError(self.env._("Write down what was asked."))

    @api.constrains("date_asked", "date_answered")
    def _check_dates(self):
        for row in self:
            if row.date_answered and row.date_answered < row.date_asked:
                raise ValidationError(
                    self.env._(
                        "Question %(number)s was answered before it was asked: correct one of the two dates.",
                        number=row.number,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._number(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("lead_id"):
            # On another deal they are counted anew.
            moved = self.filtered(lambda row: row.lead_id.id != vals["lead_id"])
            vals_list = [{"lead_id": vals["lead_id"]} for _row in moved]
            self._number(vals_list)
            for row, values in zip(moved, vals_list, strict=True):
                super(ConstructionClarification, row).write(values)
            vals = {name: value for name, value in vals.items() if name not in ("lead_id", "number")}
        return super().write(vals)

    # === ACTION === #

    def action_close(self):
        """Settle these questions; those settled before stay as they are."""
        self.is_closed = True
        return True

    def action_reopen(self):
        """Take these questions up again."""
        self.is_closed = False
        return True

    # === BUSINESS === #

    @api.model
    def _number(self, vals_list):
        """Number new rows, each deal counted by itself. What is typed or imported as a number is not asked."""
        by_deal = {}
        for vals in vals_list:
            lead_id = vals.get("lead_id") or self.env.context.get("default_lead_id")
            if lead_id:
                by_deal.setdefault(lead_id, []).append(vals)
        leads = self.env["crm.lead"].browse(by_deal)
        # Two who ask at the same moment get two numbers.
        touch(leads.exists())
        # sudo: rows which a user may not see have their numbers, too
        last = dict(self.sudo()._read_group([("lead_id", "in", leads.ids)], ["lead_id"], ["number:max"]))
        for lead in leads:
            for number, vals in enumerate(by_deal[lead.id], (last.get(lead) or 0) + 1):
                vals["number"] = number

    def _print_log(self):
        """The action that prints those chosen for the log.

        :raises UserError: when none is
        """
        chosen = self.filtered("is_printed")
        if not chosen:
            raise UserError(self.env._("No question is chosen for the log: tick “In the Log” on those to be printed."))
        report = self.env.ref("construction_crm.action_report_construction_clarification")
        return report.report_action(chosen, config=False)

    # === HOOKS === #

    def _get_print_lang(self):
        """The language of whoever gets the log: the client of the deal."""
        # sudo: whoever prints need not see the contact
        return self[:1].lead_id.sudo().partner_id.lang or self.env.lang
