"""The arithmetic of measurement lines of type 3: numbers, + - * / ^, brackets, a b c d and p. Nothing else runs."""

import re
from decimal import Decimal, DecimalException

from .figures import CONTEXT, LIMIT

PI = Decimal("3.14159265358979")

MAX_LENGTH = 1000
MAX_DEPTH = 40

_TOKEN = re.compile(r"\s*(?:(\d{1,20}[.,]?\d{0,20}|[.,]\d{1,20})|([A-Za-z]+)|([-+*/^()]))", re.ASCII)


class ExpressionError(ValueError):
    """The text is no such expression, or its value is no sensible figure."""


def evaluate(text, values):
    """The value of an expression; a letter without a value is 0.

    >>> evaluate("(a+b)*2^2 - -1", {"a": Decimal(1), "b": Decimal("0.5")})
    Decimal('7.0')
    >>> evaluate("__import__('os')", {})
    Traceback (most recent call last):
        ...
    core.estimate.fiebdc.expression.ExpressionError: unknown sign in the formula
    """
    parser = _Parser(_tokens(text), values)
    try:
        result = parser.sum(0)
    except DecimalException:
        raise ExpressionError("the formula divides by zero or has no value")
    if parser.peek():
        raise ExpressionError("the formula does not end where it should")
    return _sensible(result)


def _sensible(number):
    if not number.is_finite() or abs(number) > LIMIT:
        raise ExpressionError("the value of the formula is absurd")
    return number


def _tokens(text):
    if len(text) > MAX_LENGTH:
        raise ExpressionError("the formula is too long")
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found:
            raise ExpressionError("unknown sign in the formula")
        tokens.append(found.group().strip())
        at = found.end()
    return tokens


class _Parser:
    """Recursive descent; `depth` counts brackets and signs so that no text can exhaust the stack."""

    def __init__(self, tokens, values):
        self.tokens = tokens
        self.values = values
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self):
        token = self.peek()
        self.at += 1
        return token

    def sum(self, depth):
        result = self.product(depth)
        while self.peek() in ("+", "-"):
            sign, other = self.take(), self.product(depth)
            result = _sensible(CONTEXT.add(result, other) if sign == "+" else CONTEXT.subtract(result, other))
        return result

    def product(self, depth):
        result = self.power(depth)
        while self.peek() in ("*", "/"):
            sign, other = self.take(), self.power(depth)
            result = _sensible(CONTEXT.multiply(result, other) if sign == "*" else CONTEXT.divide(result, other))
        return result

    def power(self, depth):
        if depth > MAX_DEPTH:
            raise ExpressionError("the formula is too deep")
        if self.peek() in ("+", "-"):
            sign, value = self.take(), self.power(depth + 1)
            return value if sign == "+" else -value
        base = self.atom(depth)
        if self.peek() != "^":
            return base
        self.take()
        exponent = self.power(depth + 1)
        if abs(exponent) > 100:
            raise ExpressionError("the value of the formula is absurd")
        return _sensible(CONTEXT.power(base, exponent))

    def atom(self, depth):
        token = self.take()
        if token == "(":
            value = self.sum(depth + 1)
            if self.take() != ")":
                raise ExpressionError("a bracket of the formula is not closed")
            return value
        if token and token[0] in "0123456789.,":
            return Decimal(token.replace(",", "."))
        name = token.lower()
        if name in ("p", "pi"):
            return PI
        if name in ("a", "b", "c", "d"):
            value = self.values.get(name)
            return Decimal(0) if value is None else value
        return self._missing()

    def _missing(self):
        raise ExpressionError("a number is missing in the formula")
