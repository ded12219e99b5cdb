import { registry } from "@web/core/registry";
import { save, without } from "./line_steps";

const noPrice = () =>
    without(
        ".o_field_widget[name='price_unit']",
        ".o_field_widget[name='price_subtotal']",
        ".o_field_widget[name='amount_total']",
        "[name='price_subtotal']",
        ".o_field_monetary"
    );

const noPriceText = () => ({
    content: "no price in words either",
    trigger: ".o_form_view",
    run() {
        const text = document.body.innerText;
        for (const word of ["Price", "Subtotal", "Total:", "$", "€"]) {
            if (text.includes(word)) {
                throw new Error(`A surveyor sees “${word}”`);
            }
        }
    },
});

const inRow = ".modal:last-of-type:has(.o_field_widget[name='is_deduction'])";

function row(name, sizes, { deduct = false, last = false } = {}) {
    return [
        {
            content: `what is measured: ${name}`,
            trigger: `${inRow} .o_field_widget[name="name"] input`,
            run: `edit ${name}`,
        },
        ...Object.entries(sizes).map(([size, value]) => ({
            content: `${size} of ${name}`,
            trigger: `${inRow} .o_field_widget[name="${size}"] input`,
            run: `edit ${value}`,
        })),
        ...(deduct
            ? [{ trigger: `${inRow} .o_field_widget[name="is_deduction"] input`, run: "click" }]
            : []),
        ...noPrice(),
        {
            content: "keep the row",
            trigger: `${inRow} ${last ? ".o_form_button_save" : ".o_form_button_save_new"}`,
            run: "click",
        },
        last
            ? { trigger: `body:not(:has(${inRow}))` }
            : { trigger: `${inRow} .o_field_widget[name="quantity"]:contains("1.00")` },
    ];
}

// A surveyor measures a bathroom on his phone: an item of his own, two walls, minus the door.
registry.category("web_tour.tours").add("construction_measure_bathroom", {
    steps: () => [
        { content: "open the visit", trigger: '.o_kanban_record:contains("Ana Popescu")', run: "click" },
        { trigger: '.o_form_view .o_field_widget[name="line_ids"]' },
        ...noPrice(),
        {
            content: "add an item",
            trigger: '.o_field_widget[name="line_ids"] .o-kanban-button-new',
            run: "click",
        },
        {
            content: "look for the item",
            trigger: '.modal .o_field_widget[name="product_id"] input',
            run: "click",
        },
        { content: "choose it", trigger: '.modal .o_kanban_record:contains("Tiled wall")', run: "click" },
        {
            content: "measure it",
            trigger:
                '.modal:has(.o_field_widget[name="product_id"] input:value("Tiled wall")) .o_field_widget[name="measurement_ids"] .o-kanban-button-new',
            run: "click",
        },
        ...row("Wall A", { length: "3.60", height: "2.60" }),
        ...row("Wall B", { length: "2.25", height: "2.60" }),
        ...row("Minus the door", { length: "0.80", height: "2.05" }, { deduct: true, last: true }),
        {
            content: "the sum is shown as one goes",
            trigger: '.modal .o_field_widget[name="quantity"]:contains("13.57")',
        },
        ...noPrice(),
        { content: "keep the item", trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "the item is on the sheet",
            trigger: '.o_field_widget[name="line_ids"] .o_kanban_record:contains("13.57")',
        },
        ...save(),
        noPriceText(),
        {
            content: "where the phone keeps the buttons of the header",
            trigger: ".o_statusbar_buttons",
            async run({ queryFirst, click }) {
                if (!queryFirst('.o_statusbar_buttons button[name="action_measure"]:visible')) {
                    await click(".o_cp_action_menus button, .o_statusbar_buttons .dropdown-toggle");
                }
            },
        },
        { content: "measured", trigger: 'button[name="action_measure"]:enabled', run: "click" },
        { content: "done", trigger: ".o_form_view:not(:has(button[name='action_measure']))" },
    ],
});
