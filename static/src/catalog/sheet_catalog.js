import { ProductCatalogKanbanController } from "@product/product_catalog/kanban_controller";
import { ProductCatalogKanbanRecord } from "@product/product_catalog/kanban_record";
import { ProductCatalogOrderLine } from "@product/product_catalog/order_line/order_line";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";

const SHEET_MODEL = "construction.evaluation";
// How long to wait before what was typed is sent again.
const RETRY_DELAY = 3000;

/** A product as an item of an evaluation sheet: big buttons, and a price only where the server sent one. */
export class SheetCatalogLine extends ProductCatalogOrderLine {
    static template = "construction_crm.SheetCatalogLine";
    static props = {
        ...ProductCatalogOrderLine.props,
        // None for whoever sees no price.
        price: { type: Number, optional: true },
        isUnsent: { type: Boolean, optional: true },
    };

    get showPrice() {
        return Number.isFinite(this.props.price) && Boolean(this.env.currencyId);
    }
}

patch(ProductCatalogKanbanRecord.prototype, {
    get orderLineComponent() {
        if (this.env.orderResModel === SHEET_MODEL) {
            return SheetCatalogLine;
        }
        return super.orderLineComponent;
    },

    /** Send the quantity again until the network is back: on site it comes and goes. */
    async _updateQuantity() {
        if (this.env.orderResModel !== SHEET_MODEL) {
            return super._updateQuantity();
        }
        try {
            await super._updateQuantity();
            this.productCatalogData.isUnsent = false;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.productCatalogData.isUnsent = true;
            setTimeout(() => this._updateQuantity(), RETRY_DELAY);
        }
    },
});

patch(ProductCatalogKanbanController.prototype, {
    _defineButtonContent() {
        if (this.orderResModel === SHEET_MODEL) {
            this.buttonString = _t("Back to the Sheet");
        } else {
            super._defineButtonContent();
        }
    },
});
