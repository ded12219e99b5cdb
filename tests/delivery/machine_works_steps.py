"""What people do on the site and with the works of a contract: progress, certificates, variations, handover."""

from datetime import timedelta

from odoo.fields import Command

# One red pixel.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


class WorksSteps:
    WORKS_STEPS = {
        "report": 14,
        "withdraw_report": 3,
        "certificate": 14,
        "edit_certificate": 3,
        "withdraw_certificate": 3,
        "cancel_certificate": 3,
        "invoice_certificate": 10,
        "pay_by_certificates": 2,
        "vary": 8,
        "undo_variation": 4,
        "apply_variation": 3,
        "cancel_variation": 2,
        "reach_stage": 6,
        "undo_stage": 3,
        "find_snag": 2,
        "settle_snag": 4,
        "hand_over": 4,
        "undo_handover": 3,
        "start_project": 2,
        "cancel_order": 1,
    }

    @property
    def project(self):
        return self.contract.construction_project_id

    # === PROGRESS === #

    def step_start_project(self):
        if self.project:
            # again: nothing is made twice
            self.contract.lead_id._start_project({})
            return "topped up"
        return self.contract.lead_id._start_project({}).name

    def step_report(self):
        if not self.project:
            return None
        is_correction = self.rng.random() < 0.15
        values = {"project_id": self.project.id, "date": self.pick_day(-30, 0)}
        if is_correction:
            values |= {"is_correction": True, "correction_reason": "Measured again"}
        report = self.env["construction.progress"].with_user(self.case.foreman).create(values)
        for line in report.line_ids:
            if self.rng.random() < 0.8:
                left = line.quantity_contracted - line.quantity_previous
                share = self.rng.choice([0.1, 0.333, 0.5, 1, 1])
                line.quantity = -line.quantity_previous * share if is_correction else left * share
        report.action_submit()
        if self.rng.random() < 0.9:
            report.with_env(self.env).action_approve()
        return f"{report.state} {[(line.name, line.quantity) for line in report.line_ids if line.quantity]}"

    def step_withdraw_report(self):
        reports = self.env["construction.progress"].search([("project_id", "=", self.project.id)])
        report = self.pick(reports.filtered(lambda report: report.state == "approved"))
        if not report:
            return None
        report.action_withdraw()
        return report.display_name

    # === CERTIFICATES === #

    def step_certificate(self):
        action = self.contract.action_make_certificate()
        certificate = self.env["construction.certificate"].browse(action["res_id"])
        if self.rng.random() < 0.3:
            certificate.date_to = self.pick_day(-20, 0)
        if self.rng.random() < 0.8:
            certificate.action_approve()
            certificate.action_approve()
        return self._tell(certificate)

    def step_edit_certificate(self):
        draft = self.contract.certificate_ids.filtered(lambda certificate: certificate.step == "draft")
        line = self.pick(draft.line_ids)
        if not line:
            return None
        line.write(
            {
                "quantity_cumulative": line.quantity_contracted * self.rng.choice([0, 0.25, 1, 1.3]),
                "reason": "Agreed with the client",
            }
        )
        return self._tell(draft)

    def _pick_certificate(self, *steps):
        return self.pick(self.contract.certificate_ids.filtered(lambda certificate: certificate.step in steps))

    def step_withdraw_certificate(self):
        certificate = self._pick_certificate("approved")
        if not certificate:
            return None
        certificate.action_withdraw()
        certificate.action_withdraw()
        return self._tell(certificate)

    def step_cancel_certificate(self):
        certificate = self._pick_certificate("draft", "approved")
        if not certificate:
            return None
        certificate.action_cancel()
        return self._tell(certificate)

    def step_invoice_certificate(self):
        certificate = self._pick_certificate("approved")
        if not certificate:
            return None
        certificate = self.as_somebody(certificate)
        certificate.action_invoice()
        certificate.action_invoice()
        moves = certificate.sudo().instalment_id.invoice_ids
        for move in moves.filtered(lambda move: move.state == "draft"):
            if self.rng.random() < 0.7:
                move.invoice_date = self.today
                move.action_post()
        return f"{self._tell(certificate.with_env(self.env))}: {moves.mapped('amount_total')}"

    def _tell(self, certificate):
        return f"no. {certificate.number} {certificate.step}: {certificate.amount_period_taxed}"

    def step_pay_by_certificates(self):
        self.contract.action_invoice_by_certificates()
        return "one pot"

    # === VARIATIONS === #

    def step_vary(self):
        action = self.contract.action_propose_variation()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.write(
            {"plan": self.rng.choice(["spread", "spread", "own", "final"]), "days": self.rng.choice([0, 0, 7])}
        )
        for line in wizard.line_ids:
            if self.rng.random() < 0.5:
                line.change = round(line.quantity * self.rng.choice([-1, -0.5, -0.1, 0.2, 0.5, 1.5]), 2)
        if self.rng.random() < 0.3:
            wizard.item_ids = [
                Command.create({"product_id": self.case.works.id, "quantity": self.rng.choice([1, 2.5])})
            ]
        wizard.action_apply()
        order = wizard.sudo().order_id.with_env(self.env)
        order.action_quotation_sent()
        if self.rng.random() < 0.9:
            order.action_confirm()
        return (
            f"{order.variation_number} {order.variation_state} {order.amount_total}, now {self.contract.amount_total}"
        )

    def _pick_variation(self, *states):
        orders = self.contract.variation_order_ids
        return self.pick(orders.filtered(lambda order: order.variation_state in states).sorted("id"))

    def step_undo_variation(self):
        order = self._pick_variation("applied")
        if not order:
            return None
        order.action_undo_variation()
        order.action_undo_variation()
        return f"{order.variation_number} {order.variation_state}, now {self.contract.amount_total}"

    def step_apply_variation(self):
        order = self._pick_variation("approved", "applied", "proposed")
        if not order:
            return None
        if order.state != "sale":
            order.action_confirm()
        order.action_apply_variation()
        return f"{order.variation_number} {order.variation_state}, now {self.contract.amount_total}"

    def step_cancel_variation(self):
        order = self._pick_variation("approved", "applied", "proposed")
        if not order:
            return None
        order._action_cancel()
        return f"{order.variation_number} {order.variation_state}, now {self.contract.amount_total}"

    def step_cancel_order(self):
        order = self.pick(self.contract.order_ids)
        order._action_cancel()
        return f"{order.name}, now {self.contract.amount_total}"

    # === STAGES, SNAGS, HANDOVER === #

    def _get_stages(self):
        return self.project.milestone_ids.filtered("project_stage_id")

    def step_reach_stage(self):
        stage = self.pick(self._get_stages())
        if not stage:
            return None
        stage._reach(self.pick_day(-20, 0))
        return f"{stage.name} {stage.reached_date}"

    def step_undo_stage(self):
        stage = self.pick(self._get_stages().filtered("is_reached"))
        if not stage:
            return None
        stage.action_unreach()
        return stage.name

    def step_find_snag(self):
        if not self.project:
            return None
        values = {"name": "Crack", "project_id": self.project.id, "date_due": self.today}
        values["holds"] = self.rng.choice(["nothing", "retention", "handover"])
        return self.env["construction.snag"].with_user(self.case.foreman).create(values).holds

    def step_settle_snag(self):
        snag = self.pick(
            self.env["construction.snag"].search(
                [("project_id", "=", self.project.id), ("state", "in", ("open", "fixed"))], order="id"
            )
        )
        if not snag:
            return None
        snag.with_user(self.case.foreman).action_fix()
        snag.action_verify()
        return snag.name

    def step_hand_over(self):
        if not self.project:
            return None
        acts = self.env["construction.handover"].search(
            [("project_id", "=", self.project.id), ("state", "!=", "cancelled")], limit=1
        )
        if acts.state == "signed":
            return None
        act = acts or acts.create({"project_id": self.project.id, "date": self.today - timedelta(days=1)})
        if act.state == "ready":
            act.action_draft()
        act.action_ready()
        act.write({"signature_own": PIXEL, "signature_client": PIXEL})
        act.action_sign()
        act.action_sign()
        return f"{act.name}, contract {self.contract.state}"

    def step_undo_handover(self):
        act = self.env["construction.handover"].search(
            [("project_id", "=", self.project.id), ("state", "=", "signed")], limit=1
        )
        if not act:
            return None
        act._withdraw("Signed too early")
        return f"{act.name}, contract {self.contract.state}"
