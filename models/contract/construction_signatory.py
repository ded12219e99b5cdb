from odoo import api, fields, models


class ConstructionSignatory(models.Model):
    """A person who signs a contract, for us or for the client."""

    _name = "construction.signatory"
    _description = "Signatory of a Contract"
    _order = "contract_id, side desc, sequence, id"
    _check_company_auto = True

    contract_id = fields.Many2one("construction.contract", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="contract_id.company_id")
    sequence = fields.Integer(default=10)
    side = fields.Selection(
        [("own", "For us"), ("client", "For the client")],
        string="Signs",
        required=True,
        default="client",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        check_company=True,
        domain="[('is_company', '=', False)]",
        ondelete="restrict",
        index="btree_not_null",
        help="The contact, if there is one; name and position are taken from it.",
    )
    name = fields.Char(
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    position = fields.Char(
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        precompute=True,
        help="e.g. Director, Owner, Attorney",
    )
    basis = fields.Char(
        string="On the Basis Of",
        help="What gives the right to sign, e.g. the articles of association, or a power of attorney with its number.",
    )
    document_number = fields.Char(
        string="Document No.",
        help="Number of the identity card or passport, where the contract names it.",
    )

    # === COMPUTE === #

    @api.depends("partner_id")
    def _compute_from_partner(self):
        for signatory in self:
            if signatory.partner_id:
                signatory.name = signatory.partner_id.name
                signatory.position = signatory.partner_id.function

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env["construction.contract"].browse(
            [vals["contract_id"] for vals in vals_list if vals.get("contract_id")]
        )._check_signatories_open()
        return super().create(vals_list)

    def write(self, vals):
        contracts = self.contract_id | self.contract_id.browse(vals.get("contract_id") or [])
        contracts._check_signatories_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self.contract_id._check_signatories_open()

    # === BUSINESS === #

    def _describe(self):
        """Name, position, basis and document of the person, as the contract names them."""
        self.ensure_one()
        text = ", ".join(part for part in (self.name, self.position) if part)
        if self.document_number:
            text = self.env._("%(person)s, document no. %(number)s", person=text, number=self.document_number)
        if self.basis:
            text = self.env._("%(person)s, on the basis of %(basis)s", person=text, basis=self.basis)
        return text
