from odoo import fields, models


class ConstructionContract(models.Model):
    """The works of a contract, chapter by chapter."""

    _inherit = "construction.contract"

    position_ids = fields.One2many("construction.position", "contract_id", string="Works", readonly=True)

    # === ACTION === #

    def action_sign(self):
        """What is signed is what is measured: all of it is original work."""
        result = super().action_sign()
        # reason of sudo: a salesperson signs who may not read every order
        for contract in self.sudo():
            positions = self.env["construction.position"]._sync(contract.order_ids)
            positions.sudo().filtered("is_variation").is_variation = False  # reason of sudo: as above
        return result
