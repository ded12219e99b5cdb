from odoo import models
from odoo.fields import Domain

from ..pipeline.crm_lead_documents import ROWS
from .construction_collection import STATES
from .construction_collection_record import COLLECT_STATES
from .ledger import read_money

CONTRACT_COLORS = {"draft": "info", "signed": "success", "running": "success", "completed": "success"}
INVOICE_COLORS = {"partial": "warning", "in_payment": "success", "paid": "success"}
PAYMENT_COLORS = {"to_confirm": "warning", "received": "success", "bounced": "danger"}


class CrmLead(models.Model):
    """Contracts, invoices and payments in the tab Documents."""

    _inherit = "crm.lead"

    def _get_document_sections(self):
        return [
            *super()._get_document_sections(),
            self._get_contract_documents(),
            self._get_invoice_documents(),
            self._get_payment_documents(),
        ]

    # === CONTRACTS === #

    def _get_contract_documents(self):
        content = self._read_documents(
            "construction.contract",
            [("lead_id", "=", self.id)],
            {
                "name": None,
                "date_signed": None,
                "date_end": self.env._("Works Until"),
                "amount_total": self.env._("Total"),
                "state": None,
            },
            badges={"state": CONTRACT_COLORS},
        )
        for row in content["rows"] if content else ():
            row["is_muted"] = row["values"]["state"] == "cancelled"
        may_add = self._can_add_documents("construction.contract")
        return self._prepare_document_section(
            "contracts",
            30,
            self.env._("Contracts"),
            content,
            show="action_view_contracts",
            new=self._get_new_contract_button() if may_add else None,
            empty=may_add and self.env._("There is no contract yet: it is made of a confirmed order."),
        )

    def _get_new_contract_button(self):
        """The button that makes the contract of a confirmed order, where one waits for it."""
        orders = self.env["sale.order"].search(
            [("opportunity_id", "=", self.id), ("state", "=", "sale"), ("contract_id", "=", False)], limit=1
        )
        if not orders:
            return None
        label = self.env._("Create Contract")
        return {"label": label, "method": "action_create_contract", "model": orders._name, "id": orders.id}

    # === INVOICES === #

    def _get_invoice_documents(self):
        content = self._read_documents(
            "account.move",
            [("invoice_line_ids.lead_id", "=", self.id)],
            {
                "display_name": self.env._("Number"),
                "invoice_kind": self.env._("Kind"),
                "invoice_date": self.env._("Date"),
                "invoice_date_due": self.env._("Due"),
                "amount_total_in_currency_signed": self.env._("Total"),
                "payment_state": self.env._("State"),
            },
            extra=("name", "state", "move_type"),
            badges={"payment_state": INVOICE_COLORS},
        )
        if content:
            self._name_invoice_states(content["rows"])
        return self._prepare_document_section(
            "invoices",
            40,
            self.env._("Invoices"),
            content,
            show="action_view_deal_invoices",
            empty=self.has_contract and self.env._("Nothing is invoiced yet: what is due stands in the tab Money."),
        )

    def _name_invoice_states(self, rows):
        """A draft is not paid or unpaid, and what is overdue is said so; a retention kept back is not."""
        states = dict(self.env["account.move"]._fields["state"]._description_selection(self.env))
        moves = self.env["account.move"].browse(row["id"] for row in rows)
        # sudo: the figures of invoices the user reads; their matches are the accountants'
        money = read_money(moves.sudo())
        for row, move in zip(rows, moves.sudo(), strict=True):
            values, cells = row["values"], row["cells"]
            if values["state"] == "posted":
                cells["display_name"] = values["name"]
                if money[move].overdue > 0:
                    cells["payment_state"] = {"text": self.env._("Overdue"), "color": "danger"}
            else:
                color = "info" if values["state"] == "draft" else "secondary"
                cells["payment_state"] = {"text": states[values["state"]], "color": color}
            row["is_muted"] = values["state"] == "cancel"
            if values["move_type"] == "out_refund":
                row["note"] = self.env._("Credit Note")

    # === PAYMENTS === #

    def _get_payment_documents(self):
        content = self._read_documents(
            "construction.collection",
            [("lead_id", "=", self.id)],
            {
                "instalment_id": self.env._("For"),
                "date": None,
                "journal_id": None,
                "amount": None,
                "state": None,
            },
            extra=("payment_id", "contract_id", "memo"),
            badges={"state": PAYMENT_COLORS},
        )
        if content is None:
            return None
        may_open = self.env["account.payment"].has_access("read")
        has_more_contracts = bool(content["rows"]) and len(self._get_readable("contract_ids")) > 1
        for row in content["rows"]:
            values, cells = row["values"], row["cells"]
            cells["instalment_id"] = self._name_collection(values, has_more_contracts)
            # unless somebody wrote one, it names the instalments
            if values["contract_id"][1] not in (values["memo"] or ""):
                row["note"] = values["memo"] or ""
            row["is_muted"] = values["state"] in ("cancelled", "bounced")
            # a collection has no form: accountants get the payment, all others the contract
            model, name = ("account.payment", "payment_id") if may_open else ("construction.contract", "contract_id")
            row["open"] = {"model": model, "id": values[name][0]}
        recorded = content["total"]
        if may_open:
            self._add_plain_payments(content)
        return self._prepare_document_section(
            "payments",
            50,
            self.env._("Payments"),
            content,
            # the list knows what was recorded on contracts
            show="action_view_collections" if recorded else "",
            new=self._get_collect_button(),
            empty=self.has_contract and self.env._("No money was received yet."),
        )

    def _name_collection(self, values, has_more_contracts):
        """What was paid: its contract is named where the deal has more than one."""
        if not values["instalment_id"]:
            return self.env._("On account of %s", values["contract_id"][1])
        # sudo: names, as read with the collection
        instalment = self.env["construction.instalment"].sudo().browse(values["instalment_id"][0])
        return instalment.display_name if has_more_contracts else instalment.name

    def _add_plain_payments(self, content):
        """Add what invoices of this deal received and nobody recorded on its contract, for who may read payments."""
        moves = self.env["account.move"]._search([("invoice_line_ids.lead_id", "=", self.id)])
        plain = self._read_documents(
            "account.payment",
            Domain("collection_ids", "not any", [("lead_id", "=", self.id)])
            & (
                Domain("invoice_ids", "in", moves)
                | Domain("move_id.line_ids.matched_debit_ids.debit_move_id.move_id", "in", moves)
                | Domain("move_id.line_ids.matched_credit_ids.credit_move_id.move_id", "in", moves)
            ),
            {"date": None, "journal_id": None, "amount_signed": None, "state": None},
            extra=("move_id", "memo"),
            order="date desc, id desc",
        )
        if not plain["total"]:
            return
        shares = self._get_payment_shares([row["values"]["move_id"] for row in plain["rows"]], moves)
        labels = dict(self.env["construction.collection"]._fields["state"]._description_selection(self.env))
        for row in plain["rows"]:
            values, cells = row["values"], row["cells"]
            amount, names = shares.get(values["move_id"] and values["move_id"][0], (values["amount_signed"], []))
            state = STATES.get(values["state"], "cancelled")
            # named by the invoices it pays; not matched yet, by what stands on it
            cells["instalment_id"] = ", ".join(names) or values["memo"] or self.env._("Not matched yet")
            cells["amount"] = {**cells["amount_signed"], "amount": amount}
            cells["state"] = {"text": labels[state], "color": PAYMENT_COLORS.get(state, "secondary")}
            row["is_muted"] = state in ("cancelled", "bounced")
            row["open"] = {"model": plain["model"], "id": row["id"]}
        rows = [*content["rows"], *plain["rows"]]
        content["rows"] = sorted(rows, key=lambda row: str(row["values"]["date"]), reverse=True)[:ROWS]
        content["total"] += plain["total"]

    def _get_payment_shares(self, entries, moves):
        """What of payments the invoices of this deal took: a payment may be shared with other deals.

        :param entries: list of journal entries of payments as read, (id, name) or False
        :param moves: query of the invoices of the deal
        :return: dict of id of the entry → (amount in the currency of the payment, list of names of invoices)
        """
        own = [entry[0] for entry in entries if entry]
        # sudo: the matches of payments and invoices the user may read
        partials = self.env["account.partial.reconcile"].sudo()
        shares = {}
        for side, other, sign in (("credit", "debit", 1), ("debit", "credit", -1)):
            for partial in partials.search(
                [(f"{side}_move_id.move_id", "in", own), (f"{other}_move_id.move_id", "in", moves)]
            ):
                entry, invoice = partial[f"{side}_move_id"].move_id, partial[f"{other}_move_id"].move_id
                amount, names = shares.get(entry.id, (0.0, []))
                amount += sign * partial[f"{side}_amount_currency"]
                shares[entry.id] = (amount, [*names, *({invoice.name} - set(names))])
        return shares

    def _get_collect_button(self):
        """The button that records money received, where the deal has one contract to record it on."""
        contracts = self.env["construction.contract"].search(
            [("lead_id", "=", self.id), ("state", "in", COLLECT_STATES)], limit=2
        )
        may_post = self.env["construction.collection"]._may_post()
        if len(contracts) != 1 or not (may_post or contracts.has_access("write")):
            return None
        return {
            "label": self.env._("Collect"),
            "method": "action_collect",
            "model": contracts._name,
            "id": contracts.id,
        }
