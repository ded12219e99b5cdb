from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html_translate, is_html_empty

from ...core.contract import placeholders
from .construction_contract_clauses import CLAUSES


class ConstructionContractTemplate(models.Model):
    """The text of a contract, with placeholders, and the terms that go with it."""

    _name = "construction.contract.template"
    _inherit = ["construction.contract.clauses"]
    _description = "Contract Template"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to use this template in every company.")
    kind = fields.Selection(
        [("service", "Service"), ("product", "Product")],
        help="Proposed on contracts of this kind only. Empty: on all of them.",
    )
    type_ids = fields.Many2many(
        "construction.type",
        string="Construction Types",
        help="Proposed on contracts of these types only. Empty: on all of them.",
    )
    body = fields.Html(
        string="Terms",
        translate=html_translate,
        help="Placeholders such as {client_name} are filled in from the contract. "
        "Translate the text: a contract takes that of the client's language.",
    )
    placeholder_help = fields.Html(
        compute="_compute_placeholder_help",
        export_string_translation=False,
    )
    service_terms = fields.Html(
        string="After-sales Service",
        translate=html_translate,
        help="What we do for the client after the handover: visits, care, response times.",
    )

    # === COMPUTE === #

    def _compute_placeholder_help(self):
        content = self.env["construction.contract"]._render_placeholder_help()
        for template in self:
            template.placeholder_help = content

    # === CONSTRAINT === #

    @api.constrains("body")
    def _check_placeholders(self):
        known = self.env["construction.contract"]._get_placeholder_labels()
        for template in self:
            unknown = [name for name in placeholders.find(template.body) if name not in known]
            if unknown:
                raise ValidationError(
                    self.env._(
                        "Contract template “%(template)s” uses placeholders that do not exist: %(names)s. "
                        "The page of the text lists those there are.",
                        template=template.name,
                        names=", ".join(f"{{{name}}}" for name in unknown),
                    )
                )

    # === BUSINESS === #

    def _prepare_contract_terms(self, lang=None):
        """Values a contract takes over from this template.

        :param str lang: the language of the client
        """
        self.ensure_one()
        template = self.with_context(lang=lang) if lang else self
        return {
            "body": False if is_html_empty(template.body) else template.body,
            "service_terms": False if is_html_empty(template.service_terms) else template.service_terms,
            **{name: template[name] for name in CLAUSES},
        }
