"""What a screen asks the server for, taken from its view."""

from lxml import etree


def form_spec(model):
    """The fields a form reads, lines included, as `web_read` and `onchange` take them."""
    from odoo.tests.form import Form  # it can only be imported inside Odoo

    return Form(model)._view["fields_spec"]


def view_spec(model, kind, view=None):
    """The fields a list or kanban reads, as `web_read` takes them.

    :param view: the full external identifier of the view; the first of its kind when none is given
    """
    view_id = model.env.ref(view).id if view else None
    arch = etree.fromstring(model.get_view(view_id, kind)["arch"])
    spec = {}
    for node in arch.iter("field"):
        field = model._fields[node.get("name")]
        spec[field.name] = {"fields": {"display_name": {}}} if field.relational else {}
    return spec
