"""Formulas of quantities: plain arithmetic over named parameters, and nothing else.

A formula is parsed to a tree of which only numbers, parameters, arithmetic and a few functions are
accepted; the tree is then worked out in decimals. Nothing of it is ever given to Python to run.
"""

import ast
import keyword
import math
import operator
import re
from decimal import Context, Decimal, DecimalException, localcontext
from functools import lru_cache

MAX_LENGTH = 200
_MAX_EXPONENT = 9
_CONTEXT = Context(prec=40)
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
# Signs as people and spreadsheets write them.
_SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "^": "**"})
_FUNCTIONS = {
    "min": min,
    "max": max,
    "abs": abs,
    "sqrt": lambda value: value.sqrt(),
    "ceil": lambda value: Decimal(math.ceil(value)),
    "floor": lambda value: Decimal(math.floor(value)),
}
_ONE_ARGUMENT = {"abs", "sqrt", "ceil", "floor"}


class FormulaError(ValueError):
    """A formula that cannot be understood or worked out; `detail` is the piece at fault."""

    def __init__(self, detail=""):
        super().__init__(detail)
        self.detail = detail


class FormulaSyntaxError(FormulaError):
    """Not arithmetic."""


class MissingParameter(FormulaError):
    """No value for the parameter `detail`."""


class FormulaValueError(FormulaError):
    """Arithmetic without a usable result: a division by zero, a number below zero or too large."""


class ValuesError(FormulaError):
    """Not of the form `name = number`."""


class Formula:
    """A parsed formula.

    >>> float(Formula("max(thickness, 2) / 100 * 1.05").evaluate({"thickness": 12.0}))
    0.126
    >>> float(Formula("10 − 2 × 3").evaluate({}))
    4.0
    >>> sorted(Formula("2 * (a + b)").names)
    ['a', 'b']
    >>> Formula("thickness / spacing").evaluate({"thickness": 1.0})
    Traceback (most recent call last):
    ...
    core.estimate.formula.MissingParameter: spacing
    """

    __slots__ = ("names", "text", "tree")

    def __init__(self, text):
        self.text = text
        if len(text) > MAX_LENGTH:
            raise FormulaSyntaxError(text[:20] + "…")
        text = text.strip().lower().translate(_SIGNS)
        try:
            self.tree = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            raise FormulaSyntaxError(text) from error
        self.names = frozenset(self._check(self.tree, text))

    def evaluate(self, values, is_signed=False):
        """Work the formula out.

        :param values: mapping of parameter → number, or None where there is no value
        :param is_signed: whether the result may be below zero
        :return: a finite `Decimal`, not below zero unless `is_signed`
        :raise FormulaError: see its subclasses
        """
        for name in sorted(self.names):
            if values.get(name) is None:
                raise MissingParameter(name)
        try:
            with localcontext(_CONTEXT):
                result = self._work_out(self.tree, values)
        except (ArithmeticError, DecimalException, ValueError) as error:
            raise FormulaValueError(self.text) from error
        if not result.is_finite() or (result < 0 and not is_signed) or abs(result) > Decimal(10) ** 12:
            raise FormulaValueError(self.text)
        return result

    def _check(self, node, text):
        """Accept arithmetic only; give the names of the parameters met."""
        match node:
            case ast.Constant(value=value) if type(value) in (int, float) and math.isfinite(value):
                return []
            case ast.Name(id=name):
                return [name]
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
                return self._check(operand, text)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _OPERATORS:
                return self._check(left, text) + self._check(right, text)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
                if len(args) == 1 if name in _ONE_ARGUMENT else len(args) > 1:
                    return [found for arg in args for found in self._check(arg, text)]
        raise FormulaSyntaxError(ast.get_source_segment(text, node) or self.text)

    def _work_out(self, node, values):
        if isinstance(node, ast.Constant):
            return Decimal(repr(node.value))
        if isinstance(node, ast.Name):
            return Decimal(repr(values[node.id]))
        if isinstance(node, ast.UnaryOp):
            return _OPERATORS[type(node.op)](self._work_out(node.operand, values))
        if isinstance(node, ast.Call):
            return _FUNCTIONS[node.func.id](*(self._work_out(arg, values) for arg in node.args))
        left, right = self._work_out(node.left, values), self._work_out(node.right, values)
        if isinstance(node.op, ast.Pow) and abs(right) > _MAX_EXPONENT:
            raise FormulaValueError(self.text)
        return _OPERATORS[type(node.op)](left, right)


@lru_cache(maxsize=4096)
def parse(text):
    """Give the `Formula` of a text; the same text is parsed once."""
    return Formula(text)


def is_parameter_name(name):
    """Tell whether a formula can refer to this name.

    >>> is_parameter_name("thickness_cm"), is_parameter_name("wall thickness"), is_parameter_name("max")
    (True, False, False)
    """
    name = (name or "").lower()
    return name.isidentifier() and not keyword.iskeyword(name) and name not in _FUNCTIONS


def parse_values(text):
    """Read `thickness = 12,5; spacing = 40`.

    >>> parse_values("Thickness = 12,5; spacing=40")
    {'thickness': 12.5, 'spacing': 40.0}
    >>> parse_values("thickness twelve")
    Traceback (most recent call last):
    ...
    core.estimate.formula.ValuesError: thickness twelve
    """
    values = {}
    for piece in filter(None, map(str.strip, (text or "").split(";"))):
        match = re.fullmatch(r"(\w+)\s*=\s*(-?\d{1,12}(?:[.,]\d{1,9})?)", piece)
        if not match:
            raise ValuesError(piece)
        values[match[1].lower()] = float(match[2].replace(",", "."))
    return values


def format_values(values):
    """Write values as `parse_values` reads them.

    >>> format_values({"thickness": 12.5, "spacing": 40.0})
    'thickness = 12.5; spacing = 40'
    """
    return "; ".join(f"{name} = {format(Decimal(repr(value)).normalize(), 'f')}" for name, value in values.items())
