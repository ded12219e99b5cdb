from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .construction_position import AMOUNT_GROUPS


class ConstructionContract(models.Model):
    """The progress certificates of a contract, and the row of its plan they are paid from."""

    _inherit = "construction.contract"

    certificate_ids = fields.One2many("construction.certificate", "contract_id", string="Certificates", readonly=True)
    certificate_count = fields.Integer(compute="_compute_certificate_count")
    has_certificate_pot = fields.Boolean(compute="_compute_plan_columns", export_string_translation=False)
    amount_certified = fields.Monetary(
        string="Certified",
        compute="_compute_certificate_count",
        groups=AMOUNT_GROUPS,
        help="By approved certificates, tax excluded.",
    )

    # === COMPUTE === #

    @api.depends("certificate_ids.step", "certificate_ids.amount_period")
    def _compute_certificate_count(self):
        for contract in self:
            # reason of sudo: counted for whoever reads the contract
            certificates = contract.sudo().certificate_ids.filtered(lambda certificate: certificate.step != "cancelled")
            contract.certificate_count = len(certificates)
            approved = certificates.filtered(lambda certificate: certificate.step == "approved")
            contract.amount_certified = sum(approved.mapped("amount_period"))

    def _compute_plan_columns(self):
        result = super()._compute_plan_columns()
        for contract in self:
            contract.has_certificate_pot = bool(contract._get_certificate_pot())
        return result

    # === ACTION === #

    def action_make_certificate(self):
        """Go on with the draft certificate of this contract, or make the next one.

        :raises AccessError: the user does not lead the project
        :raises UserError: not signed, or no works
        """
        self.ensure_one()
        self._check_certificate_manager()
        self._lock_certificates()
        # reason of sudo: a manager may not write certificates' amounts
        contract = self.sudo()
        draft = contract.certificate_ids.filtered(lambda certificate: certificate.step == "draft")
        if draft:
            draft._propose(keep_edits=True)
        return (draft or contract._create_certificate()).with_env(self.env)._get_records_action()

    def action_view_certificates(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_certificate_action")
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {"search_default_live": 1}
        return action

    def action_invoice_by_certificates(self):
        """Turn what the plan has open of the works into one row certificates are paid from.

        :raises UserError: there is one, or nothing of the works is open
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_rows()
        if self._get_certificate_pot():
            return True
        rows = self.instalment_ids.filtered(
            lambda row: row.kind in ("progress", "final") and row.state in ("waiting", "due") and row.amount
        )
        if not rows:
            raise UserError(
                self.env._(
                    "%(contract)s has no open instalment of works to invoice by certificates.", contract=self.name
                )
            )
        before = self._get_plan_amounts()
        values = self._prepare_pot_values(rows)
        rows.unlink()
        self.env["construction.instalment"].create(values)
        self._log_plan_change(before, self.env._("The works are invoiced by progress certificates"))
        return True

    # === BUSINESS === #

    def _get_certificate_pot(self):
        """The row of the plan certificates are paid from, empty without."""
        self.ensure_one()
        return self.instalment_ids.filtered(lambda row: row._is_pot())[:1]

    def _lock_certificates(self):
        # reason of sudo: a project manager makes certificates of contracts he may only read
        self.sudo()._lock_rows()

    def _check_certificate_manager(self):
        """
        :raises AccessError: the user does not decide on certificates of these contracts
        """
        for contract in self:
            # reason of sudo: who leads the project, whether or not the user may read it
            project = contract.sudo().construction_project_id.sudo(self.env.su)
            project._check_is_manager()
            if not project and not project._is_manager():
                raise AccessError(self.env._("Only project managers make certificates. Ask a project administrator."))

    def _create_certificate(self):
        self.ensure_one()
        if self.state not in ("signed", "running", "completed"):
            raise UserError(
                self.env._("%(contract)s is not signed: it has nothing to certify yet.", contract=self.name)
            )
        self.env["construction.position"]._sync(self.order_ids)
        if not self.position_ids:
            raise UserError(self.env._("The orders of %(contract)s have no works to certify.", contract=self.name))
        last = self.certificate_ids.filtered(lambda certificate: certificate.step != "cancelled")
        last = last.sorted("number")[-1:]
        today = fields.Date.context_today(self)
        start = fields.Date.add(last.date_to, days=1) if last else self.date_start
        certificate = self.env["construction.certificate"].create(
            {
                "contract_id": self.id,
                "number": last.number + 1,
                "date_from": min(start, today) if start else False,
                "date_to": today,
            }
        )
        certificate._propose()
        return certificate

    def _prepare_pot_values(self, rows):
        """Values of the row that takes the place of these open rows."""
        self.ensure_one()
        others = self.instalment_ids - rows
        has_rest = bool(others.filtered(lambda row: row.amount_type == "rest" and row.state in ("waiting", "due")))
        env = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        values = {
            "contract_id": self.id,
            "name": env._("Works by certificates"),
            "kind": "progress",
            "trigger": "certificate",
            "sequence": min(rows.mapped("sequence")),
            "amount_type": "rest",
        }
        if has_rest:
            values |= {"amount_type": "fixed", "amount_fixed": sum(rows.mapped("amount_gross"))}
        return values

    def _check_no_money(self):
        """Certificates hang on a contract as invoices do."""
        result = super()._check_no_money()
        # reason of sudo: as the invoices
        certificates = self.sudo().certificate_ids.filtered(lambda certificate: certificate.step == "approved")
        if certificates:
            raise UserError(
                self.env._(
                    "%(certificates)s of contract %(contract)s was approved. Withdraw it first.",
                    contract=self.name,
                    certificates=", ".join(certificates.mapped("display_name")),
                )
            )
        return result
