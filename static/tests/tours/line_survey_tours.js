import { registry } from "@web/core/registry";
import { inState, noSections, openMenu, press, save, without } from "./line_steps";

const tours = registry.category("web_tour.tours");

const noMoney = () =>
    without(
        ".o_field_widget[name='price_unit']",
        ".o_field_widget[name='price_subtotal']",
        ".o_field_widget[name='amount_total']",
        "[data-name='price_unit']",
        "[data-name='price_subtotal']"
    );

const noSteps = () =>
    without(
        "button[name='action_check']",
        "button[name='action_finalize']",
        "button[name='action_cancel']",
        "button[name='action_reset']",
        "button[name='action_update_prices']",
        "button[name='action_generate_quote']",
        "button[name='action_view_lead']"
    );

// 2: the surveyor looks at his visit at the desk…
tours.add("construction_line_visit", {
    steps: () => [
        ...openMenu("menu_estimate", "construction_evaluation_my_menu"),
        ...noSections("menu_pipeline", "menu_quote", "menu_contract", "menu_delivery", "menu_configuration"),
        {
            content: "open the visit",
            trigger: '.o_data_row:contains("Ana Ionescu") td[name="display_name"]',
            run: "click",
        },
        inState("planned"),
        { content: "the address", trigger: '.o_field_widget[name="site_address"]:contains("Lake Street 7")' },
        ...noMoney(),
        ...noSteps(),
    ],
});

function measure(product, quantity) {
    return [
        {
            content: `open ${product}`,
            trigger: `.o_field_widget[name="line_ids"] .o_kanban_record:contains("${product}")`,
            run: "click",
        },
        ...noMoney(),
        {
            content: "what was measured",
            trigger: '.modal .o_field_widget[name="quantity"] input',
            run: `edit ${quantity}`,
        },
        { content: "keep it", trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

// … and fills it in on site, on his phone.
tours.add("construction_line_measure", {
    steps: () => [
        { content: "open the visit", trigger: '.o_kanban_record:contains("Ana Ionescu")', run: "click" },
        { trigger: '.o_form_view .o_field_widget[name="line_ids"] .o_kanban_record' },
        ...noMoney(),
        ...measure("Wall tiling", "23.47"),
        ...measure("Shower cabin", "1"),
        ...save(),
        {
            content: "where the phone keeps the buttons of the header",
            trigger: ".o_statusbar_buttons",
            async run({ queryFirst, click }) {
                if (!queryFirst('.o_statusbar_buttons button[name="action_measure"]:visible')) {
                    await click(".o_cp_action_menus button, .o_statusbar_buttons .dropdown-toggle");
                }
            },
        },
        {
            content: "measured",
            trigger: 'button[name="action_measure"]:enabled',
            run: "click",
        },
        { content: "no more to do", trigger: ".o_form_view:not(:has(button[name='action_measure']))" },
        ...noSteps(),
    ],
});
