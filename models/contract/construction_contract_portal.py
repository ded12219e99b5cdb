from odoo import fields, models

from .construction_contract import LIVE_STATES

# Set by the composer opened with Send: the message that follows is the contract going out.
MARK_SENT = "mark_contract_as_sent"
BADGES = {"paid": "text-bg-success", "overdue": "text-bg-danger", "open": "text-bg-light"}


class ConstructionContract(models.Model):
    """The contract on its way to the client, and on the client's portal."""

    _name = "construction.contract"
    _inherit = ["construction.contract", "portal.mixin"]

    date_sent = fields.Datetime(
        string="Sent On",
        readonly=True,
        copy=False,
        help="When this contract was first sent to the client, who finds it on the portal from then on.",
    )

    # === COMPUTE === #

    def _compute_access_url(self):  # pylint: disable=missing-return
        super()._compute_access_url()
        for contract in self:
            contract.access_url = f"/my/contracts/{contract.id}"

    # === ACTION === #

    def action_send(self):
        """Open the mail to the client, the contract attached.

        :return: action of the composer
        """
        self.ensure_one()
        self.check_access("write")
        # made here, so that rendering the mail writes nothing
        self._portal_ensure_token()
        template = self.env.ref("construction_crm.mail_template_contract", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Contract"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_email_layout_xmlid": "mail.mail_notification_layout_with_responsible_signature",
                "force_email": True,
                "model_description": self.env._("contract"),
                MARK_SENT: True,
            },
        }

    def action_preview(self):
        """Open the page the client sees."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "target": "self", "url": self.get_portal_url()}

    # === BUSINESS === #

    def _get_portal_domain(self, partner):
        """The contracts a client finds on the portal: signed ones, and drafts that were sent."""
        return [
            ("partner_id", "child_of", partner.commercial_partner_id.ids),
            "|",
            ("state", "in", LIVE_STATES),
            "&",
            ("state", "=", "draft"),
            ("date_sent", "!=", False),
        ]

    def _get_report_base_filename(self):
        """The name of the file the client downloads, without its ending."""
        self.ensure_one()
        return self.env._("Contract %(number)s", number=self.name)

    def _get_portal_plan(self):
        """The payment plan as the client reads it.

        :return: list of dicts (row, state: "paid", "overdue", "invoiced", "partial" or "open", label, badge, invoices)
        """
        self.ensure_one()
        labels = {
            "paid": self.env._("Paid"),
            "partial": self.env._("Partly paid"),
            "overdue": self.env._("Overdue"),
            "invoiced": self.env._("To pay"),
            "open": self.env._("Not due yet"),
        }
        states = {"collected": "paid", "partial": "partial", "overdue": "overdue", "invoiced": "invoiced"}
        plan = []
        for row in self.instalment_ids.sorted(lambda row: (row.sequence, row.id)):
            state = states.get(row.state, "open")
            invoices = row.invoice_ids.filtered(
                lambda move: (
                    move.state == "posted"
                    and move.move_type == "out_invoice"
                    and move.partner_id.commercial_partner_id == self.partner_id.commercial_partner_id
                )
            )
            badge = BADGES.get(state, "text-bg-warning")
            plan.append({"row": row, "state": state, "label": labels[state], "badge": badge, "invoices": invoices})
        return plan

    # === HOOKS === #

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self.env.context.get(MARK_SENT):
            self.filtered(lambda contract: not contract.date_sent)._write_step({"date_sent": fields.Datetime.now()})
        return result
