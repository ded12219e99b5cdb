from odoo import api, fields, models
from odoo.tools import format_date

from . import crew_work
from .construction_crew_load import LOAD_GROUPS
from .crew_load import CrewLoad
from .room_search import Need, RoomSearch


class CrmLead(models.Model):
    """When the works of a deal are to start, and whether the crews have room then."""

    _inherit = "crm.lead"

    date_start_wanted = fields.Date(
        string="Wanted Start",
        tracking=True,
        help="The day on which the client wants the works to start, or on which you promised it.",
    )

    # ------------------------------------------------------------
    # ONCHANGE
    # ------------------------------------------------------------

    @api.onchange("date_start_wanted")
    def _onchange_date_start_wanted(self):
        """Warn, and let be, when the works are promised before the crews have room."""
        deal = self._origin
        if deal and deal.construction_type_id and self.date_start_wanted:
            return deal._prepare_start_warning(self.date_start_wanted)
        return None

    # ------------------------------------------------------------
    # ACTION
    # ------------------------------------------------------------

    def action_check_capacity(self):
        """Show from which week on the crews have room for the works quoted in this deal."""
        self.ensure_one()
        return self.env["construction.capacity.check"]._open(self)

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _prepare_start_warning(self, day, order=None):
        """Return the warning of an onchange when the crews have no room on ``day``, else None.

        :param day: the start somebody is about to promise
        :param order: the quote it is promised on; without it, the current quotes of the deal
        """
        self.ensure_one()
        if not self.env.user.has_groups(LOAD_GROUPS):
            return None
        search = self._get_room_search(day=None, order=order)
        if not search.groups:
            return None
        crew, week = search.find_start()
        if week and week <= day:
            return None
        Crew = self.env["construction.crew"]
        if week:
            message = self.env._(
                "The crews have no room for these %(hours)s hours on %(day)s. Earliest start: %(week)s (%(crew)s). "
                "You can promise the day all the same.",
                hours=round(search.hours),
                day=format_date(self.env, day),
                week=Crew._get_week_name(week),
                crew=crew.name,
            )
        else:
            message = self.env._(
                "The crews have no room for these %(hours)s hours within a year. You can promise the day all the same.",
                hours=round(search.hours),
            )
        return {"warning": {"title": self.env._("No Room on This Day"), "message": message}}

    def _get_room_search(self, day=None, order=None):
        """Return the :class:`RoomSearch` of the works quoted in this deal, or of one of its quotes.

        :param day: the first day asked for; without it, today
        """
        self.ensure_one()
        works = self._get_quoted_work(order)
        # sudo: variants of a quote are left out whoever made them
        skipped = {"skip_orders": order.sudo()._get_family().ids} if order else {"skip_leads": self.ids}
        load = CrewLoad(self.env, (order or self).company_id or self.env.company, **skipped)
        needs = [Need(work.company_id, work.trade_id, work.hours, work.stage_crew_id) for work in works]
        return RoomSearch(load, needs, day or load.today)

    def _get_quoted_work(self, order=None):
        """Return the labour quoted in this deal, or in one of its quotes, as ``QuoteWork`` rows."""
        self.ensure_one()
        today = crew_work.get_today(self.env)
        # sudo: the hours are read from products and stages, too; the caller sees this deal
        deal = self.sudo()
        if order:
            order = order.sudo()
            return crew_work.prepare_quote_work(order, crew_work.read_labour(order).get(order.id, {}), today)
        return crew_work.read_quotes(deal.env, deal.company_id, today, leads=deal)
