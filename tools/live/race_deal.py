"""Two salespeople with one list of leads."""

from .race import run

# The functions below that the test runs.
RACES = ("import_deals",)

COLUMNS = ["import_reference", "name", "construction_type_id", "partner_name", "vat"]


def listed(env):
    """A type of works of its own for each list; the list is called like it."""
    kinds = env["construction.type"]
    return kinds.create({"name": f"Race {kinds.search_count([])}"})


def import_deals(env):
    """One deal and one client of one row, whoever imports it first."""

    def act(kind, _index):
        leads = kind.env["crm.lead"].with_context(construction_deals=True, default_type="opportunity")
        leads.load(COLUMNS, [[kind.name, "Bathroom", kind.name, f"Firm {kind.name}", f"TAX{kind.id}"]])

    def count(kind):
        deals = kind.env["crm.lead"].search_count([("import_reference", "=", kind.name)])
        clients = kind.env["res.partner"].search_count([("name", "=", f"Firm {kind.name}")])
        return deals if deals == clients else -1

    return run(env, listed, act, count)
