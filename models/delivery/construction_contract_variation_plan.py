from odoo import fields, models
from odoo.exceptions import UserError

from ...core.delivery.variation import share

# What a person writes on a row of the plan, and a variation may change.
INPUT_FIELDS = ("amount_type", "percent", "amount_fixed", "sequence")


class ConstructionContract(models.Model):
    """How the payment plan follows a variation: invoiced instalments never move."""

    _inherit = "construction.contract"

    # === BUSINESS === #

    def _remember_plan(self):
        """The rows as they stand before a change of the value.

        :return: dict of row → dict of its input fields, `gross` and `is_open`
        """
        self.ensure_one()
        return {
            row: {
                **{name: row[name] for name in INPUT_FIELDS},
                "amount": row.amount,
                "gross": row._get_whole_gross(),
                "is_open": row._is_open_to_variations(),
            }
            for row in self.instalment_ids.sorted(lambda row: (row.sequence, row.id))
        }

    def _follow_variation(self, order, before, left):
        """Have the plan take the amount of a variation that has just become part of the value.

        :param order: the variation, which says where its amount goes
        :param dict before: what `_remember_plan` gave
        :param float left: what was left to plan before
        :return: the instalment made for it, if any
        :raises UserError: the plan cannot take it, saying what to do
        """
        self.ensure_one()
        open_rows = [row for row, values in before.items() if values["is_open"]]
        row = self.env["construction.instalment"]
        if self.is_one_off:
            return row
        if order.variation_plan == "own":
            row = self._give_variation_a_row(order, before, open_rows, left)
        elif order.variation_plan == "final":
            self._settle_variation_last(order, before, open_rows, left)
        else:
            row = self._spread_variation(order, before, open_rows, left)
        self._check_plan_follows(order, left)
        return row

    def _get_unplaced(self, left):
        """What the plan does not cover of a change of the value; negative: what it asks for too much."""
        return self.currency_id.round(self.amount_left - left)

    def _keep_rows(self, before, rows):
        """Have these rows ask for what they asked for before, whatever the contract is worth."""
        moved = [row for row in rows if self.currency_id.compare_amounts(row._get_whole_gross(), before[row]["gross"])]
        self._write_plan_rows({row: {"amount_type": "fixed", "amount_fixed": before[row]["gross"]} for row in moved})

    def _write_plan_rows(self, values_by_row):
        """Write rows of the plan that only together ask for no more than the contract is worth."""
        rows = self.env["construction.instalment"].union(*values_by_row)
        rows.write({"amount_type": "fixed", "amount_fixed": 0.0})
        for row, values in values_by_row.items():
            if "amount_fixed" in values:
                values["amount_fixed"] = self.currency_id.round(values["amount_fixed"])
            row.write(values)

    def _spread_variation(self, order, before, open_rows, left):
        """Percentages and the rest follow by themselves; fixed amounts take their share of what is left then."""
        unplaced = self._get_unplaced(left)
        if self.currency_id.is_zero(unplaced):
            return self.env["construction.instalment"]
        rows = [row for row in open_rows if before[row]["amount_type"] != "rest"]
        if not rows and unplaced > 0:
            return self._make_variation_row(order, unplaced)
        shares = share(unplaced, [row.amount_gross for row in rows], self.currency_id.rounding)
        if shares is None:
            raise UserError(self._get_too_much_message(order, open_rows, before))
        amounts = {row: row._get_whole_gross() + part for row, part in zip(rows, shares, strict=True) if part}
        self._write_plan_rows(
            {row: {"amount_type": "fixed", "amount_fixed": amount} for row, amount in amounts.items()}
        )
        return self.env["construction.instalment"]

    def _give_variation_a_row(self, order, before, open_rows, left):
        if self.currency_id.compare_amounts(order.amount_total, 0.0) <= 0:
            raise UserError(
                self.env._(
                    "Variation %(number)s takes %(amount)s out of the contract: an instalment of its own cannot ask "
                    "for that. Choose another place for it in the payment plan.",
                    number=order.variation_number,
                    amount=self.currency_id.format(-order.amount_total),
                )
            )
        rests = [row for row in open_rows if before[row]["amount_type"] == "rest"]
        self._keep_rows(before, [row for row in open_rows if row not in rests])
        amount = self._get_unplaced(left) + sum(row._get_whole_gross() - before[row]["gross"] for row in rests)
        amount = self.currency_id.round(amount)
        return self._make_variation_row(order, amount) if amount > 0 else self.env["construction.instalment"]

    def _settle_variation_last(self, order, before, open_rows, left):
        if not open_rows:
            raise UserError(
                self.env._(
                    "All instalments of contract %(contract)s are invoiced: give variation %(number)s an instalment "
                    "of its own.",
                    contract=self.name,
                    number=order.variation_number,
                )
            )
        last = next((row for row in reversed(open_rows) if row.kind == "final"), open_rows[-1])
        is_rest = before[last]["amount_type"] == "rest"
        if not is_rest:
            last.write({"amount_type": "fixed", "amount_fixed": last._get_taken_out()})
        self._keep_rows(before, [row for row in open_rows if row != last])
        unplaced = self._get_unplaced(left)
        if unplaced < 0:
            raise UserError(self._get_too_much_message(order, [last], before))
        if not is_rest:
            last.write({"amount_fixed": self.currency_id.round(unplaced + last._get_taken_out())})

    def _make_variation_row(self, order, amount):
        """An instalment of its own, before what settles the account."""
        own = order.with_context(lang=self._get_lang())
        later = self.instalment_ids.filtered(lambda row: row.kind in ("final", "retention"))
        sequence = max(self.instalment_ids.mapped("sequence"), default=0)
        if later:
            sequence = min(later.mapped("sequence"))
            for row in later:
                row.sequence += 1
        return self.env["construction.instalment"].create(
            {
                "contract_id": self.id,
                "name": own.env._("Variation %(number)s", number=order.variation_number),
                "kind": "progress",
                "amount_type": "fixed",
                "amount_fixed": amount,
                "trigger": "date",
                "trigger_date": order.variation_date_due or self.date_end or fields.Date.context_today(self),
                "sequence": sequence,
            }
        )

    def _check_plan_follows(self, order, left):
        unplaced = self._get_unplaced(left)
        if self.currency_id.is_zero(unplaced):
            return
        raise UserError(
            self.env._(
                "The payment plan of contract %(contract)s cannot take variation %(number)s: %(amount)s of it finds no "
                "place. Change the plan, or choose another place for the variation.",
                contract=self.name,
                number=order.variation_number,
                amount=self.currency_id.format(unplaced),
            )
        )

    def _get_too_much_message(self, order, rows, before):
        return self.env._(
            "Variation %(number)s takes %(amount)s out of contract %(contract)s, but the instalments that can still "
            "change come to %(open)s. Credit an invoice first, or take out less.",
            number=order.variation_number,
            amount=self.currency_id.format(-order.amount_total),
            contract=self.name,
            open=self.currency_id.format(sum(before[row]["amount"] for row in rows)),
        )


class ConstructionInstalment(models.Model):
    _inherit = "construction.instalment"

    # === BUSINESS === #

    def _is_open_to_variations(self):
        """Whether a variation may change what this row asks for: not what is invoiced, certified or kept back."""
        self.ensure_one()
        return (
            not self.certificate_id and self.kind != "retention" and self._get_frozen_amount(self.currency_id) is None
        )

    def _get_taken_out(self):
        """What progress certificates took out of this row already: its own amount asks for that as well."""
        self.ensure_one()
        if not self._is_pot():
            return 0.0
        certified = self.contract_id.instalment_ids.filtered("certificate_id")
        return sum(row._get_carved(self.currency_id) for row in certified)

    def _get_whole_gross(self):
        """What this row asks for in all, before certificates and advances are taken off."""
        self.ensure_one()
        return self.amount_gross + self._get_taken_out()

    def _get_variation_moves(self):
        """Invoices that bill these rows, drafts included."""
        # reason of sudo: an invoice is named to whoever it stands in the way of
        moves = self.sudo().invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
        return moves.filtered(lambda move: move.state != "cancel")
