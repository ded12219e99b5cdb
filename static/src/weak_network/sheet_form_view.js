import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { formView } from "@web/views/form/form_view";

/** Keeps what is typed while the network is away: it stays in the form until it can be saved. */
export class SheetModel extends RelationalModel {
    async _onchange(config, params) {
        try {
            return await super._onchange(config, params);
        } catch (error) {
            // What a new row starts with must come from the server; what is worked out of a typed value need not.
            if (!(error instanceof ConnectionLostError) || !params.fieldNames?.length) {
                throw error;
            }
            // Let Odoo say that the connection is lost, without taking back what was typed.
            Promise.reject(error);
            return {};
        }
    }
}

registry.category("views").add("construction_sheet_form", { ...formView, Model: SheetModel });
