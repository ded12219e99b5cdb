from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

OPEN_DEALS = Domain(
    [
        ("type", "=", "opportunity"),
        ("construction_type_id", "!=", False),
        ("active", "=", True),
        ("won_status", "=", "pending"),
    ]
)


class ConstructionOverview(models.Model):
    """The tiles of the overview: how many, how much, and the list behind the number.

    Each is counted with the rights of whoever looks, so that colleagues' deals are in nobody's numbers who may not
    see them. A room adds a tile by its key, and by what `_get_tiles` says of it.
    """

    _name = "construction.overview"
    _description = "Overview"
    _auto = False
    _order = "id"
    _rec_name = "key"

    key = fields.Selection(
        [("open", "Open Deals"), ("no_next_task", "No Next Task"), ("overdue_steps", "Overdue Steps")],
        string="Tile",
        readonly=True,
    )
    record_count = fields.Integer(string="Count", compute="_compute_figures")
    amount = fields.Monetary(compute="_compute_figures")
    has_amount = fields.Boolean(compute="_compute_figures", export_string_translation=False)
    currency_id = fields.Many2one("res.currency", compute="_compute_figures")
    is_warning = fields.Boolean(compute="_compute_figures", export_string_translation=False)

    # === COMPUTE === #

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_figures(self):
        tiles = self._get_tiles()
        figures = self._read_figures(tiles)
        for tile in self:
            count, amount = figures[tile.key]
            tile.record_count = count
            tile.amount = amount
            tile.has_amount = bool(tiles[tile.key].get("amount"))
            tile.currency_id = self.env.company.currency_id
            tile.is_warning = bool(count and tiles[tile.key].get("is_warning"))

    @api.model
    def _read_figures(self, tiles):
        """Count and add up, with one query a list; a tile that is part of another is counted with that one.

        :return: dict of key → (count, amount)
        """
        figures = {}
        for key, values in tiles.items():
            if values.get("part_of"):
                continue
            parts = {part: said["flag"] for part, said in tiles.items() if said.get("part_of") == key}
            measure = values.get("amount")
            rows = self.env[values["model"]]._read_group(
                values["domain"],
                list(parts.values()),
                ["__count", *([f"{measure}:sum_currency"] if measure else [])],
            )
            for name, place in {key: None, **{part: place for place, part in enumerate(parts)}}.items():
                counted = [row[len(parts) :] for row in rows if place is None or row[place]]
                figures[name] = (
                    sum(row[0] for row in counted),
                    sum(row[1] or 0.0 for row in counted) if measure else 0.0,
                )
        return figures

    # === ACTION === #

    def action_open(self):
        """Show the records this tile counts."""
        self.ensure_one()
        values = self._get_tiles()[self.key]
        action = self.env["ir.actions.act_window"]._for_xml_id(values["action"])
        # the list is what was counted, whatever the screen starts with
        return {
            **action,
            "display_name": dict(self._fields["key"]._description_selection(self.env))[self.key],
            "domain": list(values["domain"]),
            "context": values.get("context", {}),
            "views": sorted(action["views"], key=lambda view: view[1] != "list"),
        }

    # === QUERY === #

    @property
    def _table_query(self):
        keys = [key for key, _label in self._fields["key"].selection]
        return SQL('SELECT id, "key" FROM UNNEST(%s::varchar[]) WITH ORDINALITY AS tile("key", id)', keys)

    # === HOOKS === #

    @api.model
    def _get_tiles(self):
        """What each tile counts.

        :return: dict of key → dict of `model`, `domain`, `action` (external id), and if wanted `amount` (the field
            that is summed), `context` of the action, and `is_warning` (red unless it counts none)
        """
        deals = {
            "model": "crm.lead",
            "amount": "expected_revenue",
            "action": "construction_crm.crm_lead_action_construction",
            "context": {"default_type": "opportunity", "construction_deals": True},
        }
        return {
            "open": {**deals, "domain": OPEN_DEALS},
            "no_next_task": {
                **deals,
                "domain": OPEN_DEALS & Domain("has_no_next_task", "=", True),
                "part_of": "open",
                "flag": "has_no_next_task",
                "is_warning": True,
            },
            "overdue_steps": {
                "model": "construction.step",
                "domain": Domain("is_overdue", "=", True),
                "action": "construction_crm.construction_step_action",
                "is_warning": True,
            },
        }

    @api.model
    def _get_first_of_month(self):
        return fields.Date.context_today(self).replace(day=1)
