"""Rows of a printed table that stay together at the end of a page.

The PDF engine of Odoo never parts one row, but knows no way to keep two of them on a page. So a title becomes one
row with the line below it: a small table of the same columns inside.
"""

from lxml import etree, html

TITLE_ROW = "tr_section"


def keep_titles(markup, widths):
    """Put each title in one row with what follows it; titles below each other go together.

    :param str markup: a `tbody` with its rows
    :param widths: width of each column, as CSS writes it
    :return: the `tbody` as text

    >>> keep_titles('<tbody><tr name="tr_section"><td>A</td></tr><tr><td>B</td></tr></tbody>', ["100%"])
    '<tbody><tr class="o_kept_rows"><td colspan="1"><table class="table table-borderless o_kept_table">\
<colgroup><col style="width: 100%"></colgroup><tbody><tr name="tr_section"><td>A</td></tr><tr><td>B</td></tr>\
</tbody></table></td></tr></tbody>'
    """
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
    table = html.document_fromstring(f"<table>{markup}</table>".encode(), parser=parser).find(".//table")
    body = table.find("tbody")
    group = []
    for row in list(body):
        is_title = row.get("name") == TITLE_ROW
        if is_title or group:
            group.append(row)
        if group and not is_title:
            _join(body, group, widths)
            group = []
    return html.tostring(body, encoding="unicode")


def _join(body, rows, widths):
    outer = etree.Element("tr", {"class": "o_kept_rows"})
    body.insert(body.index(rows[0]), outer)
    cell = etree.SubElement(outer, "td", {"colspan": str(len(widths))})
    inner = etree.SubElement(cell, "table", {"class": "table table-borderless o_kept_table"})
    columns = etree.SubElement(inner, "colgroup")
    for width in widths:
        etree.SubElement(columns, "col", {"style": f"width: {width}"})
    etree.SubElement(inner, "tbody").extend(rows)
