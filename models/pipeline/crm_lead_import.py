from odoo import api, fields, models

from .crm_lead import DEALS_SCREEN
from .deal_clients import give_clients
from .deal_import import DealImport
from .row_lock import touch

# Context while deals are imported: the DealImport at work.
DEAL_IMPORT = "construction_deal_import"


class CrmLead(models.Model):
    """Deals that come from a file through the importer of Odoo."""

    _inherit = "crm.lead"

    site_street = fields.Char(related="site_id.street", string="Site Street", readonly=False)
    site_zip = fields.Char(related="site_id.zip", string="Site ZIP", readonly=False)
    site_city = fields.Char(related="site_id.city", string="Site City", readonly=False)

    @api.model
    def get_import_templates(self):
        """On our screens offer our own template, with the columns of a deal."""
        if not self.env.context.get(DEALS_SCREEN):
            return super().get_import_templates()
        return [{"label": self.env._("Import Template for Deals"), "template": "/construction_crm/deals/template.xlsx"}]

    @api.model
    def load(self, fields, data):
        """On our screens, match rows to deals by reference, and clients and sites to contacts, before they load."""
        if not self.env.context.get(DEALS_SCREEN):
            return super().load(fields, data)
        # Of two that import at once the second one waits, and then finds the deals and clients of the first.
        touch(self.env.company)
        savepoint = self.env.cr.savepoint()
        deal_import = DealImport(self, fields, data)
        deal_import.prepare()
        importing = self.with_context(**{DEAL_IMPORT: deal_import, **deal_import.get_context()})
        result = super(CrmLead, importing).load(deal_import.fields, deal_import.data)
        result["messages"] = deal_import.errors + result["messages"]
        if deal_import.errors:
            result["ids"] = False
        if result["ids"]:
            deal_import.finish()
        # Clients and sites made for rows that are refused go with them.
        savepoint.close(rollback=not result["ids"])
        return result

    def _load_records_create(self, vals_list):
        deal_import = self.env.context.get(DEAL_IMPORT)
        if not deal_import:
            return super()._load_records_create(vals_list)
        leads = super()._load_records_create([deal_import.complete_values(vals) for vals in vals_list])
        deal_import.created_ids += leads.ids
        deal_import.spare_sums(leads)
        return leads

    def _load_records_write(self, values):
        deal_import = self.env.context.get(DEAL_IMPORT)
        return super()._load_records_write(deal_import.keep_values(values) if deal_import else values)

    @api.model
    def default_get(self, fields):
        """The defaults of one row of a file are those of all."""
        deal_import = self.env.context.get(DEAL_IMPORT)
        if not deal_import:
            return super().default_get(fields)
        return dict(deal_import.remember(("defaults", *fields), super().default_get, fields))

    @api.model
    def _add_precomputed_values(self, vals_list):
        """A deal of a file has no steps, contacts or to-dos yet: none of it is worked out deal by deal."""
        if self.env.context.get(DEAL_IMPORT):
            for name, field in self._fields.items():
                if field.precompute and field.readonly:
                    for vals in vals_list:
                        vals.setdefault(name, False)
        return super()._add_precomputed_values(vals_list)

    def _check_company(self, fnames=None):
        """Of deals of a file that name the same records, one is checked for all."""
        leads = self
        if self.env.context.get(DEAL_IMPORT):
            checked = [name for name, field in self._fields.items() if field.relational and field.check_company]
            alike = {tuple(lead[name]._ids for name in ("company_id", *checked)): lead.id for lead in reversed(self)}
            leads = self.browse(reversed(alike.values()))
        return super(CrmLead, leads)._check_company(fnames)

    def _inverse_email_from(self):
        """A file never changes the e-mail address of a client that has one."""
        if not self.env.context.get(DEAL_IMPORT):
            return super()._inverse_email_from()
        leads = self.filtered(lambda lead: not lead.partner_id.email and lead._get_partner_email_update(False))
        return give_clients("email", {lead.partner_id: lead.email_from for lead in leads})

    def _inverse_phone(self):
        """A file never changes the phone number of a client that has one."""
        if not self.env.context.get(DEAL_IMPORT):
            return super()._inverse_phone()
        leads = self.filtered(lambda lead: not lead.partner_id.phone and lead._get_partner_phone_update(False))
        return give_clients("phone", {lead.partner_id: lead.phone for lead in leads})

    # === HOOKS === #

    @api.model
    def _get_sums_from_documents(self):
        """Stored fields on what hangs on a deal, empty on a new one; the rooms of quotes, contracts … add theirs."""
        return []
