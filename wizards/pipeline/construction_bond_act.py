from odoo import fields, models
from odoo.exceptions import UserError


class ConstructionBondAct(models.TransientModel):
    """Ask for the day of a step of bonds, then take it."""

    _name = "construction.bond.act"
    _description = "Extend or Return Bonds"

    bond_ids = fields.Many2many("construction.bond", string="Bonds", required=True, readonly=True)
    act = fields.Selection(
        [("extend", "Extend"), ("return", "Mark as Returned")],
        required=True,
        readonly=True,
    )
    date_expiry = fields.Date(string="Valid Until")
    date_returned = fields.Date(string="Returned On", default=fields.Date.context_today)
    note = fields.Char(help="Kept in the history of the bond.")

    # === ACTION === #

    def action_apply(self):
        """Take the step of these bonds.

        :raises UserError: the day is missing, or a bond does not stand where it can be taken
        """
        self.ensure_one()
        if self.act == "extend":
            if not self.date_expiry:
                raise UserError(self.env._("Say until when the bond is valid now."))
            self.bond_ids._extend(self.date_expiry, self.note)
        else:
            if not self.date_returned:
                raise UserError(self.env._("Say when the bond was returned."))
            self.bond_ids._return(self.date_returned, self.note)
        return {"type": "ir.actions.act_window_close"}
