from datetime import timedelta
from math import floor

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .construction_contract import LIVE_STATES
from .construction_instalment import BILLED_STATES


class ConstructionInstalment(models.Model):
    """The events that make an instalment due."""

    _inherit = "construction.instalment"

    delivery_id = fields.Many2one(
        "construction.delivery",
        domain="[('contract_id', '=', contract_id)]",
        # the copy of a contract has deliveries of its own, see `construction.contract.copy`
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The row of the delivery plan this instalment waits for.",
    )

    is_locked = fields.Boolean(
        compute="_compute_is_locked",
        export_string_translation=False,
        help="Invoiced: what was asked for stays as it is.",
    )

    # === COMPUTE === #

    @api.depends("state")
    def _compute_is_locked(self):
        for instalment in self:
            instalment.is_locked = instalment.state in BILLED_STATES

    @api.depends(
        "trigger",
        "trigger_date",
        "delay_days",
        "date_event",
        "delivery_id.date_planned",
        "contract_id.date_start",
        "contract_id.date_end",
        "contract_id.date_warranty_end",
    )
    def _compute_date_due(self):
        self._set_each("date_due", [instalment._get_date_due() for instalment in self])

    @api.depends("date_due", "contract_id.date_signed")
    def _compute_date_expected(self):
        self._set_each("date_expected", [row.date_due or row._add_delay(row._get_day_planned()) for row in self])

    # === CONSTRAINT === #

    @api.constrains("delivery_id", "contract_id")
    def _check_delivery(self):
        for instalment in self.filtered("delivery_id"):
            if instalment.delivery_id.contract_id != instalment.contract_id:
                raise ValidationError(
                    self.env._(
                        "Instalment “%(name)s” cannot wait for delivery “%(delivery)s”: it is planned in contract "
                        "%(contract)s.",
                        name=instalment.name,
                        delivery=instalment.delivery_id.name,
                        contract=instalment.delivery_id.contract_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        contracts = self.env["construction.contract"].browse({vals.get("contract_id") for vals in vals_list} - {None})
        contracts._watch_plan(self.env._("The plan was edited"))
        instalments = super().create(vals_list)
        instalments._catch_up()
        instalments._follow_due()
        return instalments

    def write(self, vals):
        if vals.keys() & self._get_plan_fields():
            self.contract_id._watch_plan(self.env._("The plan was edited"))
        changed = self.browse()
        if names := vals.keys() & self._get_trigger_fields():
            changed = self.filtered(lambda row: row._is_changed(names, vals))
            changed._check_trigger_open()
        res = super().write(vals)
        if changed:
            # what it waits for now may have happened long ago
            changed._unfire()
            changed._catch_up()
        if changed or {"trigger_date", "delay_days"} & vals.keys():
            self._follow_due()
        return res

    def unlink(self):
        self.contract_id._watch_plan(self.env._("The plan was edited"))
        return super().unlink()

    # === ACTION === #

    def action_duplicate(self):
        """Another row like this one, right after it; it asks for no more than the contract leaves."""
        self.ensure_one()
        contract = self.contract_id
        rests = contract.instalment_ids.filtered(lambda row: row.amount_type == "rest" and not row.is_locked)
        room = max(contract.amount_left + sum(rests.mapped("amount")), 0.0)
        values = {"trigger_date": self.trigger_date, "delivery_id": self.delivery_id.id}
        if self.amount_type == "percent":
            most = floor(room / contract.amount_total * 1e6) / 1e4 if contract.amount_total else 0.0
            values["percent"] = min(self.percent, most)
        elif self.amount_type == "fixed":
            values["amount_fixed"] = min(self.amount_fixed, room)
        self.copy(values)
        return True

    # === BUSINESS === #

    def _is_changed(self, names, vals):
        return any(self._fields[name].convert_to_write(self[name], self) != vals[name] for name in names)

    def _check_trigger_open(self):
        for instalment in self:
            # what a client keeps back may be given another day of release
            if instalment.state in BILLED_STATES and instalment.kind != "retention":
                raise UserError(
                    self.env._(
                        "Instalment “%(name)s” is invoiced: what it waits for can no longer be changed.",
                        name=instalment.name,
                    )
                )

    def _get_date_due(self, shifts=None):
        """The day to invoice this row, as far as it is settled. See `_get_day_planned` for `shifts`."""
        if self.trigger == "date":
            return self.trigger_date or self._add_delay(self.contract_id.date_start)
        start = self.date_event
        if self.trigger == "warranty_end":
            start = self._shift(self.contract_id.date_warranty_end, self.contract_id, shifts)
        elif not start and self.delay_days < 0 and self.trigger != "signature":
            # days before an event can only be counted from the day it is planned for
            start = self._get_day_planned(shifts)
        return self._add_delay(start)

    def _get_date_expected(self, shifts=None):
        """The best known day to invoice this row. See `_get_day_planned` for `shifts`."""
        return self._get_date_due(shifts) or self._add_delay(self._get_day_planned(shifts))

    @staticmethod
    def _shift(day, record, shifts):
        return day and day + timedelta(days=(shifts or {}).get(record, 0))

    def _add_delay(self, day):
        return day and day + timedelta(days=self.delay_days)

    def _catch_up(self):
        """Fire what happened before these rows began to wait for it."""
        by_day = {}
        for instalment in self.filtered(lambda row: row.trigger != "date" and not row.date_event):
            if day := instalment._get_day_happened():
                by_day[day] = by_day.get(day, self.browse()) + instalment
        for day, instalments in by_day.items():
            instalments._fire(day)

    def _follow_due(self):
        """The days of these rows moved: tell of what became due, and no longer of what waits again."""
        # reason of sudo: the activity is the invoicing person's
        self.sudo().filtered(lambda row: row.activity_id and row.state == "waiting").activity_id.unlink()
        self._schedule_due()

    # === HOOKS === #

    def _prepare_template_line_values(self):
        """Values of the template row this instalment makes: days of the calendar become days from the start."""
        self.ensure_one()
        delay = self.delay_days
        start = self.contract_id.date_start
        if self.trigger == "date" and self.trigger_date:
            delay = (self.trigger_date - start).days if start else 0
        return {
            "sequence": self.sequence,
            "name": self.name,
            "kind": self.kind,
            "amount_type": self.amount_type,
            "percent": self.percent,
            "amount": self.amount_fixed,
            "trigger": self.trigger,
            "delay_days": delay,
        }

    @api.model
    def _get_plan_fields(self):
        """Names of the fields whose change is a change of the plan."""
        amounts = {"name", "amount", "amount_type", "percent", "amount_fixed"}
        return amounts | {"trigger_date", "delay_days"} | self._get_trigger_fields()

    @api.model
    def _get_trigger_fields(self):
        """Names of the fields that say what a row waits for. Rooms that add a kind add theirs."""
        return {"trigger", "delivery_id"}

    def _awaits(self, kind, **details):
        """Whether this instalment still waits for the event. See `_matches_event`."""
        self.ensure_one()
        return self.trigger == kind and not self.date_event and self._matches_event(kind, **details)

    def _matches_event(self, kind, **details):
        """Whether the event is the one meant by this instalment, its kind being right.

        Rooms that add a kind compare their `details` (this stage, that percentage) here.
        """
        if kind == "delivery":
            return bool(self.delivery_id) and self.delivery_id.id == details.get("delivery_id")
        return True

    def _get_day_happened(self):
        """The day the event of this row happened by the records themselves, False when it did not yet."""
        self.ensure_one()
        contract = self.contract_id
        if self.trigger == "signature":
            return contract.state in LIVE_STATES and contract.date_signed
        if self.trigger == "delivery":
            return self.delivery_id.state == "delivered" and self.delivery_id.date_delivered
        if self.trigger == "handover":
            return contract.state in ("completed", "closed") and contract.date_end
        return False

    def _get_day_planned(self, shifts=None):
        """The day the event of this row is planned for, False when nobody knows.

        :param dict shifts: what if a delivery, a contract's end (or, in other rooms, a stage) slipped by so many days
        """
        self.ensure_one()
        contract = self.contract_id
        if self.trigger == "signature":
            return contract.date_signed or contract.date_start
        if self.trigger == "delivery":
            return self._shift(self.delivery_id.date_planned, self.delivery_id, shifts)
        if self.trigger == "handover":
            return self._shift(contract.date_end, contract, shifts)
        return False

    def _get_missing_detail(self):
        """What this row does not say about its event yet, as one sentence; None when it is complete."""
        self.ensure_one()
        if self.trigger == "delivery" and not self.delivery_id:
            return self.env._("The delivery instalment “%(name)s” waits for", name=self.name)
        if self.trigger == "warranty_end" and not self.contract_id.warranty_months:
            return self.env._("The months of warranty instalment “%(name)s” waits for", name=self.name)
        return None

    def _fire(self, date=None):
        """The event happened: count the date due from it and tell the invoicing person.

        :param date: the day of the event, today when empty
        """
        if not self:
            return
        # reason of sudo: the event may be raised by someone who may not write on plans
        instalments = self.sudo()
        instalments.date_event = date or fields.Date.context_today(self)
        instalments._schedule_due()

    def _unfire(self):
        """The event is undone: what is not invoiced waits again.

        :return: the instalments that wait again
        """
        open_rows = self.filtered(lambda instalment: instalment.state not in BILLED_STATES)
        # reason of sudo: as in `_fire`; the activity is the invoicing person's
        open_rows.sudo().filtered("date_event").date_event = False
        open_rows.sudo().activity_id.unlink()
        return open_rows

    def _describe_wait(self):
        """What this instalment waits for, for messages."""
        self.ensure_one()
        if self.date_due:
            return self.env._("the %(date)s", date=format_date(self.env, self.date_due))
        if self.trigger == "signature":
            return self.env._("the signature of the contract")
        return self.env._("the event “%(event)s”", event=self._describe_event())

    def _describe_due(self):
        if self.date_due:
            return format_date(self.env, self.date_due)
        return super()._describe_due()

    def _describe_event(self):
        if self.trigger == "delivery" and self.delivery_id:
            return self.env._("On delivery: %(delivery)s", delivery=self.delivery_id.name)
        return super()._describe_event()
