from odoo import fields, models
from odoo.exceptions import UserError

from ..pipeline.row_lock import take


class ConstructionHandover(models.Model):
    """The act on the client's portal."""

    _inherit = "construction.handover"

    # === BUSINESS === #

    def _get_portal_domain(self, partner):
        """The acts a client finds on the portal: those to sign, and those signed."""
        return [
            ("partner_id", "child_of", partner.commercial_partner_id.ids),
            ("state", "in", ("ready", "signed")),
        ]

    def _get_report_base_filename(self):
        """The name of the file the client downloads, without its ending."""
        self.ensure_one()
        return self.env._("Handover act %(number)s", number=self.name)

    def _has_to_be_signed_online(self):
        """Whether the client may still sign."""
        self.ensure_one()
        return self.state == "ready" and not self.signature_client and not self.signed_copy

    def _accept_online(self, name, signature):
        """Keep the signature the client put on the portal, and tell the manager of the project.

        :param str name: who signed
        :param signature: the picture, base64
        :raises UserError: the act is not to be signed, or was signed already
        """
        self.ensure_one()
        take(self)
        if not self._has_to_be_signed_online():
            raise UserError(self.env._("This handover act is signed already, or not to be signed now."))
        self._write_step(
            {
                "signature_client": signature,
                "signed_client_by": name or self.signed_client_by,
                "signed_client_on": fields.Date.context_today(self),
                "is_signed_online": True,
            }
        )
        self.message_post(
            body=self.env._("Signed on the portal by %(name)s.", name=self.signed_client_by),
            author_id=(self.partner_id if self.env.user._is_public() else self.env.user.partner_id).id,
        )
        manager = self.project_id.user_id
        if manager:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Date.context_today(self),
                summary=self.env._("The client signed: complete the handover"),
                user_id=manager.id,
            )
