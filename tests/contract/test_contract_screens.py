from odoo.tests import HttpCase, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractScreens(ContractCommon, HttpCase):
    """The screens of the room open in a browser for those who work on them, without an error."""

    def _open(self, path, selector, login):
        ready = f"document.querySelector({selector!r}) !== null"
        self.browser_js(f"/odoo/{path}", "console.log('test successful')", ready=ready, login=f"contract_{login}")

    def test_screens_open_for_accountant_and_salesperson(self):
        contract = self._create_contract()
        self._invoice(contract.instalment_ids[0])
        self._collect(contract.instalment_ids[0], 100)
        for login in ("accountant", "salesman"):
            self._open(f"construction-contracts/{contract.id}", "[name=instalment_ids] .o_data_row", login)
            self._open(f"construction-deals/{contract.lead_id.id}", ".nav-link[name=money]", login)
            self._open("construction-collections", ".o_list_view .o_data_row", login)
            self._open("construction-instalments", ".o_list_view .o_data_row", login)
        self._open(f"construction-invoices/{contract.move_ids.id}", "button[name=action_view_contract]", "accountant")
        self._open("construction-invoices", ".o_list_view .o_data_row", "accountant")

    def test_only_rows_that_are_not_invoiced_have_a_bin(self):
        contract = self._create_contract()
        self._invoice(contract.instalment_ids[0])
        self.browser_js(
            f"/odoo/construction-contracts/{contract.id}",
            """
            const rows = [...document.querySelectorAll("[name=instalment_ids] .o_data_row")];
            const bins = rows.map((row) => row.querySelectorAll(".o_list_record_remove button").length);
            if (bins.join() !== "0,1,1") { throw new Error("bins: " + bins); }
            console.log("test successful");
            """,
            ready="document.querySelector('[name=instalment_ids] .o_data_row') !== null",
            login="contract_salesman",
        )

    def test_collect_dialog_records_the_payment(self):
        contract = self._create_contract()
        row = contract.instalment_ids[0]
        self._invoice(row)
        self.browser_js(
            f"/odoo/construction-contracts/{contract.id}",
            """
            const wait = async (selector) => {
                for (let i = 0; i < 100; i++) {
                    const node = document.querySelector(selector);
                    if (node) { return node; }
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
                throw new Error("not found: " + selector);
            };
            (async () => {
                (await wait(".o_data_row button[name=action_collect]")).click();
                (await wait(".modal button[name=action_collect]:not([disabled])")).click();
                await wait(".o_form_view [name=memo]");
                await wait("button[name=action_draft]");
                console.log("test successful");
            })();
            """,
            ready="document.querySelector('[name=instalment_ids] .o_data_row') !== null",
            login="contract_accountant",
        )
        self.assertEqual(row.state, "collected")
