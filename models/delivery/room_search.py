"""When the crews could start the works of a deal."""

from collections import defaultdict
from dataclasses import dataclass

from ...core.delivery import capacity as core


@dataclass
class Need:
    """Hours of a trade somebody wants done."""

    company_id: int
    trade_id: int
    hours: float
    stage_crew_id: int = 0
    crew_id: int = 0  # this crew and no other


class RoomSearch:
    """Which crews do these needs, and in which week the last of them can start."""

    def __init__(self, load, needs, start):
        """
        :param load: :class:`CrewLoad`, without the works asked for
        :param needs: list of :class:`Need`
        :param start: the day from which on the works may start
        """
        self.load = load
        self.start = max(start or load.today, load.today)
        self.needs = [need for need in needs if need.hours > core.EPSILON]
        self.hours = sum(need.hours for need in self.needs)
        self.homeless = []  # needs no crew can do
        hours = defaultdict(float)
        for need in self.needs:
            crews = self.get_crews(need)
            if crews:
                hours[crews] += need.hours
            else:
                self.homeless.append(need)
        # The same crews do several needs one with the other.
        self.groups = dict(hours)
        self._found = {}

    def get_crews(self, need):
        if need.crew_id:
            return self.load.crews.filtered(lambda crew: crew.id == need.crew_id and crew.active)
        return self.load.find_crews(need.company_id, need.trade_id, need.stage_crew_id)

    def find(self, need, with_quotes=False):
        """Return ``(crew, Monday)`` for the crews of one need, see ``CrewLoad.find_room``."""
        return self._find(self.get_crews(need), with_quotes)

    def _find(self, crews, with_quotes):
        key = crews, with_quotes
        if key not in self._found:
            hours = self.groups.get(crews, 0.0)
            self._found[key] = self.load.find_room(crews, hours, self.start, with_quotes=with_quotes)
        return self._found[key]

    def find_start(self, with_quotes=False):
        """Return the crew that is free last, and its week: then the works can start.

        :return: ``(crew, Monday)``; both empty where a crew has no room within the weeks looked at, or nothing is asked
        """
        found = [self._find(crews, with_quotes) for crews in self.groups]
        if not found or any(week is None for _crew, week in found):
            return self.load.crews.browse(), None
        return max(found, key=lambda room: room[1])

    def get_extra(self):
        """Return the hours by week these works would take from the start on, by crew id.

        A crew with room then does them beside its other work; one without does them at once, so that the bars show
        how much it is too much.
        """
        extra, first = {}, self.load.get_index(self.start)
        for crews, hours in self.groups.items():
            crew, week = self._find(crews, False)
            crew = crew or crews[:1]
            room = self.load.capacity[crew.id]
            if week and self.load.get_index(week) <= first:
                room = core.free_hours(self.load.firm[crew.id], room)
            row = core.place(hours, room, first)
            extra[crew.id] = core.add(extra[crew.id], row) if crew.id in extra else row
        return extra
