import { registry } from "@web/core/registry";

const chapterRow = ".o_field_widget[name=order_line] tr.o_is_line_section:first";

registry.category("web_tour.tours").add("construction_quote_regenerate", {
    steps: () => [
        {
            content: "the chapter tells number, quantity, unit and unit price on its own row",
            trigger: `${chapterRow} td[name=chapter_number]:contains(1)`,
        },
        { trigger: `${chapterRow} td[name=product_uom_qty]:contains(10)` },
        { trigger: `${chapterRow} td[name=product_uom_id]:contains(m²)` },
        { trigger: `${chapterRow} td[name=price_unit]:contains(42.2)` },
        {
            content: "see what the new version of the sheet changes",
            trigger: "button[name=action_regenerate]",
            run: "click",
        },
        { trigger: ".modal tr.o_data_row:contains(Changed in the sheet):contains(10 → 20)" },
        {
            content: "what a person changed is kept unless taken",
            trigger: ".modal tr.o_data_row:contains(Changed by hand) .o_boolean_toggle input:not(:checked)",
        },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: `${chapterRow} td[name=product_uom_qty]:contains(20)` },
        { trigger: "a[name=chapters]", run: "click" },
        {
            content: "offer more of one chapter",
            trigger: ".o_field_widget[name=chapter_ids] tr.o_data_row:first button[name=action_change_chapter_quantity]",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=quantity] input", run: "edit 30" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: ".o_field_widget[name=chapter_ids] tr.o_data_row:first td[name=chapter_quantity]:contains(30)" },
    ],
});
