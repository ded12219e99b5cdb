from contextlib import suppress

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, formatLang

from ..contract.construction_contract import LIVE_STATES
from ..pipeline.row_lock import take
from .construction_contract_variation_plan import INPUT_FIELDS


class _Tried(Exception):
    """Ends a trial: what it wrote is taken back."""


class SaleOrder(models.Model):
    """A signed variation becomes part of its contract, once, and can be taken out again until it is invoiced."""

    _inherit = "sale.order"

    # === ACTION === #

    def action_apply_variation(self):
        """Make signed variations part of their contracts.

        :return: the action on the contract
        :raises UserError: not signed, or the contract cannot take it
        """
        self.check_access("write")
        for order in self:
            if order.state != "sale":
                raise UserError(
                    self.env._("%(quote)s is not confirmed: the client signs a variation first.", quote=order.name)
                )
        self._apply_variations()
        return self[:1].action_view_variation_contract()

    def action_undo_variation(self):
        """Take applied variations out of their contracts: all figures are as they were before.

        :return: the action on the contract
        :raises UserError: something of it is invoiced, measured or changed since, saying what
        """
        self.check_access("write")
        for order in self:
            order._undo_variation()
        return self[:1].action_view_variation_contract()

    # === BUSINESS === #

    def _action_confirm(self):
        # Here all roads meet: the button and the client's signature or payment in the portal.
        result = super()._action_confirm()
        self.filtered("variation_contract_id")._apply_variations()
        return result

    def _action_cancel(self):
        for order in self.filtered(lambda order: order.variation_state == "applied"):
            if order.sudo().variation_contract_id.state in LIVE_STATES:  # reason of sudo: maybe a colleague's
                raise UserError(
                    self.env._(
                        "%(quote)s is applied to contract %(contract)s: undo the variation there before you cancel it.",
                        quote=order.name,
                        contract=order.sudo().variation_contract_id.name,  # reason of sudo: as above
                    )
                )
        return super()._action_cancel()

    def _apply_variations(self):
        for order in self.sorted("id"):
            if order._has_variation_contract():
                order._apply_variation()

    def _apply_variation(self):
        """Make this variation part of its contract: value, payment plan, works, tasks and dates, once.

        :raises UserError: nothing is changed then
        """
        self.ensure_one()
        # reason of sudo: a client signs, or somebody who may not write on the contract of a colleague
        order = self.sudo()
        contract = order.variation_contract_id
        contract._lock_rows()
        take(order)
        if order.date_variation_applied:
            return
        order._check_variation_fits()
        plan, before, left = contract._remember_plan(), contract._get_plan_amounts(), contract.amount_left
        value = contract.amount_total
        # first: from now on its works are those of the contract
        order.date_variation_applied = fields.Datetime.now()
        order._set_contract(contract)
        row = contract._follow_variation(order, plan, left)
        data = {
            "rank": 1 + max(order._get_applied_siblings().mapped("variation_rank"), default=0),
            "value": value,
            "left": left,
            "rows": order._describe_moved_rows(plan),
            "row": row.id,
            "certificates": contract._get_approved_certificates().ids,
            **contract._take_variation_days(order),
        }
        data |= contract.construction_project_id._take_variation_tasks(order)
        order.variation_data = data
        reason = order._get_variation_reason()
        if not contract._log_plan_change(before, reason):
            contract.message_post(body=reason)

    def _get_applied_siblings(self):
        """The other variations that are part of the contract of this one."""
        self.ensure_one()
        siblings = self.variation_contract_id.variation_order_ids - self
        return siblings.filtered(lambda order: order.variation_state == "applied")

    def _describe_moved_rows(self, plan):
        """What a variation changed in the rows of the plan: id → (before, after, whether its amount moved)."""
        moved = {}
        for row, old in plan.items():
            new = {name: row[name] for name in INPUT_FIELDS}
            is_moved = bool(row.currency_id.compare_amounts(row.amount, old["amount"]))
            inputs = {name: old[name] for name in INPUT_FIELDS}
            if is_moved or new != inputs:
                moved[str(row.id)] = [inputs, new, is_moved]
        return moved

    def _get_variation_reason(self):
        """One sentence for the history of the plan and the chatter of the contract."""
        self.ensure_one()
        values = {
            "number": self.variation_number,
            "order": self.name,
            "amount": self.currency_id.format(self.amount_total),
            "reason": dict(self._fields["variation_reason"]._description_selection(self.env)).get(
                self.variation_reason, ""
            ),
            "days": self.variation_days,
        }
        if self.variation_days:
            return self.env._(
                "Variation %(number)s (%(order)s) applied: %(amount)s, %(days)s days. %(reason)s", **values
            )
        return self.env._("Variation %(number)s (%(order)s) applied: %(amount)s. %(reason)s", **values)

    # === CHECKS === #

    def _check_variation_fits(self):
        """Refuse what the contract cannot take: its state, its currency, or more taken out than is left."""
        self.ensure_one()
        contract = self.variation_contract_id
        contract._check_open_to_variations()
        if reason := contract._get_join_refusal(self):
            raise UserError(reason)
        self._check_variation_quantities()

    def _check_variation_quantities(self):
        """Refuse to take out more of a chapter than remains to be built."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        # reason of sudo: positions are read to compare, whoever asks
        deltas = self.sudo().order_line.filtered("origin_chapter_id")
        if not deltas:
            return
        self.env["construction.position"]._sync(deltas.origin_chapter_id.order_id)
        positions = (
            self.env["construction.position"]
            .sudo()  # reason of sudo: as above
            .search([("chapter_line_id", "in", [line._get_root_chapter().id for line in deltas])])
            .grouped("chapter_line_id")
        )
        changes = {}
        for line in deltas:
            quantity = line.chapter_quantity if line.display_type else line.product_uom_qty
            changes[line._get_root_chapter()] = changes.get(line._get_root_chapter(), 0.0) + quantity
        for root, change in changes.items():
            position = positions.get(root)
            if not position or position.contract_id != self.sudo().variation_contract_id:  # reason of sudo: as above
                raise UserError(
                    self.env._(
                        "“%(chapter)s” is no longer part of the contract: take it out of variation %(number)s.",
                        chapter=root._get_chapter_task_name(),
                        number=self.variation_number,
                    )
                )
            if change < 0 and float_compare(-change, position._get_remaining(), precision_digits=digits) > 0:
                raise UserError(position._get_too_much_removed_message(-change))

    def _check_variation_followable(self):
        """Before these variations go to the client: whatever would keep them from being applied is said now."""
        for order in self:
            if not order._has_variation_contract() or order.variation_state == "applied":
                continue
            order = order.sudo()  # reason of sudo: as when it is applied
            order._check_variation_fits()
            contract = order.variation_contract_id
            # Written and taken back: the plan itself says what it can take.
            with suppress(_Tried), self.env.cr.savepoint():
                plan, left = contract._remember_plan(), contract.amount_left
                contract.write({"amount_total": contract.amount_total + order.amount_total})
                contract._follow_variation(order, plan, left)
                raise _Tried

    # === UNDO === #

    def _undo_variation(self):
        """Take this variation out of its contract, everything back as it was.

        :raises UserError: nothing is changed then
        """
        self.ensure_one()
        # reason of sudo: as when it was applied; the right to write on the quote was checked
        order = self.sudo()
        contract = order.variation_contract_id
        contract._lock_rows()
        take(order)
        if not order.date_variation_applied:
            return
        if holds := order._get_variation_holds():
            raise UserError(
                self.env._(
                    "Variation %(number)s cannot be undone:\n%(holds)s\n"
                    "Propose a variation that takes it back instead.",
                    number=order.variation_number,
                    holds="\n".join(f"- {hold}" for hold in holds),
                )
            )
        data = order.variation_data or {}
        before = contract._get_plan_amounts()
        contract.construction_project_id._give_back_variation_tasks(data)
        contract._give_back_variation_days(data, order.variation_days)
        order._set_contract(contract.browse())
        order.write({"date_variation_applied": False, "variation_data": False})
        self._give_back_plan(contract, data)
        if contract._get_unplaced(data.get("left", 0.0)):
            raise UserError(
                self.env._(
                    "Variation %(number)s cannot be undone: what is invoiced and certified of contract %(contract)s "
                    "counts on it. Propose a variation that takes it back instead.",
                    number=order.variation_number,
                    contract=contract.name,
                )
            )
        positions = self.env["construction.position"].sudo()  # reason of sudo: made by the system
        positions.search([("order_id", "=", order.id)])._drop()
        positions._sync(contract.order_ids)
        reason = self.env._("Variation %(number)s (%(order)s) undone.", number=order.variation_number, order=order.name)
        if not contract._log_plan_change(before, reason):
            contract.message_post(body=reason)

    def _give_back_plan(self, contract, data):
        rows = contract.instalment_ids
        rows.filtered(lambda row: row.id == data.get("row")).unlink()
        given_back = {}
        for row in rows.exists():
            inputs, after, _is_moved = data.get("rows", {}).get(str(row.id), (None, None, None))
            if inputs:
                given_back[row] = dict(inputs)
                if row.sequence != after["sequence"]:
                    # moved by a certificate since: the order of the rows stays
                    del given_back[row]["sequence"]
        contract._write_plan_rows(given_back)

    def _get_variation_holds(self):
        """What keeps an applied variation from being undone. Other files add theirs.

        :return: list of sentences
        """
        self.ensure_one()
        contract, data = self.variation_contract_id, self.variation_data or {}
        holds = []
        if contract.state not in LIVE_STATES or contract.state == "closed":
            holds.append(self.env._("Contract %(contract)s is closed or cancelled.", contract=contract.name))
        later = self._get_applied_siblings().filtered(lambda order: order.variation_rank > self.variation_rank)
        if later:
            holds.append(
                self.env._(
                    "Variation %(number)s was applied after it: undo that one first.",
                    number=later.sorted("variation_rank")[-1].variation_number,
                )
            )
        return holds + self._get_invoice_holds(contract, data) + self._get_works_holds(contract)

    def _get_invoice_holds(self, contract, data):
        """Invoices that bill this variation, or an instalment it moved."""
        rows = contract.instalment_ids.filtered(
            lambda row: row.id == data.get("row") or data.get("rows", {}).get(str(row.id), (0, 0, False))[2]
        )
        moves = rows._get_variation_moves() | self.order_line.invoice_lines.move_id.filtered(
            lambda move: move.state != "cancel"
        )
        holds = []
        if moves:
            holds.append(
                self.env._(
                    "It is invoiced: %(invoices)s.",
                    invoices=", ".join(moves.sorted("id").mapped("display_name")),
                )
            )
            return holds
        for row in contract.instalment_ids:
            _before, after, _is_moved = data.get("rows", {}).get(str(row.id), (None, None, None))
            # certificates move rows to make room for theirs
            if after and any(row[name] != value for name, value in after.items() if name != "sequence"):
                holds.append(
                    self.env._("Instalment “%(name)s” was changed by hand since it was applied.", name=row.name)
                )
        missing = set(map(int, data.get("rows", {}))) - set(contract.instalment_ids.ids)
        if missing or (data.get("row") and data["row"] not in contract.instalment_ids.ids):
            holds.append(self.env._("An instalment it changed was deleted since it was applied."))
        return holds

    def _get_works_holds(self, contract):
        """Works of this variation that were measured or certified already."""
        holds = []
        certificates = contract._get_approved_certificates().filtered(
            lambda certificate: certificate.id not in (self.variation_data or {}).get("certificates", [])
        )
        certificates |= (
            self.env["construction.certificate.line"]
            .search([("position_id.order_id", "=", self.id), ("step", "!=", "cancelled")])
            .certificate_id
        )
        if certificates:
            holds.append(
                self.env._(
                    "It stands in certificates: %(certificates)s.",
                    certificates=", ".join(certificates.mapped("display_name")),
                )
            )
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        positions = self.env["construction.position"].search([("contract_id", "=", contract.id)])
        for position in positions:
            if position.order_id == self:
                if position._is_in_use():
                    holds.append(position._get_in_use_message())
                continue
            added = sum(
                (line.chapter_quantity if line.display_type else line.product_uom_qty)
                for line in self.order_line
                if line.origin_chapter_id == position.chapter_line_id
            )
            if added > 0 and float_compare(position._get_remaining(), added, precision_digits=digits) < 0:
                holds.append(position._get_done_message())
        return holds


class ConstructionPosition(models.Model):
    _inherit = "construction.position"

    def _sync(self, orders, added=False):
        """A variation that is no part of its contract has no works."""
        return super()._sync(orders.filtered(lambda order: not order._is_waiting_variation()), added=added)

    def _get_remaining(self):
        """How much of these works may still be taken out: contracted and not done. Other files take off theirs."""
        self.ensure_one()
        return self.quantity - self.quantity_done

    def _format_amount_of_works(self, quantity):
        return f"{formatLang(self.env, quantity, dp='Product Unit')} {self.uom_id.name or ''}".strip()

    def _get_in_use_message(self):
        self.ensure_one()
        if self.quantity_done:
            return self._get_done_message()
        return self.env._("“%(chapter)s” stands in reports, work orders or costs.", chapter=self.display_name)

    def _get_done_message(self):
        self.ensure_one()
        return self.env._(
            "Of “%(chapter)s”, %(done)s are done and would no longer be contracted.",
            chapter=self.display_name,
            done=self._format_amount_of_works(self.quantity_done),
        )

    def _get_too_much_removed_message(self, removed):
        self.ensure_one()
        return self.env._(
            "“%(chapter)s”: %(removed)s cannot be taken out. Contracted are %(contracted)s, of which %(done)s are "
            "done: take out %(remaining)s at most.",
            chapter=self.display_name,
            removed=self._format_amount_of_works(removed),
            contracted=self._format_amount_of_works(self.quantity),
            done=self._format_amount_of_works(self.quantity_done),
            remaining=self._format_amount_of_works(max(self._get_remaining(), 0.0)),
        )
