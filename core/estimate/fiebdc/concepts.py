"""`~C`, `~D`, `~Y` and `~T`: what a concept is, what it costs, what it is made of."""

from .figures import read_number
from .model import Component, Concept
from .records import first_code, split_code, split_groups, split_subfields, stripped

#: More other codes than any concept has.
MAX_ALIASES = 100


def get_concept(budget, code, level, line):
    """The concept of a code, made where no record has named it yet; a higher level wins."""
    concept = budget.concepts.get(code)
    if concept is None:
        concept = budget.concepts[code] = Concept(code, declared=False, line=line)
    if len(level) > len(concept.level):
        concept.level = level
    return concept


def read_amount(budget, record, text, what):
    """A number of a record, `None` where it is empty or, with a note, where it is none."""
    try:
        return read_number(text)
    except ValueError:
        message = f"the {what} “{text.strip()[:40]}” is no number that can be right; it was left out"
        budget.report.add(record.line, record.name, message)
        return None


def read_concept(budget, record):
    """`~C`: a second one of the same code adds what it says to the first."""
    codes = [split_code(part) for part in split_subfields(record.field(1))]
    codes = [(code, level) for code, level in codes if code]
    if not codes:
        budget.report.add(record.line, "~C", "the concept has no code; it was left out")
        return
    code, level = codes[0]
    concept = get_concept(budget, code, level, record.line)
    prices = stripped(read_amount(budget, record, text, "price") for text in split_subfields(record.field(4)))
    if concept.declared and prices and concept.prices and prices != concept.prices:
        budget.report.add(record.line, "~C", f"“{code}” comes twice with different prices; the last one counts")
    concept.line = record.line
    concept.declared = True
    concept.aliases = _aliases(concept, [other for other, _level in codes[1:]])
    concept.unit = record.field(2).strip() or concept.unit
    concept.summary = record.field(3).strip() or concept.summary
    concept.prices = prices or concept.prices
    concept.dates = stripped(split_subfields(record.field(5))) or concept.dates
    concept.kind = record.field(6).strip() or concept.kind


def _aliases(concept, codes):
    names = dict.fromkeys((*concept.aliases, *codes))
    names.pop(concept.code, None)
    return tuple(names)[:MAX_ALIASES]


def read_text(budget, record):
    """`~T`."""
    code, level = first_code(record.field(1))
    if code:
        get_concept(budget, code, level, record.line).text = record.field(2).strip()
    else:
        budget.report.add(record.line, "~T", "the text has no code; it was left out")


def read_decomposition(budget, record):
    """`~D`: a second one of the same code takes the place of the first."""
    concept = _parent(budget, record)
    if concept is None:
        return
    components = _read_components(budget, record)
    if concept.components and components:
        message = f"“{concept.code}” is decomposed twice; the last decomposition counts"
        budget.report.add(record.line, record.name, message)
    if components or len(record.fields) > 1:
        concept.components = components
    else:
        budget.report.add(record.line, record.name, f"the decomposition of “{concept.code}” has nothing in it")


def read_addition(budget, record):
    """`~Y`: rows after those the concept has."""
    concept = _parent(budget, record)
    if concept is not None:
        concept.components.extend(_read_components(budget, record))


def _parent(budget, record):
    code, level = first_code(record.field(1))
    if code:
        return get_concept(budget, code, level, record.line)
    budget.report.add(record.line, record.name, "the decomposition has no code; it was left out")
    return None


def _read_components(budget, record):
    """The rows: of the third field where the file fills it (2012 and later, with percentage codes), else the second."""
    size, text = (4, record.field(3)) if record.field(3).strip(" \n\\") else (3, record.field(2))
    components = []
    for group in split_groups(text, size):
        code, _level = split_code(group[0])
        if not code:
            if any(group):
                shown = "\\".join(group)[:60]
                budget.report.add(record.line, record.name, f"the row “{shown}” has no code; it was left out")
            continue
        factor = read_amount(budget, record, group[1], f"factor of “{code}”")
        rate = read_amount(budget, record, group[2], f"yield of “{code}”")
        names = group[3].split(";") if size == 4 else ()
        components.append(Component(code, factor, rate, tuple(name.strip() for name in names if name.strip())))
    return components
