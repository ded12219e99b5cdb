"""Answers to the questions of an evaluation sheet."""

from decimal import Decimal, InvalidOperation

YES_NO = ("yes", "no")


def split_choices(text):
    """List the choices of a question, written one a line.

    >>> split_choices(" Brick\\n\\nConcrete ")
    ['Brick', 'Concrete']
    """
    return [choice.strip() for choice in (text or "").splitlines() if choice.strip()]


def is_answer(kind, value, choices=()):
    """Tell whether a text answers a question of this kind.

    >>> [is_answer("number", text) for text in ("3", "2,5", "-0.75", "a lot", "nan", "1e5000")]
    [True, True, True, False, False, False]
    >>> is_answer("yes_no", "perhaps"), is_answer("choice", "Wood", ["Brick", "Wood"]), is_answer("text", "x")
    (False, True, True)
    """
    if kind == "number":
        try:
            number = Decimal(value.replace(",", ".").replace("\u00a0", "").replace(" ", ""))
        except InvalidOperation:
            return False
        return number.is_finite() and abs(number) < 10**15
    if kind == "yes_no":
        return value in YES_NO
    return kind != "choice" or value in choices
