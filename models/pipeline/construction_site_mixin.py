from urllib.parse import quote_plus

from odoo import api, fields, models
from odoo.exceptions import UserError

SITE_FIELDS = ("site_access", "site_floor", "site_parking", "site_key_holder")
MAP_URL = "https://www.google.com/maps/search/?api=1&query="


class ResPartner(models.Model):
    """What one must know of an address to work there. Kept where the address is, so that every job there has it."""

    _inherit = "res.partner"

    site_access = fields.Text(
        string="Access",
        groups="base.group_user",
        help="How to get in: gate and door codes, working hours, narrow lanes, stairs.",
    )
    site_floor = fields.Char(
        string="Floor",
        groups="base.group_user",
        help="Floor, door, and whether there is a lift.",
    )
    site_parking = fields.Char(
        string="Parking",
        groups="base.group_user",
        help="Where vans stand and where a lorry unloads.",
    )
    site_key_holder = fields.Char(
        string="Key Holder",
        groups="base.group_user",
        help="Who has the keys, and the phone number.",
    )

    def _get_site_map_url(self):
        """The address that opens this place on a map, in the phone's own app where it has one.

        :return: a link, or False where neither address nor position is known
        """
        self.ensure_one()
        if self.partner_latitude or self.partner_longitude:
            return f"{MAP_URL}{self.partner_latitude},{self.partner_longitude}"
        # The name of a site or of its client is no part of the address.
        parts = [self.street, self.street2, " ".join(filter(None, [self.zip, self.city])), self.state_id.name]
        if not any(parts):
            return False
        address = ", ".join(filter(None, [*parts, self.country_id.name]))
        return MAP_URL + quote_plus(address)

    def _get_site_notes(self):
        """What to know of this place, one thing a line, each with its name; an empty text where nothing is known."""
        self.ensure_one()
        lines = []
        for name in SITE_FIELDS:
            if value := (self[name] or "").strip():
                label = self._fields[name]._description_string(self.env)
                lines.append(f"{label}: {value}")
        return "\n".join(lines)


class ConstructionSiteMixin(models.AbstractModel):
    """Shows, and lets change, what is known of the site of a record: that of `site_id`, else of the client."""

    _name = "construction.site.mixin"
    _description = "Record with a Site"

    # By sudo: whoever sees the job may know how to get there, even where he may not read the contact.
    site_access = fields.Text(
        string="Access",
        compute="_compute_site",
        inverse="_inverse_site",
        compute_sudo=True,
        groups="base.group_user",
        help="How to get in: gate and door codes, working hours, narrow lanes, stairs.",
    )
    site_floor = fields.Char(
        string="Floor",
        compute="_compute_site",
        inverse="_inverse_site",
        compute_sudo=True,
        groups="base.group_user",
        help="Floor, door, and whether there is a lift.",
    )
    site_parking = fields.Char(
        string="Parking",
        compute="_compute_site",
        inverse="_inverse_site",
        compute_sudo=True,
        groups="base.group_user",
        help="Where vans stand and where a lorry unloads.",
    )
    site_key_holder = fields.Char(
        string="Key Holder",
        compute="_compute_site",
        inverse="_inverse_site",
        compute_sudo=True,
        groups="base.group_user",
        help="Who has the keys, and the phone number.",
    )
    site_map_url = fields.Char(
        string="Map",
        compute="_compute_site",
        compute_sudo=True,
        groups="base.group_user",
        help="Opens the address of the site on a map.",
    )

    # === COMPUTE === #

    # Not by the address as such: whoever changes one of stock's contacts must not have its jobs looked for.
    @api.depends(lambda self: [name for name in ("site_id", "partner_id") if name in self._fields])
    def _compute_site(self):
        for record in self:
            site = record._get_site_partner()
            for name in SITE_FIELDS:
                record[name] = site[name] if site else False
            record.site_map_url = site._get_site_map_url() if site else False

    def _inverse_site(self):
        for record in self:
            values = {name: record[name] for name in SITE_FIELDS}
            site = record._get_site_partner()
            if not site:
                if any(values.values()):
                    raise UserError(
                        self.env._("Choose the client or the site first: notes on the site are kept with its address.")
                    )
                continue
            # sudo: whoever may change the job corrects how to get there, not the contact as such
            site = site.sudo()
            changed = {name: value for name, value in values.items() if (site[name] or "") != (value or "")}
            if changed:
                site.write(changed)

    # === HOOKS === #

    def _get_site_partner(self):
        """The address where the works are: the site, else the client; empty where there is none to speak of."""
        self.ensure_one()
        # sudo: as the computed fields
        record = self.sudo()
        return record.site_id or record.partner_id
