from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty

from ...core.contract import placeholders
from .construction_contract import LIVE_STATES
from .construction_contract_clauses import CLAUSES
from .missing import Missing

# What the client put the name under.
SIGNED_FIELDS = frozenset(
    {
        "name",
        "company_id",
        "partner_id",
        "kind",
        "template_id",
        "date_signed",
        *CLAUSES,
        "service_terms",
        "body",
    }
)
# Set by the steps of a contract, never by a person.
STEP_FIELDS = frozenset({"state", "amount_original", "body_signed", "signed_attachment_id"})


class ConstructionContract(models.Model):
    """What the contract says: its terms, who signs it, its documents."""

    _name = "construction.contract"
    _inherit = ["construction.contract", "construction.contract.clauses"]

    name = fields.Char(
        readonly=False,
        help="Given by the numbering of the construction type; it can be typed by hand until the contract is signed.",
    )
    external_number = fields.Char(
        string="Client's Number",
        copy=False,
        index="trigram",
        help="Number under which the client keeps this contract.",
    )
    template_id = fields.Many2one(
        "construction.contract.template",
        check_company=True,
        index="btree_not_null",
        domain="[('company_id', 'in', (False, company_id)), ('kind', 'in', (False, kind)),"
        " '|', ('type_ids', '=', False), ('type_ids', 'in', construction_type_id)]",
        help="Choosing a template takes over its text and its terms.",
    )
    body = fields.Html(
        string="Terms",
        help="Placeholders such as {client_name} are filled in on the print, and for good at signature.",
    )
    body_signed = fields.Html(string="Terms As Signed", readonly=True, copy=False)
    service_terms = fields.Html(
        string="After-sales Service",
        help="What we do for the client after the handover: visits, care, response times.",
    )
    signatory_ids = fields.One2many("construction.signatory", "contract_id", string="Signatories", copy=True)
    party_ids = fields.One2many(related="lead_id.party_ids", string="Parties")
    document_ids = fields.One2many("construction.contract.document", "contract_id", string="Documents")
    has_signed_copy = fields.Boolean(
        compute="_compute_has_signed_copy",
        # searched: signed contracts whose paper has not come back
        store=True,
    )
    lacks_signed_copy = fields.Boolean(compute="_compute_lacks_signed_copy", export_string_translation=False)

    # === COMPUTE === #

    @api.depends("document_ids.kind")
    def _compute_has_signed_copy(self):
        for contract in self:
            contract.has_signed_copy = "signed" in contract.document_ids.mapped("kind")

    @api.depends("state", "has_signed_copy", "construction_type_id.signed_copy")
    def _compute_lacks_signed_copy(self):
        for contract in self:
            expected = contract.construction_type_id.signed_copy in ("warn", "block")
            contract.lacks_signed_copy = expected and contract.state in LIVE_STATES and not contract.has_signed_copy

    @api.depends(
        "body",
        "service_terms",
        "signatory_ids.side",
        "has_signed_copy",
        "date_signed",
        "place_signed",
        "date_end",
        "external_number",
    )
    def _compute_missing_data(self):  # pylint: disable=missing-return
        super()._compute_missing_data()

    @api.onchange("template_id")
    def _onchange_template_id(self):
        if self.template_id:
            self.update(self.template_id._prepare_contract_terms(self.partner_id.lang))

    @api.model
    def _prepare_template_values(self, vals):
        """What a new contract takes over from the template it names; what is given with it stands."""
        template = self.env["construction.contract.template"].browse(vals.get("template_id"))
        if not template:
            return {}
        return template._prepare_contract_terms(self.env["res.partner"].browse(vals.get("partner_id")).lang)

    # === CONSTRAINT === #

    @api.constrains("date_signed")
    def _check_date_signed(self):
        for contract in self:
            if contract.date_signed and contract.date_signed > fields.Date.context_today(contract):
                raise ValidationError(
                    self.env._(
                        "Contract %(contract)s cannot be signed on a day to come: correct the day of signature.",
                        contract=contract.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if vals.get("state", "draft") != "draft" or any(vals.get(name) for name in STEP_FIELDS - {"state"}):
                    raise UserError(self._get_step_message())
        return super().create([{**self._prepare_template_values(vals), **vals} for vals in vals_list])

    def write(self, vals):
        if not self.env.su:
            self._check_terms_stay(vals)
        return super().write(vals)

    def _write_step(self, vals):
        """Write what only the steps of a contract may set."""
        self.check_access("write")
        # reason of sudo: nobody else passes the guard of write()
        return self.sudo().write(vals)

    # === BUSINESS === #

    def _check_terms_stay(self, vals):
        """Refuse to change by hand what steps set, and what was signed."""
        names = (SIGNED_FIELDS | STEP_FIELDS).intersection(vals)
        if names:
            # who may not write at all is told that, and nothing of the contract
            self.check_access("write")
        for contract in self if names else ():
            changed = {name for name in names if contract._is_changed_by(name, vals[name])}
            if changed & STEP_FIELDS:
                raise UserError(contract._get_step_message())
            if changed and contract.state in LIVE_STATES:
                labels = sorted(contract._fields[name]._description_string(self.env) for name in changed)
                raise UserError(
                    self.env._(
                        "Contract %(contract)s is signed: what the client signed can no longer be changed "
                        "(%(fields)s). Reset it to draft as long as no money hangs on it.",
                        contract=contract.name,
                        fields=", ".join(labels),
                    )
                )

    def _check_signatories_open(self):
        for contract in self:
            if contract.state in LIVE_STATES:
                raise UserError(
                    self.env._(
                        "Contract %(contract)s is signed: who signed it can no longer be changed.",
                        contract=contract.name,
                    )
                )

    def _is_changed_by(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    def _get_step_message(self):
        return self.env._("Contracts are signed, started, completed and closed with their buttons, not by hand.")

    def _get_missing_data(self):
        missing = super()._get_missing_data()
        for side, message in (
            ("own", self.env._("Who signs the contract for us")),
            ("client", self.env._("Who signs the contract for the client")),
        ):
            if side not in self.signatory_ids.mapped("side"):
                missing.append(Missing(message, "signatory_ids", "signatories"))
        if self.construction_type_id.signed_copy == "block" and not self.has_signed_copy:
            missing.append(Missing(self.env._("The signed copy among the documents"), "document_ids", "documents"))
        named = {entry.field for entry in missing if isinstance(entry, Missing)}
        return missing + self._get_missing_terms({name for name in named if name and not self[name]})

    def _get_missing_terms(self, named=()):
        """What the placeholders of the terms need: entries as for `_get_missing_data`.

        :param named: empty fields told of already
        """
        missing = []
        if is_html_empty(self.body):
            return missing
        known = self._get_placeholder_labels()
        names = placeholders.find(self.body)
        values = self._get_placeholder_values(names)
        for name in names:
            if name not in known:
                message = self.env._("The terms use {%(name)s}, and there is no such placeholder", name=name)
                missing.append(Missing(message, "body", "terms"))
            elif not values.get(name):
                field, page = self._get_placeholder_place(name)
                if field in named:
                    continue
                message = self.env._("%(what)s, mentioned in the terms as {%(name)s}", what=known[name], name=name)
                missing.append(Missing(message, field, page))
        return missing
