from odoo import api, fields, models
from odoo.exceptions import UserError

from .construction_contract import LIVE_STATES


class ConstructionContractDocument(models.Model):
    """A file that belongs to a contract: the signed copy, drawings, permits…"""

    _name = "construction.contract.document"
    _description = "Document of a Contract"
    _order = "contract_id, kind, id"

    contract_id = fields.Many2one("construction.contract", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [
            ("signed", "Signed copy"),
            ("drawing", "Drawings"),
            ("specification", "Specification"),
            ("permit", "Permit"),
            ("insurance", "Insurance"),
            ("guarantee", "Guarantee"),
            ("power", "Power of attorney"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    name = fields.Char(string="Description")
    date = fields.Date(string="Dated")
    file = fields.Binary(required=True, attachment=True)
    file_name = fields.Char()
    is_shared = fields.Boolean(
        string="Client Sees It",
        help="Shown to the client on the page of the contract in the portal.",
    )

    # === COMPUTE === #

    @api.depends("kind", "name", "file_name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for document in self:
            document.display_name = document.name or document.file_name or kinds.get(document.kind, "")

    # === CRUD === #

    def write(self, vals):
        if {"kind", "file", "contract_id"} & vals.keys():
            self._check_signed_copy_stays()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed_copy(self):
        self._check_signed_copy_stays()

    # === BUSINESS === #

    def _check_signed_copy_stays(self):
        """Only a sales manager takes the signed copy of a signed contract away; the chatter tells it."""
        copies = self.filtered(lambda document: document.kind == "signed" and document.contract_id.state in LIVE_STATES)
        if copies and not (self.env.su or self.env.user.has_group("sales_team.group_sale_manager")):
            raise UserError(
                self.env._(
                    "The signed copy of contract %(contract)s can be replaced by a sales manager only.",
                    contract=copies[0].contract_id.name,
                )
            )
        for document in copies:
            document.contract_id.message_post(
                body=self.env._("The signed copy “%(name)s” was changed or taken away.", name=document.display_name)
            )
