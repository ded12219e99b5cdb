"""Prices written into a workbook of somebody else: its own layout, and no other cell is touched."""

import io
import warnings

import openpyxl
from openpyxl.cell.cell import MergedCell

from ..exchange.draft import DraftError
from .guard import PLAIN, check_archive


def fill(data, cells, say=PLAIN):
    """Write numbers into cells of a workbook.

    :param data: the bytes of an .xlsx workbook
    :param cells: dict of tab title → dict of cell (“F12”) → number
    :return: bytes; macros are left out
    :raise DraftError: when the bytes are no such workbook
    """
    check_archive(data, say)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data))
            for title, numbers in cells.items():
                for place, number in numbers.items():
                    cell = book[title][place]
                    if not isinstance(cell, MergedCell):
                        cell.value = number
            stream = io.BytesIO()
            book.save(stream)
        except Exception as error:  # openpyxl fails in as many ways as a file can be damaged
            raise DraftError(
                say._("Prices cannot be written into this workbook. Save it again in a spreadsheet program.")
            ) from error
    return stream.getvalue()
