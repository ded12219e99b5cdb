from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ..pipeline.construction_reason_mixin import ReasonStep
from ..pipeline.row_lock import take

NO_SIGNATURES = {
    "signature_own": False,
    "signed_own_by": False,
    "signed_own_on": False,
    "signature_client": False,
    "signed_client_by": False,
    "signed_client_on": False,
    "signed_copy": False,
    "signed_copy_name": False,
    "is_signed_online": False,
}


class ConstructionHandover(models.Model):
    """The steps of a handover act."""

    _inherit = "construction.handover"

    # === ACTION === #

    def action_ready(self):
        """Close the content of the act: from now on it can be signed, on screen, on paper or on the portal.

        :raises AccessError: not the manager of the project
        """
        self._check_are_managers()
        take(self)
        for act in self.filtered(lambda act: act.state != "ready"):
            act._check_state(("draft",))
            act._check_date()
            if not act.partner_id:
                raise UserError(self.env._("Say on handover act %(act)s who the client is.", act=act.name))
            act._check_scope()
            act._refresh_annex()
            act._write_step({"state": "ready", **act._prepare_signers()})
        return True

    def action_draft(self):
        """Open the content again; what was signed of it is signed anew."""
        self._check_are_managers()
        take(self)
        for act in self.filtered(lambda act: act.state != "draft"):
            act._check_state(("ready", "cancelled"))
            act._write_step({"state": "draft", **NO_SIGNATURES})
            # reason of sudo: rows of an act that is no draft are guarded
            act.sudo().snag_ids.unlink()  # as above
        return True

    def action_sign(self):
        """Complete acts that both sides signed. The one over all of the works completes contract and project.

        :raises AccessError: not the manager of the project
        :raises UserError: a signature is missing, or something holds the handover
        """
        self._check_are_managers()
        take(self)
        for act in self.filtered(lambda act: act.state != "signed"):
            act._check_state(("ready",))
            act._check_date()
            act._check_signatures()
            act._sign()
        return True

    def action_ask_withdraw(self):
        """Ask why signing is undone."""
        return self._ask_reason("withdraw")

    def action_ask_cancel(self):
        """Ask why the act is cancelled."""
        return self._ask_reason("cancel")

    @api.model
    def _get_reason_steps(self):
        withdraw = ReasonStep(
            method="_withdraw",
            title=self.env._("Undo Signing"),
            button=self.env._("Confirm"),
            hint=self.env._(
                "The contract goes on, the retention and the instalments the handover made due wait again. With "
                "invoices or payments on them, signing cannot be undone."
            ),
            placeholder=self.env._("Why?"),
        )
        cancel = ReasonStep(
            method="_cancel",
            title=self.env._("Cancel Handover Act"),
            button=self.env._("Confirm"),
            placeholder=self.env._("Why?"),
        )
        return {**super()._get_reason_steps(), "withdraw": withdraw, "cancel": cancel}

    def action_preview(self):
        """Open the page the client sees."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "target": "self", "url": self.get_portal_url()}

    def action_view_snags(self):
        """Open the snags of the project that are not verified."""
        self.ensure_one()
        return self.project_id._action_view_snags(only_open=True)

    def action_view_contract(self):
        self.ensure_one()
        return self.contract_id._get_records_action(name=self.env._("Contract"))

    def action_view_project(self):
        self.ensure_one()
        return self.project_id.action_view_construction_project()

    def action_view_checklist(self):
        """Open the stage of handover, whose checklist holds this act; the project where it has none."""
        self.ensure_one()
        stage = self._get_handover_stages()[:1]
        return stage.action_open_stage() if stage else self.action_view_project()

    # === BUSINESS === #

    def _check_are_managers(self):
        for project in self.project_id:
            project._check_is_manager()

    def _check_state(self, states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for act in self:
            if act.state not in states:
                raise UserError(
                    self.env._(
                        "Handover act %(act)s cannot take this step: its state is “%(state)s”.",
                        act=act.name,
                        state=labels[act.state],
                    )
                )

    def _check_date(self):
        self.ensure_one()
        if self.date > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "Handover act %(act)s is dated on a day to come: the warranty counts from the day of the handover.",
                    act=self.name,
                )
            )

    def _check_scope(self):
        self.ensure_one()
        # reason of sudo: whether any chapter is chosen, whoever may read chapters
        if self.kind == "partial" and not (self.milestone_id or self.sudo().position_ids or self.scope):
            raise UserError(
                self.env._(
                    "Say on handover act %(act)s which part of the works is handed over: a stage, chapters, "
                    "or in words.",
                    act=self.name,
                )
            )

    def _check_signatures(self):
        self.ensure_one()
        if self.signed_copy:
            return
        if not self.signature_own or not self.signature_client:
            raise UserError(
                self.env._(
                    "Handover act %(act)s is not signed by both sides. Let us and the client sign on the screen, or "
                    "add the signed paper.",
                    act=self.name,
                )
            )
        if not self.signed_own_by or not self.signed_client_by:
            raise UserError(self.env._("Write on handover act %(act)s who signed it.", act=self.name))

    def _check_no_obstacles(self):
        self.ensure_one()
        obstacles = self._get_obstacles()
        if obstacles:
            raise UserError(
                self.env._(
                    "Handover act %(act)s cannot be signed yet:\n%(obstacles)s",
                    act=self.name,
                    obstacles="\n".join(f"- {obstacle}" for obstacle in obstacles),
                )
            )

    def _prepare_signers(self):
        """The names proposed for the signatures."""
        self.ensure_one()
        people = self.participant_ids
        own = people.filtered(lambda person: person.side == "own")[:1]
        client = people.filtered(lambda person: person.side == "client")[:1]
        return {
            "signed_own_by": self.signed_own_by or own.name or self.env.user.name,
            "signed_client_by": self.signed_client_by or client.name or self.partner_id.name,
        }

    def _refresh_annex(self):
        """Write down the snags that are open by now."""
        self.ensure_one()
        rows = [
            Command.create(
                {
                    "snag_id": snag.id,
                    "number": snag.number,
                    "name": snag.name,
                    "place": snag.place_id.name,
                    "severity": snag.severity,
                    "holds": snag.holds,
                    "responsible": snag.responsible,
                    "date_due": snag.date_due,
                }
            )
            for snag in self._get_open_snags()
        ]
        # reason of sudo: the annex is never written by hand
        self.sudo().snag_ids = [Command.clear(), *rows]

    def _check_annex(self):
        """The client signs the annex as it is: when snags came or went since, the act is made ready anew."""
        self.ensure_one()
        # reason of sudo: all snags of the annex count, also those this user may not read
        annexed = self.sudo().snag_ids.snag_id.sorted(lambda snag: (snag.project_id.id, snag.number))
        if self._get_open_snags() != annexed:
            raise UserError(
                self.env._(
                    "The open snags are no longer those in the annex of handover act %(act)s. Set it back to draft and "
                    "make it ready again, so that the right ones are signed.",
                    act=self.name,
                )
            )

    def _sign(self):
        """Take all steps of a signed act, or none."""
        self.ensure_one()
        # Two acts of one project come one after the other.
        take(self.project_id.sudo())
        self._check_no_obstacles()
        self._check_annex()
        delivered = self._deliver() if self.kind == "final" else {}
        self._write_step({"state": "signed", "date_signed": fields.Datetime.now(), "delivered": delivered})
        self._tell_signed()
        self._keep_print()

    def _tell_signed(self):
        self.ensure_one()
        if self.kind == "final":
            body = self.env._(
                "Works handed over on %(date)s by act %(act)s.",
                date=format_date(self.env, self.date),
                act=self._get_html_link(title=self.name),
            )
        else:
            body = self.env._(
                "A part of the works was handed over on %(date)s by act %(act)s.",
                date=format_date(self.env, self.date),
                act=self._get_html_link(title=self.name),
            )
        # reason of sudo: who hands works over may only read project and contracts
        self.sudo().project_id.message_post(body=body)
        for contract in self._get_contracts():
            contract.message_post(body=body)

    def _get_kept_print_name(self):
        return self.env._("Handover act %(number)s", number=self.name.replace("/", "-"))

    def _set_kept_print(self, document):
        self._write_step({"signed_attachment_id": document.id})

    def _cancel(self, reason):
        """Cancel acts that are not signed.

        :raises AccessError: not the manager of the project
        """
        self._check_are_managers()
        take(self)
        for act in self.filtered(lambda act: act.state != "cancelled"):
            if act.state == "signed":
                raise UserError(
                    self.env._("Handover act %(act)s is signed: undo signing first, with a reason.", act=act.name)
                )
            act._write_step({"state": "cancelled"})
            act.message_post(body=self.env._("Cancelled: %(reason)s", reason=reason))

    def _withdraw(self, reason):
        """Undo signing, as long as nothing it made due is invoiced, released or paid.

        :raises AccessError: not the manager of the project
        :raises UserError: naming what is in the way
        """
        self._check_are_managers()
        take(self)
        for act in self:
            act._check_state(("signed",))
            # reason of sudo: undoing writes on the project and the annex, which nobody edits by hand
            take(act.project_id.sudo())
            if act.kind == "final":
                act._undeliver()
            act._withdraw_kept_print()
            act._write_step(
                {
                    "state": "draft",
                    "date_signed": False,
                    "signed_attachment_id": False,
                    "delivered": False,
                    **NO_SIGNATURES,
                }
            )
            act.sudo().snag_ids.unlink()
            body = self.env._(
                "The signature of act %(act)s was undone: %(reason)s",
                act=act._get_html_link(title=act.name),
                reason=reason,
            )
            act.message_post(body=body)
            # reason of sudo: see `_tell_signed`
            act.sudo().project_id.message_post(body=body)
            for contract in act._get_contracts():
                contract.message_post(body=body)
