from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_date

from ...core.contract.periods import QUARTER, WEEK, list_days, share_percents
from .construction_instalment import BILLED_STATES

PLANNABLE_STATES = ("draft", "signed", "running", "completed")


class ConstructionContract(models.Model):
    """How a payment plan is made: by periods, by deliveries, from a template, or none at all."""

    _inherit = "construction.contract"

    is_one_off = fields.Boolean(
        string="One-off Sale",
        copy=False,
        tracking=True,
        help="No payment plan: the orders are invoiced as usual, and money is collected on the contract itself.",
    )

    # The list of instalments shows the columns its rows need, and no others.
    plan_has_date = fields.Boolean(compute="_compute_plan_columns", export_string_translation=False)
    plan_has_fixed = fields.Boolean(compute="_compute_plan_columns", export_string_translation=False)
    plan_has_delivery = fields.Boolean(compute="_compute_plan_columns", export_string_translation=False)

    # === COMPUTE === #

    @api.depends("instalment_ids.trigger", "instalment_ids.amount_type")
    def _compute_plan_columns(self):
        for contract in self:
            triggers = set(contract.instalment_ids.mapped("trigger"))
            contract.plan_has_date = "date" in triggers
            contract.plan_has_delivery = "delivery" in triggers
            contract.plan_has_fixed = "fixed" in contract.instalment_ids.mapped("amount_type")

    @api.depends("is_one_off")
    def _compute_amount_planned(self):
        result = super()._compute_amount_planned()
        # nothing is left to plan where there is no plan
        self.filtered("is_one_off").amount_left = 0.0
        return result

    @api.depends("is_one_off")
    def _compute_missing_data(self):
        return super()._compute_missing_data()

    # === CONSTRAINT === #

    @api.constrains("is_one_off", "instalment_ids")
    def _check_one_off(self):
        for contract in self:
            if contract.is_one_off and contract.instalment_ids:
                raise ValidationError(
                    self.env._(
                        "Contract %(contract)s is a one-off sale without a payment plan: remove its instalments, or "
                        "make a plan of another kind.",
                        contract=contract.name,
                    )
                )

    # === ACTION === #

    def action_make_plan(self):
        """Ask how the plan is to be made."""
        self.ensure_one()
        self._check_plannable()
        return self._open_plan_question("construction.plan.make", self.env._("Make Payment Plan"))

    def action_save_plan_template(self):
        """Keep this plan as a template for others.

        :return: action on the new template
        :raises UserError: there is no plan to keep
        """
        self.ensure_one()
        if not self.instalment_ids:
            raise UserError(self.env._("Contract %(contract)s has no payment plan to save.", contract=self.name))
        rows = self.instalment_ids.sorted(lambda row: (row.sequence, row.id))
        template = self.env["construction.plan.template"].create(
            {
                "name": self.env._("As contract %(contract)s", contract=self.name),
                "company_id": self.company_id.id,
                "line_ids": [Command.create(row._prepare_template_line_values()) for row in rows],
            }
        )
        return template._get_records_action(name=self.env._("Payment Plan Template"))

    # === BUSINESS === #

    def _open_plan_question(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_contract_id": self.id},
        }

    def _get_missing_data(self):
        missing = super()._get_missing_data()
        if self.is_one_off and not self.instalment_ids:
            missing = [line for line in missing if line != self.env._("The payment plan")]
        return missing

    def _check_plannable(self):
        self.ensure_one()
        if self.state not in PLANNABLE_STATES:
            raise UserError(
                self.env._(
                    "The plan of contract %(contract)s can no longer be made anew: it is closed or cancelled.",
                    contract=self.name,
                )
            )

    def _get_kept_instalments(self):
        """The rows a new plan stands around: what is invoiced stays."""
        self.ensure_one()
        return self.instalment_ids.filtered(lambda row: row.state in BILLED_STATES)

    def _replace_plan(self, rows):
        """Put these rows in the place of those not invoiced.

        :param list rows: values of instalments in their order; none makes the contract a one-off sale
        :raises UserError: money was received for a row that would go
        """
        self.ensure_one()
        self._check_plannable()
        self.check_access("write")
        kept = self._get_kept_instalments()
        gone = self.instalment_ids - kept
        first = max(kept.mapped("sequence"), default=0)
        rows = [{**row, "sequence": first + number * 10} for number, row in enumerate(rows, start=1)]
        if rows:
            self.is_one_off = False
        self.instalment_ids = [Command.delete(row.id) for row in gone] + [Command.create(row) for row in rows]
        if not rows:
            self.is_one_off = True

    def _preview_rows(self, rows):
        """What these rows would come to, around those that stay.

        :return: list of (name, day or False, amount), those that stay first
        """
        self.ensure_one()
        kept = self._get_kept_instalments().sorted(lambda row: (row.sequence, row.id))
        # in memory, and of no contract: the very rows the plan would be made of, split as they would be
        new = [self.env["construction.instalment"].new(values) for values in self._fill_retention(rows)]
        rows_after = kept.union(*new)
        amounts = rows_after._split_contract(self)
        shown = [(row.name, row.date_expected) for row in kept]
        shown += [(row["name"], row.get("trigger_date")) for row in rows]
        return [(name, day, amount) for (name, day), amount in zip(shown, amounts, strict=True)]

    # === RULES === #

    def _prepare_period_rows(self, period, every, count, first_day, advance=0.0, retention=0.0):
        """Rows of a service paid by periods, equal to the cent; the last one settles the account.

        :param str period: "month", "quarter" or "week"
        :param int every: weeks, months or quarters from one row to the next
        :param advance, retention: percentages of the contract asked for at signature, and kept back
        """
        self.ensure_one()
        days = list_days(first_day, period, count, every)
        rows = [
            {
                "name": self._name_period(period, every, day),
                "kind": "progress",
                "amount_type": "rest",
                "trigger": "date",
                "trigger_date": day,
            }
            for day in days
        ]
        return self._frame_rows(rows, advance, retention)

    def _prepare_delivery_rows(self, advance=0.0, retention=0.0):
        """Rows of goods paid on delivery, each by the value of what is delivered.

        :raises UserError: nothing is planned, or nobody can tell what a delivery is worth
        """
        self.ensure_one()
        deliveries = self.delivery_ids.sorted(lambda delivery: (delivery.date_planned, delivery.id))
        if not deliveries:
            raise UserError(
                self.env._("Contract %(contract)s has no deliveries: fill its delivery plan first.", contract=self.name)
            )
        kept = self._get_kept_instalments()
        deliveries -= kept.delivery_id
        whole = 100.0 - retention - self._get_kept_percent(kept)
        if self.advance_recoup == "none":
            whole -= advance
        shares = self._share_deliveries(deliveries, whole)
        rows = [
            {
                "name": self.env._("Delivery: %(delivery)s", delivery=delivery.name),
                "kind": "progress",
                "amount_type": "rest" if percent is None else "percent",
                "percent": percent or 0.0,
                "trigger": "delivery",
                "delivery_id": delivery.id,
            }
            for delivery, percent in zip(deliveries, shares, strict=True)
        ]
        return self._frame_rows(rows, advance, retention)

    def _prepare_template_rows(self, template):
        """Rows of a plan from a template, texts in the language of the context."""
        self.ensure_one()
        return template.with_context(lang=self.env.lang)._prepare_instalments_values()

    def _get_plan_retention(self):
        """The percentage a new plan keeps back in a row of its own."""
        self.ensure_one()
        return self.retention_percent

    def _fill_retention(self, rows):
        """Give rows of the kind Retention the percentage they leave to the contract. Hook of the retention."""
        return rows

    def _get_kept_percent(self, kept):
        """The share of the contract the rows that stay take up: an advance taken back takes none."""
        kept -= self._get_advance_rows()
        return 100.0 * sum(kept.mapped("amount_gross")) / self.amount_total if self.amount_total else 0.0

    def _share_deliveries(self, deliveries, whole):
        """The percentage of the contract each delivery is worth; None for those that share what is left."""
        values = [delivery._get_order_value() for delivery in deliveries]
        if not any(values):
            # nothing but names: equal shares
            return [None] * len(deliveries)
        for delivery, value in zip(deliveries, values, strict=True):
            if not value:
                raise UserError(
                    self.env._(
                        "Nobody can tell what delivery “%(delivery)s” is worth: choose its order line, with a price "
                        "and a quantity.",
                        delivery=delivery.name,
                    )
                )
        return share_percents(values, max(whole, 0.0))

    def _frame_rows(self, rows, advance, retention):
        """Put an advance before the rows and a retention after them; the last of them is the final one."""
        taken = advance if self.advance_recoup == "none" else 0.0
        if advance > 100 or taken + retention > 100:
            raise UserError(self.env._("Advance and retention together cannot exceed 100 % of the contract."))
        if rows:
            rows[-1]["kind"] = "final"
        if advance:
            name = self.env._("Advance")
            rows.insert(0, {"name": name, "kind": "advance", "percent": advance, "trigger": "signature"})
        if retention:
            trigger = "warranty_end" if self.warranty_months else "handover"
            name = self.env._("Retention")
            rows.append({"name": name, "kind": "retention", "percent": retention, "trigger": trigger})
        return rows

    def _name_period(self, period, every, day):
        lang = self.env.lang or "en_US"
        if period == WEEK or every > 1:
            return self.env._("From %(date)s", date=format_date(self.env, day, lang_code=lang))
        if period == QUARTER:
            return self.env._("Quarter %(number)s of %(year)s", number=(day.month + 2) // 3, year=day.year)
        return format_date(self.env, day, lang_code=lang, date_format="LLLL yyyy")
