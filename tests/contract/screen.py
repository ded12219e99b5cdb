from lxml import etree

from odoo.tools.safe_eval import safe_eval

from odoo.addons.mail.tools.discuss import Store

RECORD_VIEWS = ("list", "kanban", "form", "calendar", "activity")
# These show the names of their records, others a list of them.
NAME_WIDGETS = ("many2many_tags", "many2many_tags_avatar", "many2many_avatar_user", "many2many_checkboxes")
FILE_WIDGETS = ("many2many_binary", "list_activity", "kanban_activity")
HIDDEN = ("1", "True", "true")
CHATTER_PARTS = (
    "activities",
    "attachments",
    "contact_fields",
    "followers",
    "scheduledMessages",
    "suggestedRecipients",
)


class Screen:
    """What the web client asks the server for, to show an action to a user."""

    def __init__(self, env, action):
        known = {"uid": env.uid, "active_id": False, "active_ids": [], "allowed_company_ids": env.companies.ids}
        context = action.get("context") or {}
        context = safe_eval(context, known) if isinstance(context, str) else context
        domain = action.get("domain") or []
        self.domain = safe_eval(domain, known) if isinstance(domain, str) else list(domain)
        self.model = env[action["res_model"]].with_context(**context)
        self.records = self.model.browse(action.get("res_id") or ())
        self.may_create = context.get("create", True)
        views = {kind: view_id for view_id, kind in action["views"]}
        if "list" in views and not self.records:
            # a click on a row opens it
            views.setdefault("form", False)
        search = action.get("search_view_id") or False
        search_id = search[0] if isinstance(search, (list, tuple)) else search
        self.fields = {}
        self.arches = self._load(self.model, [(view_id, kind) for kind, view_id in views.items()], search_id)

    def _load(self, model, views, search_id=None):
        searched = [] if search_id is None else [(search_id, "search")]
        result = model.get_views([*views, *searched], {"load_filters": bool(searched), "toolbar": True})
        for name, info in result["models"].items():
            self.fields.setdefault(name, {}).update(info["fields"])
        return {kind: etree.fromstring(view["arch"]) for kind, view in result["views"].items() if kind != "search"}

    def show(self):
        """Show every view, and in the form the first of the records."""
        for kind, arch in self.arches.items():
            if kind == "form":
                self._show_form(arch)
            elif kind in RECORD_VIEWS:
                self._show_records(arch)
            else:
                self._show_groups(arch)

    def follow(self):
        """What clicks on the first record open: the row of a list that has its own form, and the smart buttons.

        :return: generator of (name of the method, what it returned)
        """
        record = self._get_first()
        if not record:
            return
        method = self._get_form_method()
        if method:
            yield method, getattr(record, method)()
        elif "form" in self.arches:
            for name in self.get_buttons(record, ".//div[@name='button_box']"):
                yield name, getattr(record, name)()

    def get_buttons(self, record, place="."):
        """Names of the methods whose buttons the form shows on this record."""
        return [button.get("name") for button in self.get_visible(record, place) if button.get("type") == "object"]

    def get_visible(self, record, place="."):
        """The buttons the form shows on this record, those inside of its lists left out.

        :param str place: xpath of the part of the form to look into
        """
        form = self.arches["form"]
        [values] = record.web_read(self.get_specification(self.model, form))
        # many2one as their id; other dicts are json
        values = {name: value.get("id", value) if isinstance(value, dict) else value for name, value in values.items()}
        known = {"uid": record.env.uid, "context": dict(self.model.env.context), "id": record.id, **values}
        return [
            button
            for button in form.iterfind(f"{place}//button")
            if not any(parent.tag in ("field", "list") for parent in button.iterancestors())
            and not safe_eval(" ".join(button.get("invisible", "False").split()), known)
        ]

    def _get_form_method(self):
        """The method a row is opened by instead of the form of this screen, if any."""
        return next((arch.get("action") for kind, arch in self.arches.items() if arch.get("type") == "object"), None)

    def _get_first(self):
        return (self.records or self.model.search(self.domain, limit=1))[:1]

    def _show_form(self, arch):
        specification = self.get_specification(self.model, arch)
        record = self._get_first()
        if record and self._get_form_method() is None:
            record.web_read(specification)
            if arch.find(".//chatter") is not None:
                self._show_chatter(record)
        creates = self.may_create and not any(arch.get("create") in ("0", "false") for arch in self.arches.values())
        if creates and not self.records and self.model.has_access("create"):
            self.model.onchange({}, [], specification)

    def _show_chatter(self, record):
        store = Store()
        store.add(record, request_list=CHATTER_PARTS, as_thread=True)
        record.env["mail.message"]._message_fetch(domain=None, thread=record)
        store.get_result()

    def _show_records(self, arch):
        groups = arch.get("default_group_by")
        if groups:
            self.model.web_read_group(self.domain, [groups.split(",")[0]], ["__count"])
        self.model.web_search_read(self.domain, self.get_specification(self.model, arch), limit=20)

    def _show_groups(self, arch):
        measures, rows = ["__count"], []
        for node in arch.iterfind("field"):
            name, interval = node.get("name"), node.get("interval")
            if node.get("type") == "measure":
                aggregator = self.fields[self.model._name][name].get("aggregator") or "sum"
                measures.append(f"{name}:{aggregator}")
            elif node.get("invisible") not in HIDDEN:
                is_date = self.fields[self.model._name][name]["type"] in ("date", "datetime")
                rows.append(f"{name}:{interval or 'month'}" if is_date else name)
        self.model.formatted_read_group(self.domain, rows, measures)

    def get_specification(self, model, arch):
        """The fields a view reads, x2many with their own lists.

        :return: dict as `web_read` takes it
        """
        specification = {}
        for node in arch.iter("field"):
            if any(parent.tag == "field" for parent in node.iterancestors() if parent in arch.iter()):
                continue
            name = node.get("name")
            more = self._get_field_specification(model, node, self.fields[model._name][name])
            specification[name] = {**specification.get(name, {}), **more}
        return specification

    def _get_field_specification(self, model, node, field):
        if "relation" not in field or node.get("invisible") in HIDDEN or node.get("column_invisible") in HIDDEN:
            return {}
        if field["type"] == "many2one" or node.get("widget") in NAME_WIDGETS:
            return {"fields": {"display_name": {}}}
        if node.get("widget") in FILE_WIDGETS:
            return {"fields": {}}
        comodel = model.env[field["relation"]]
        lists = [child for child in node if child.tag in ("list", "kanban")]
        if not lists:
            refs = model.env["ir.ui.view"]._get_view_refs(node)
            lists = list(self._load(comodel.with_context(**refs), [(False, "list")]).values())
        return {"fields": self.get_specification(comodel, lists[0]), "limit": 40}
