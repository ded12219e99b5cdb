from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ConstructionPlanWhatIf(models.TransientModel):
    """What would become due if something happened, or came later: nothing is written."""

    _name = "construction.plan.what.if"
    _description = "What Becomes Due If…"

    contract_id = fields.Many2one("construction.contract", readonly=True, ondelete="cascade")
    event = fields.Selection(
        [
            ("day", "A day comes"),
            ("signature", "The contract is signed"),
            ("delivery", "A delivery is complete"),
            ("handover", "The works are handed over"),
            ("delivery_slip", "A delivery slips"),
            ("handover_slip", "The handover slips"),
        ],
        string="What If",
        compute="_compute_event",
        # proposed: what the plan waits for
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    day = fields.Date(
        string="Date",
        compute="_compute_day",
        # proposed: a month ahead for what comes by itself, today for what happens
        store=True,
        readonly=False,
    )
    days = fields.Integer(string="By Days", default=14, help="So many days later; negative: earlier.")
    delivery_id = fields.Many2one(
        "construction.delivery",
        domain="[('contract_id', '=', contract_id), ('state', '!=', 'delivered')]",
        ondelete="cascade",
    )
    is_slip = fields.Boolean(compute="_compute_is_slip", export_string_translation=False)
    content = fields.Html(compute="_compute_content", sanitize=False)

    # === COMPUTE === #

    @api.depends("contract_id")
    def _compute_event(self):
        for wizard in self:
            rows = wizard._get_contracts().instalment_ids.filtered(lambda row: row.state == "waiting")
            proposed = rows.filtered(lambda row: row.trigger in ("signature", "handover"))[:1].trigger
            wizard.event = wizard.event or proposed or "day"

    @api.depends("event")
    def _compute_day(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            wizard.day = today + relativedelta(months=1) if wizard.event == "day" else today

    @api.depends("event")
    def _compute_is_slip(self):
        for wizard in self:
            wizard.is_slip = bool(wizard.event and wizard.event.endswith("_slip"))

    @api.depends("contract_id", "event", "day", "days", "delivery_id")
    def _compute_content(self):
        for wizard in self:
            try:
                wizard.content = wizard._render_slip() if wizard.is_slip else wizard._render_due()
            except UserError as error:
                wizard.content = Markup('<div class="alert alert-info">%s</div>') % str(error)

    # === BUSINESS === #

    def _get_contracts(self):
        """The contracts the question is about, which the user may read."""
        self.ensure_one()
        return self.contract_id._origin

    def _list_due(self):
        """What would become due.

        :return: see `construction.contract._list_due_if`
        """
        self.ensure_one()
        if not self.day:
            raise UserError(self.env._("Choose a day."))
        contracts = self._get_contracts()
        if self.event == "day":
            return contracts._list_due_if([], until=self.day)
        # what happened before the signature becomes due with it
        until = self.day if self.event == "signature" else None
        found = []
        for contract in contracts:
            found += contract._list_due_if(self._list_events(contract), until)
        return sorted(found, key=lambda pair: pair[1])

    def _list_events(self, contract):
        """The events the answer brings to a contract. Rooms that add an event list theirs.

        :return: list of (kind, day, details), see `construction.contract._list_due_if`
        """
        self.ensure_one()
        if self.event == "delivery":
            if not self.delivery_id:
                raise UserError(self.env._("Choose the delivery."))
            return [("delivery", self.day, {"delivery_id": self.delivery_id._origin.id})]
        events = [(self.event, self.day, {})]
        if self.event == "handover" and contract.warranty_months:
            events.append(("warranty_end", self.day + relativedelta(months=contract.warranty_months), {}))
        return events

    def _get_shifts(self):
        """What would slip, see `construction.contract._list_moved_if`."""
        self.ensure_one()
        if self.event == "delivery_slip":
            if not self.delivery_id:
                raise UserError(self.env._("Choose the delivery."))
            return {self.delivery_id._origin: self.days}
        return dict.fromkeys(self._get_contracts(), self.days)

    def _render_due(self):
        found = self._list_due()
        if not found:
            raise UserError(self.env._("Nothing more becomes due."))
        head = [self.env._("Instalment"), self.env._("Due On"), self.env._("Amount"), self.env._("In All")]
        return self._render_table(head, [(row, [format_date(self.env, day)]) for row, day in found])

    def _render_slip(self):
        found = self._get_contracts()._list_moved_if(self._get_shifts())
        if not found:
            raise UserError(self.env._("No instalment is expected on another day."))
        head = [
            self.env._("Instalment"),
            self.env._("Expected"),
            self.env._("Then"),
            self.env._("Amount"),
            self.env._("In All"),
        ]
        rows = [(row, [format_date(self.env, before), format_date(self.env, after)]) for row, before, after in found]
        return self._render_table(head, rows)

    def _render_table(self, head, rows):
        """:param rows: list of (instalment, list of texts between its name and its amount)"""
        many = len(self._get_contracts()) > 1
        totals, lines = {}, []
        for row, texts in rows:
            currency = row.currency_id
            totals[currency] = totals.get(currency, 0.0) + row.amount
            name = row.display_name if many else row.name
            cells = [name, *texts, currency.format(row.amount), currency.format(totals[currency])]
            lines.append(self._render_row("td", cells))
        return Markup('<table class="table table-sm mb-0"><thead>%s</thead><tbody>%s</tbody></table>') % (
            self._render_row("th", head),
            Markup("").join(lines),
        )

    @staticmethod
    def _render_row(tag, cells):
        first = Markup(f"<{tag}>%s</{tag}>") % cells[0]
        cell = Markup(f'<{tag} class="text-end text-nowrap">%s</{tag}>')
        return Markup("<tr>%s%s</tr>") % (first, Markup("").join(cell % text for text in cells[1:]))
