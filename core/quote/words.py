"""Amounts of money in words, in the language of the customer.

num2words counts in most languages, but its currency form fails in some (Romanian) and Chinese is
missing: so it only spells whole numbers here, and Chinese financial capitals are written below.
"""

from decimal import ROUND_HALF_UP, Decimal

from num2words import num2words

AND = {
    "de": "und",
    "en": "and",
    "es": "con",
    "fr": "et",
    "it": "e",
    "pt": "e",
    "ro": "și",
    "ru": "и",
    "uk": "і",
}
MINUS = {
    "de": "minus",
    "es": "menos",
    "fr": "moins",
    "it": "meno",
    "pt": "menos",
    "ro": "minus",
    "ru": "минус",
    "uk": "мінус",
    "zh": "负",
}
CHINESE_CURRENCIES = {
    "CNY": "人民币",
    "EUR": "欧元",
    "GBP": "英镑",
    "HKD": "港币",
    "JPY": "日元",
    "RUB": "卢布",
    "TWD": "新台币",
    "USD": "美元",
}
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "兆")


def amount_in_words(amount, lang, currency, unit_label="", subunit_label="", digits=2):
    """Spell an amount.

    :param float amount: the amount, in the currency
    :param str lang: language code such as "ro_RO"; one that cannot count falls back to English
    :param str currency: ISO code of the currency
    :param str unit_label: name of the unit ("Euros") in that language, the code when empty
    :param str subunit_label: name of its parts ("Cents"), left out together with zero parts
    :param int digits: decimals of the currency
    :return: str

    >>> amount_in_words(1234.56, "en_US", "EUR", "Euros", "Cents")
    'One thousand, two hundred and thirty-four Euros and fifty-six Cents'
    >>> amount_in_words(21, "ru_RU", "RUB", "рублей", "копеек")
    'Двадцать один рублей'
    >>> amount_in_words(1005.5, "zh_CN", "CNY")
    '人民币壹仟零伍元伍角整'
    """
    language = (lang or "en").split("_")[0].lower()
    value = Decimal(repr(float(amount))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    if language == "zh":
        return _chinese_amount(value, currency)
    language = spoken_language(language)
    units = int(abs(value))
    parts = int((abs(value) - units).scaleb(digits))
    words = [num2words(units, lang=language), unit_label or currency]
    if parts:
        words += [AND.get(language, "+"), num2words(parts, lang=language), subunit_label]
    if value < 0:
        words.insert(0, MINUS.get(language, "minus"))
    text = " ".join(word for word in words if word)
    return text[:1].upper() + text[1:]


def spoken_language(language):
    """The language itself where num2words can count in it, else English.

    >>> spoken_language("ro"), spoken_language("tlh")
    ('ro', 'en')
    """
    try:
        num2words(1, lang=language)
    except NotImplementedError:
        return "en"
    return language


def _chinese_amount(value, currency):
    """Financial capitals, as Chinese receipts and invoices write them.

    >>> _chinese_amount(Decimal("0.07"), "CNY")
    '人民币柒分'
    >>> _chinese_amount(Decimal("100010000.10"), "CNY")
    '人民币壹亿零壹万元壹角整'
    >>> _chinese_amount(Decimal("20.05"), "USD")
    '美元贰拾元零伍分'
    >>> _chinese_amount(Decimal("0"), "CNY")
    '人民币零元整'
    """
    prefix = CHINESE_CURRENCIES.get(currency, currency)
    minus = MINUS["zh"] if value < 0 else ""
    cents = int((abs(value) * 100).to_integral_value(ROUND_HALF_UP))
    units, parts = divmod(cents, 100)
    tenths, hundredths = divmod(parts, 10)
    text = _chinese_number(units) + "元" if units or not parts else ""
    if tenths:
        text += DIGITS[tenths] + "角"
    elif hundredths and units:
        text += DIGITS[0]
    text += DIGITS[hundredths] + "分" if hundredths else "整"
    return f"{prefix}{minus}{text}"


def _chinese_number(number):
    """Whole number in capitals, by groups of four digits.

    >>> [_chinese_number(n) for n in (0, 10, 1001, 10000, 100100, 10000000005)]
    ['零', '壹拾', '壹仟零壹', '壹万', '壹拾万零壹佰', '壹佰亿零伍']
    """
    if not number:
        return DIGITS[0]
    if number >= 10 ** (4 * len(GROUPS)):
        raise ValueError("too large an amount for Chinese words")
    text, gap = "", False
    for exponent in reversed(range(len(GROUPS))):
        group = number // 10 ** (4 * exponent) % 10000
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += DIGITS[0]
        text += _chinese_group(group) + GROUPS[exponent]
        gap = False
    return text


def _chinese_group(group):
    text, gap = "", False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        if gap:
            text += DIGITS[0]
        text += DIGITS[digit] + PLACES[place]
        gap = False
    return text
