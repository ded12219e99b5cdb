"""What a screen asks the server for, taken from its view."""

from lxml import etree


def form_spec(model):
    """The fields a form reads, lines included, as `web_read` and `onchange` take them."""
    from odoo.tests.form import Form  # it can only be imported inside Odoo

    return Form(model)._view["fields_spec"]


# What widgets read beside their own field.
ACTIVITY = (
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_state",
    "activity_summary",
    "activity_type_icon",
    "activity_type_id",
)
DEPENDENCIES = {
    "kanban_activity": ACTIVITY,
    "list_activity": ACTIVITY,
    "construction_vitality": ("vitality_note",),
}
TAGS = ("many2many_tags", "many2many_tags_avatar")


def view_spec(model, kind, view=None):
    """The fields a list or kanban reads, as the web client asks `web_read` for them.

    :param view: the full external identifier of the view; the first of its kind when none is given
    """
    view_id = model.env.ref(view).id if view else None
    arch = etree.fromstring(model.get_view(view_id, kind)["arch"])
    spec = {}
    for node in arch.iter("field"):
        widget = node.get("widget")
        for name in (node.get("name"), *DEPENDENCIES.get(widget, ())):
            add_to_spec(spec, model._fields[name], widget, node.get("invisible") in ("1", "True"))
    # what stands only under the bars of the columns is no card's business
    bar = arch.find(".//progressbar")
    more = (bar.get("more_sum_fields") or "").split(",") if bar is not None else ()
    shown = {node.get("name") for node in arch.iterfind(".//templates//field")}
    return {name: said for name, said in spec.items() if name not in more or name in shown}


def add_to_spec(spec, field, widget, invisible):
    """Add a field as the web client would: names of single records, and of many only where they are tags."""
    said = spec.setdefault(field.name, {})
    if field.type == "many2one":
        said.setdefault("fields", {}).update({} if invisible else {"display_name": {}})
    elif field.type in ("one2many", "many2many") and not invisible:
        said.setdefault("fields", {}).update({"display_name": {}} if widget in TAGS else {})
