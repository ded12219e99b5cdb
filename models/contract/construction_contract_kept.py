from markupsafe import Markup

from odoo import fields, models

# Those who may print a contract: it shows prices.
PRINT_GROUPS = "sales_team.group_sale_salesman,account.group_account_invoice,account.group_account_readonly"


class ConstructionContract(models.Model):
    """The print of the contract as it was signed."""

    _name = "construction.contract"
    _inherit = ["construction.contract", "construction.kept.print"]
    _kept_report = "construction_crm.action_report_construction_contract"
    _kept_field = "signed_attachment_id"

    signed_attachment_id = fields.Many2one(
        "ir.attachment",
        string="As Signed",
        readonly=True,
        copy=False,
        # looked up whenever a file is changed
        index="btree_not_null",
        groups=PRINT_GROUPS,
        help="The contract as it was printed when it was signed. It cannot be changed or deleted.",
    )

    # === ACTION === #

    def action_sign(self):
        """Keep what was signed, once the plan has its dates."""
        result = super().action_sign()
        for contract in self:
            document_sudo = contract._keep_print()
            if document_sudo:
                # a link, for only some of those who read the chatter may see what is behind it
                link = Markup('<a href="/web/content/%s">%s</a>') % (document_sudo.id, document_sudo.name)
                contract.message_post(body=self.env._("Kept as signed: %(document)s", document=link))
        return result

    def action_draft(self):
        """What was signed is marked as withdrawn."""
        self._withdraw_kept_print()
        result = super().action_draft()
        # sudo: see `_write_step`; whoever resets a contract need not be one of those who print it
        self.sudo()._write_step({"signed_attachment_id": False})
        return result

    def action_open_signed(self):
        """Open the contract as it was signed."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "target": "new", "url": f"/web/content/{self.signed_attachment_id.id}"}

    # === HOOKS === #

    def _get_kept_print_name(self):
        return self.env._("Contract %(number)s", number=self.name.replace("/", "-"))

    def _set_kept_print(self, document):
        # sudo: as in `action_draft`
        self.sudo()._write_step({"signed_attachment_id": document.id})
