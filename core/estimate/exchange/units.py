"""What people call units in exchange files, and which unit of Odoo that is."""

import re

#: Name of a unit in the data of Odoo → what it is called in English, Spanish, Portuguese, Catalan, German, French,
#: Romanian and Italian files, without points and signs, in lower case. The first name is the one we write.
NAMES = {
    "unit": "ud u un uni unit units unid und uds pce pcs pc st stk stck stück buc bucata cad nr no each ea pza pieza "
    "peça piece unidad unidade unitat",
    "square_meter": "m2 mq sqm qm mp metro2",
    "cubic_meter": "m3 mc cbm cum mcub",
    "meter": "m ml mt mts lm rm lfm metro metre meter",
    "kgm": "kg kgs kilo kilogram",
    "ton": "t tn tm to ton tona tonelada tonne",
    "gram": "g gr",
    "hour": "h hr hrs hora hores hour std heure ora ore",
    "day": "d dia jor jornal jornada day tag jour zi",
    "minute": "min minut",
    "litre": "l lt ltr litro litre liter",
    "km": "km",
    "cm": "cm",
    "millimeter": "mm",
    "square_foot": "sqft ft2 sf",
    "cubic_foot": "cuft ft3 cf",
    "foot": "ft lf",
    "inch": "in",
    "yard": "yd",
    "mile": "mi",
    "lb": "lb lbs",
    "oz": "oz",
    "kwh": "kwh",
}

#: Ways to say that there is no unit, or one sum for all of it: counted in units.
LUMP = "pa p/a p.a ps pg gl global glb ls psch pausch forfait ff pj *** % 1 -"

_KNOWN = {name: key for key, names in NAMES.items() for name in names.split()}
_LUMP = frozenset(LUMP.split())
_SUPERSCRIPTS = str.maketrans("²³", "23")
_NAME = re.compile(r"[^\W\d_][\w/²³%.-]{0,11}", re.UNICODE)


def find_unit(text):
    """The key of `NAMES` that a text means; `None` for a unit that is none of them.

    >>> find_unit("M2."), find_unit("m³"), find_unit("Ud"), find_unit("PA"), find_unit(""), find_unit("sacks")
    ('square_meter', 'cubic_meter', 'unit', 'unit', 'unit', None)
    """
    name = normalize(text)
    if not name or name in _LUMP:
        return "unit"
    return _KNOWN.get(name)


def normalize(text):
    """A unit as it is compared: without points and spaces at its ends, in lower case.

    >>> normalize(" Kg. "), normalize("m^2")
    ('kg', 'm2')
    """
    name = (text or "").strip().lower().translate(_SUPERSCRIPTS).replace("^", "")
    return name if name in _LUMP else name.strip(". \\")


def is_lump(text):
    """Whether a text says one sum for all, or nothing.

    >>> is_lump("P.A."), is_lump("PA"), is_lump("m")
    (True, True, False)
    """
    return normalize(text) in _LUMP


def is_unit_name(text):
    """Whether a unit nobody knows may be made by this name: one short word, no figures or sentences.

    >>> is_unit_name("sacks"), is_unit_name("12"), is_unit_name("a very long unit"), is_unit_name("")
    (True, False, False, False)
    """
    return bool(_NAME.fullmatch((text or "").strip()))


def write_unit(key):
    """How we write a unit in files.

    >>> write_unit("square_meter")
    'm2'
    """
    return NAMES[key].split()[0]
