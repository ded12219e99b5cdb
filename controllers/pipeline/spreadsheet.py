import io

from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_spreadsheet(name, write, *args):
    """Answer with a spreadsheet as a download.

    :param str name: of the file, without its ending
    :param write: function(stream, *args) that writes it
    """
    content = io.BytesIO()
    write(content, *args)
    headers = [("Content-Type", XLSX), ("Content-Disposition", content_disposition(f"{name}.xlsx"))]
    return request.make_response(content.getvalue(), headers=headers)
