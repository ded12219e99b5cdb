"""What a person wants to know of a BC3 file before importing it, ready for JSON."""

from .calculator import calculate
from .model import PLAIN


def summarize(budget, valuation=None):
    """A dictionary of texts, numbers and lists; amounts are texts so that no cent is lost.

    >>> import json
    >>> from .reader import read
    >>> found = summarize(read(b"~C|R##||Works|2|~D|R##|A\\\\\\\\2\\\\|~C|A|m|Item|1|"))
    >>> found["total"], found["counts"]["items"], len(json.dumps(found)) > 0
    ('2.00', 1, True)
    """
    valuation = valuation or calculate(budget)
    notes = [*budget.report.notes, *valuation.report.notes]
    header, coefficients = budget.header, budget.coefficients
    return {
        "version": header.version,
        "program": header.program,
        "encoding": budget.encoding,
        "currency": coefficients.currency,
        "total": _amount(valuation.total),
        "stated_total": _amount(valuation.stated_total),
        "indirect_percentage": _amount(valuation.indirect),
        "steps": [
            {"name": step.name, "percentage": _amount(step.percentage), "amount": _amount(step.amount)}
            for step in valuation.steps
        ],
        "final": _amount(valuation.final),
        "chapters": _chapters(budget, valuation),
        "counts": _counts(budget, valuation),
        "contradictions": [_contradiction(found) for found in valuation.contradictions],
        "report": [{"line": note.line, "record": note.record, "message": note.message} for note in notes],
        "report_left_out": budget.report.left_out + valuation.report.left_out,
    }


def _contradiction(found):
    return {
        "kind": found.kind,
        "code": found.code,
        "name": found.summary,
        "line": found.line,
        "stated": _amount(found.stated),
        "computed": _amount(found.computed),
        "reason": found.reason,
    }


def _amount(number):
    if number is None:
        return None
    text = format(number.normalize(), "f")
    whole, _point, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def _chapters(budget, valuation):
    return [
        {
            "code": place.code,
            "name": budget.concepts[place.code].summary,
            "parent": place.parent,
            "depth": place.depth,
            "items": len(place.items),
            "total": _amount(place.total),
            "stated": _amount(budget.concepts[place.code].price),
        }
        for place in valuation.places
    ]


def _counts(budget, valuation):
    """`recipes` are concepts with components that are no chapters; `components` are their rows.

    `decompositions` are all that are not marked as chapters: what some programs count as recipes.
    """
    decompositions = [c for c in budget.concepts.values() if c.components and c.level == PLAIN]
    recipes = [c for c in budget.concepts.values() if c.components and c.code in valuation.prices]
    return {
        "concepts": len(budget.concepts),
        "chapters": len(valuation.places) - sum(place.parent is None for place in valuation.places),
        "items": sum(len(place.items) for place in valuation.places),
        "recipes": len(recipes),
        "components": sum(len(recipe.components) for recipe in recipes),
        "decompositions": len(decompositions),
        "decomposition_rows": sum(len(concept.components) for concept in decompositions),
        "measurements": len(budget.measurements),
        "measurement_lines": sum(len(measurement.lines) for measurement in budget.measurements),
        "ignored_records": {f"~{letter}": len(lines) for letter, lines in sorted(budget.ignored.items())},
    }
