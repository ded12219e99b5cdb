from odoo import fields, models

from .construction_forecast import SLIP_WEEKS


class ConstructionForecastSlip(models.TransientModel):
    """What if everything comes some weeks later than expected."""

    _name = "construction.forecast.slip"
    _description = "Later Than Expected"

    weeks = fields.Integer(required=True, default=4)

    def action_show(self):
        """Show the forecast with every date later."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.construction_forecast_action")
        name = self.env._("Forecast, %(weeks)s weeks later", weeks=self.weeks)
        return {
            **action,
            "path": False,
            "name": name,
            "display_name": name,
            "target": "main",
            "context": {SLIP_WEEKS: self.weeks, "search_default_next_13_weeks": 1},
        }
