import { getSectionRecords } from "@account/components/section_and_note_fields_backend/section_and_note_fields_backend";
import { SaleOrderLineListRenderer } from "@sale/js/sale_order_line_field/sale_order_line_field";
import { formatFloat } from "@web/views/fields/formatters";
import { patch } from "@web/core/utils/patch";

/** Columns a chapter fills on its own row, beside its title and Odoo's sums. */
const FIRST_FIGURE = "product_uom_qty";

patch(SaleOrderLineListRenderer.prototype, {
    /** A chapter is a section with a unit: so much of something. */
    isChapter(record) {
        return this.isSection(record) && Boolean(record.data.chapter_uom_name);
    },

    getSectionColumns(columns, record) {
        const first = columns.findIndex((column) => column.name === FIRST_FIGURE);
        const title = columns.findIndex((column) => column.name === this.titleField);
        if (!this.isChapter(record) || title < 0 || first < title) {
            return super.getSectionColumns(columns, record);
        }
        const before = columns
            .slice(0, title)
            .filter((column) => column.widget === "handle" || column.name === "chapter_number");
        return [
            ...before,
            { ...columns[title], colspan: first - before.length },
            ...columns.slice(first),
        ];
    },

    getCellClass(column, record) {
        const classNames = super.getCellClass(column, record);
        return this.isChapter(record) ? classNames.replace("o_hidden", "") : classNames;
    },

    canUseFormatter(column, record) {
        if (this.isChapter(record) && column.name !== this.titleField && column.widget !== "handle") {
            return true;
        }
        return super.canUseFormatter(column, record);
    },

    getFormattedValue(column, record) {
        if (!this.isChapter(record) || column.name === this.titleField || this.props.aggregatedFields.includes(column.name)) {
            return super.getFormattedValue(column, record);
        }
        const { chapter_number, chapter_quantity, chapter_uom_name } = record.data;
        switch (column.name) {
            case "chapter_number":
                return chapter_number || "";
            case FIRST_FIGURE:
                return formatFloat(chapter_quantity, { digits: record.fields.chapter_quantity.digits });
            case "product_uom_id":
                return chapter_uom_name;
            case "price_unit":
                return chapter_quantity ? this.formatChapterPrice(record) : "";
        }
        return "";
    },

    formatChapterPrice(record) {
        const total = getSectionRecords(this.props.list, record)
            .filter((line) => !this.isSection(line))
            .reduce((sum, line) => sum + line.data.price_subtotal, 0);
        return formatFloat(total / record.data.chapter_quantity, { digits: [16, 2] });
    },
});
