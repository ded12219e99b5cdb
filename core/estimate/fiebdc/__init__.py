"""FIEBDC-3 (BC3) files, the exchange format of Spanish construction budgets, without Odoo.

`read(bytes)` makes a `Budget`, `calculate(budget)` its chapters, prices and contradictions, `summarize(budget)` what
a preview shows, `write(budget)` bytes again. A file that is no BC3 file raises `FiebdcError`; nothing else is raised.
"""

from .calculator import calculate
from .model import Budget, Coefficients, Component, Concept, Decimals, FiebdcError, Header, Measurement, MeasureLine
from .reader import read
from .summary import summarize
from .writer import write
