"""Units of exchange files as units of measure of the database."""

from ...core.estimate.exchange import units

# Data of Odoo are `product_uom_<key>`.
_XMLID = "uom.product_uom_%s"
# A file may bring so many units of its own; the rest are counted in units, with a note.
MAX_MADE = 40


class UnitBook:
    """Finds the unit a text means; makes the ones that are a plain word nobody knows."""

    def __init__(self, env, note):
        """:param note: called with a message for each unit that was not taken as it stands"""
        # sudo: units belong to Settings; whoever may make a catalogue brings the units of its products.
        self.uoms = env["uom.uom"].sudo().with_context(active_test=False, lang=None)
        self.env = env
        self.note = note
        self.made = self.uoms.browse()
        self._found = {}
        self._by_name = None
        self._unit = env.ref(_XMLID % "unit")

    def find(self, text):
        """Give the `uom.uom` a text of the file means."""
        name = (text or "").strip()
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def name_of(self, uom):
        """Give the name of a unit as files have it."""
        if self._by_name is None:
            self._load()
        return self._written.get(uom.id) or uom.with_context(lang=None).name

    def _look_up(self, name):
        if self._by_name is None:
            self._load()
        key = units.find_unit(name)
        if key:
            return self._known.get(key, self._unit)
        own = self._by_name.get(units.normalize(name))
        if own:
            return own
        if not units.is_unit_name(name) or len(self.made) >= MAX_MADE:
            self.note(self.env._("The unit “%(unit)s” is not known; what has it is counted in units.", unit=name[:40]))
            return self._unit
        made = self.uoms.create({"name": name})
        self.note(self.env._("The unit “%(unit)s” was not known; it was added.", unit=name))
        self.made |= made
        self._by_name[units.normalize(name)] = made
        return made

    def _load(self):
        found = {key: self.env.ref(_XMLID % key, raise_if_not_found=False) for key in units.NAMES}
        self._known = {key: uom for key, uom in found.items() if uom}
        self._written = {uom.id: units.write_unit(key) for key, uom in self._known.items()}
        self._by_name = {}
        for uom in self.uoms.search([], order="id desc"):
            self._by_name[units.normalize(uom.name)] = uom
