"""How figures are written, in the language of the reader."""

from functools import cache

from odoo.tools import formatLang
from odoo.tools.misc import babel_locale_parse

# As our own English texts write it.
HOUSE_STYLE = {"en": ("", " %")}


def format_figure(env, value, digits=2, signed=False):
    """Write a number with at most so many decimals, none of them an idle zero.

    :param bool signed: whether a rise gets its plus
    """
    text = formatLang(env, value, digits=digits)
    point = env["res.lang"]._get_data(code=env.lang or "en_US").decimal_point
    if point in text:
        text = text.rstrip("0").removesuffix(point)
    return f"+{text}" if signed and value > 0 else text


def format_percent(env, value, digits=2, signed=False):
    """Write a percentage, 12.5 for 12.5 %, with the space or the lack of it that the language asks for."""
    before, after = _get_percent_affixes(env.lang or "en_US")
    return f"{before}{format_figure(env, value, digits, signed)}{after}".replace(" ", "\N{NO-BREAK SPACE}")


@cache
def _get_percent_affixes(lang):
    locale = babel_locale_parse(lang)
    if locale.language in HOUSE_STYLE:
        return HOUSE_STYLE[locale.language]
    pattern = locale.percent_formats[None]
    # French asks for a narrow space, which not every font has.
    return tuple(
        affix[0].replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")
        for affix in (pattern.prefix, pattern.suffix)
    )
