"""What people do to the contract, its orders and its plan."""

from odoo.fields import Command


class PlanSteps:
    PLAN_STEPS = {
        "deliver": 3,
        "undo_delivery": 2,
        "complete": 3,
        "reopen": 2,
        "change_days": 2,
        "sign_again": 1,
        "close": 1,
        "join_order": 2,
        "change_order": 3,
        "change_plan": 3,
        "add_row": 1,
        "drop_row": 1,
        "duplicate_row": 1,
        "change_terms": 1,
        "release": 2,
        "undo_release": 1,
    }

    # === EVENTS === #

    def step_deliver(self):
        delivery = self.pick(self.contract.delivery_ids)
        delivery.quantity_delivered = self.rng.choice([0.5, delivery.quantity, delivery.quantity])
        return f"{delivery.name}: {delivery.state}"

    def step_undo_delivery(self):
        delivery = self.pick(self.contract.delivery_ids)
        delivery.action_undo_delivery()
        return delivery.name

    def step_complete(self):
        self.contract.action_complete()
        return self.contract.date_end

    def step_reopen(self):
        if self.contract.state == "closed":
            self.contract.action_reopen_account()
        self.contract.action_reopen()
        return "running again"

    def step_change_days(self):
        name = self.rng.choice(["date_end", "date_start", "warranty_months"])
        value = self.rng.choice([0, 1, 3, 24]) if name == "warranty_months" else self.pick_day(-200, 60)
        self.contract[name] = value
        return f"{name} {value}"

    def step_sign_again(self):
        contract = self.contract
        if self.rng.random() < 0.3:
            contract.action_cancel()
        if self.rng.random() < 0.8:
            contract.action_draft()
        if contract.state == "draft":
            contract.action_sign()
        return contract.state

    def step_close(self):
        self.contract.action_close()
        return "closed"

    # === ORDERS AND PLAN === #

    def step_join_order(self):
        if len(self.contract.order_ids) > 2:
            return None
        values = self._prepare_order()
        values.pop("pricelist_id", None)
        if self.contract.currency_id == self.case.pricelist.currency_id:
            values["pricelist_id"] = self.case.pricelist.id
        order = self.case._create_order(self.contract.lead_id, **values)
        self.contract._join_orders(order)
        return f"{order.amount_total}, now {self.contract.amount_total}"

    def step_change_order(self):
        line = self.pick(self.contract.order_ids.order_line.filtered(lambda line: not line.display_type))
        if self.rng.random() < 0.5:
            line.price_unit = round(line.price_unit * self.rng.choice([0.5, 0.9, 1.1, 1.5]), 2)
        else:
            line.product_uom_qty = line.product_uom_qty * self.rng.choice([0, 0.5, 2])
        return f"now {self.contract.amount_total}"

    def step_change_plan(self):
        row = self.pick(self.get_rows())
        if row.amount_type == "percent":
            row.percent = self.rng.choice([0, 5, 12.34, 40])
            return f"{row.name}: {row.percent} %"
        if row.amount_type == "fixed":
            row.amount_fixed = round(row.amount_fixed * self.rng.choice([0.5, 1.5]), 2)
            return f"{row.name}: {row.amount_fixed}"
        row.trigger = self.rng.choice(["signature", "handover"])
        return f"{row.name}: {row.trigger}"

    def step_add_row(self):
        kind = self.rng.choice(["progress", "progress", "advance"])
        amount_type = self.rng.choice(["fixed", "percent", "rest"])
        values = {"name": f"Row {len(self.log)}", "kind": kind, "amount_type": amount_type, "trigger": "signature"}
        values |= {"percent": 3} if amount_type == "percent" else {}
        values |= {"amount_fixed": 12.34} if amount_type == "fixed" else {}
        self.contract.instalment_ids = [Command.create(values)]
        return f"{kind} {amount_type}"

    def step_drop_row(self):
        row = self.pick(self.get_rows())
        name = row.name
        row.unlink()
        return name

    def step_duplicate_row(self):
        row = self.pick(self.get_rows())
        row.action_duplicate()
        return row.name

    def step_change_terms(self):
        name, values = self.rng.choice(
            [
                ("retention_percent", [0, 10, 20]),
                ("retention_method", ["row", "withheld"]),
                ("advance_recoup", ["none", "proportional", "last"]),
                ("on_account_use", ["auto", "ask"]),
                ("retention_release_percent", [0, 30, 100]),
            ]
        )
        value = self.rng.choice(values)
        self.contract[name] = value
        return f"{name} {value}"

    # === RETENTION === #

    def step_release(self):
        wizard = self.env["construction.retention.release"].create({"contract_id": self.contract.id})
        wizard.part = self.rng.choice(["handover", "warranty", "all"])
        wizard.action_release()
        return wizard.part

    def step_undo_release(self):
        self.contract.action_undo_release()
        return "kept back again"
