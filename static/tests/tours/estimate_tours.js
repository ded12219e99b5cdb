import { registry } from "@web/core/registry";
import { choose, inState, openMenu, press, save, without } from "./line_steps";

const tours = registry.category("web_tour.tours");
const ROW = '.o_field_widget[name="line_ids"] .o_selected_row';

/** Add the component of this place, counted from 0. */
function addComponent(place, button, product) {
    return [
        {
            content: `${button}: ${product}`,
            trigger: `.o_field_widget[name="line_ids"] .o_field_x2many_list_row_add a:contains("${button}")`,
            run: "click",
        },
        { content: "its row", trigger: `.o_field_widget[name="line_ids"] .o_data_row:eq(${place}).o_selected_row` },
        ...choose("product_id", product, ROW),
    ];
}

function fill(field, value) {
    return {
        content: `${field} is ${value}`,
        trigger: `${ROW} .o_field_widget[name="${field}"] input`,
        run: `edit ${value}`,
    };
}

function isRefused(text) {
    return [
        { content: `refused: ${text}`, trigger: `.modal.o_technical_modal .modal-body:contains("${text}")` },
        { trigger: ".modal.o_technical_modal .modal-footer button.btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

// The estimator builds a recipe: works that have a recipe themselves, a material, a percentage of both.
tours.add("construction_estimate_recipe", {
    steps: () => [
        ...openMenu("menu_estimate", "construction_recipe_menu"),
        { content: "a new recipe", trigger: ".o_list_button_add", run: "click" },
        ...choose("product_tmpl_id", "Bathroom wall", ".o_form_view .oe_title"),
        ...addComponent(0, "Add a component", "Wall tiling"),
        fill("quantity", "1.2"),
        ...addComponent(1, "Add a component", "Tile adhesive"),
        fill("quantity", "2"),
        ...addComponent(2, "Add a percentage", "Auxiliary means"),
        { content: "the columns of percentages show", trigger: '.o_form_view th[data-name="percent"]' },
        fill("percent", "3"),
        ...save(),
        { content: "its cost", trigger: '.o_notebook_headers a[name="costs"]', run: "click" },
        { content: "taken apart", trigger: '.o_field_widget[name="flat_cost"]:contains("Porcelain tile")' },
        press("action_activate"),
        inState("active"),
    ],
});

// He prices a sheet with it, is told what is missing, goes there from the list and finalises.
tours.add("construction_estimate_sheet", {
    steps: () => [
        ...openMenu("menu_estimate", "construction_evaluation_menu"),
        {
            content: "open the measured sheet",
            trigger: '.o_data_row:has(.o_field_badge:contains("Measured")) td[name="display_name"]',
            run: "click",
        },
        inState("measured"),
        press("action_check"),
        inState("checked"),
        press("action_finalize"),
        ...isRefused("Shower cabin has no quantity"),
        inState("checked"),
        { content: "what is to settle", trigger: ".o_construction_check_list .badge:contains('2 to settle')" },
        { trigger: ".o_construction_check_list_toggle", run: "click" },
        {
            content: "go to the item",
            trigger: '.o_construction_check_list [data-kind="quantity"]:contains("Shower cabin")',
            run: "click",
        },
        {
            content: "which opens",
            trigger: '.modal .o_field_widget[name="product_id"] input:value("Shower cabin")',
        },
        {
            content: "give it a quantity",
            trigger: '.modal .o_field_widget[name="quantity"] input',
            run: "edit 2",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { content: "one is left", trigger: ".o_construction_check_list .badge:contains('1 to settle')" },
        {
            content: "go to the question",
            trigger: '.o_construction_check_list [data-kind="question"]',
            run: "click",
        },
        {
            content: "answer it",
            trigger: '.o_construction_question:contains("Is there power?") button:contains("Yes")',
            run: "click",
        },
        ...save(),
        {
            content: "nothing is left to settle",
            trigger: ".o_form_view .o_construction_check_list:not(:has(.text-bg-danger))",
        },
        { content: "back to the items", trigger: '.o_notebook_headers a[name="items"]', run: "click" },
        {
            content: "two bathroom walls",
            trigger: '.o_field_widget[name="line_ids"] .o_data_row:contains("Bathroom wall") td[name="quantity"]',
            run: "click",
        },
        fill("quantity", "10"),
        { content: "leave the row", trigger: ".o_form_view .oe_title", run: "click" },
        {
            content: "the total follows as he types",
            trigger: '.oe_subtotal_footer .o_field_widget[name="amount_total"]:not(:contains("1,699.98"))',
        },
        ...save(),
        press("action_finalize"),
        inState("final"),
        ...without(".o_construction_check_list", "button[name='action_load_template']", ".o_field_x2many_list_row_add"),
    ],
});

// The surveyor answers the questions and adds an item from the catalogue, on his phone.
tours.add("construction_estimate_survey", {
    steps: () => [
        { content: "open the visit", trigger: '.o_kanban_record:contains("Ana Ionescu")', run: "click" },
        { trigger: '.o_form_view .o_field_widget[name="line_ids"] .o_kanban_record' },
        { content: "the questions", trigger: '.o_notebook_headers a[name="questions"]', run: "click" },
        {
            content: "no power",
            trigger: '.o_construction_question:contains("Is there power?") button:contains("No")',
            run: "click",
        },
        {
            content: "a wall of brick",
            trigger: '.o_construction_question:contains("Which wall?") button:contains("Brick")',
            run: "click",
        },
        {
            content: "on the second floor",
            trigger: '.o_construction_question:contains("Which floor?") input',
            run: "edit 2 && click .o_notebook_headers a[name='questions']",
        },
        ...save(),
        { content: "the items", trigger: '.o_notebook_headers a[name="items"]', run: "click" },
        { content: "the catalogue", trigger: "button[name='action_add_from_catalog']", run: "click" },
        {
            content: "no price anywhere",
            trigger: ".o_kanban_view:has(.o_kanban_record:contains('Tile adhesive')):not(:has(.o_product_catalog_price))",
        },
        {
            content: "add glue",
            trigger: '.o_kanban_record:contains("Tile adhesive") button:contains("Add")',
            run: "click",
        },
        {
            content: "more of it",
            trigger: '.o_kanban_record:contains("Tile adhesive") button[aria-label="More"]',
            run: "click",
        },
        { trigger: '.o_kanban_record:contains("Tile adhesive") input:value("2")' },
        { content: "back to the sheet", trigger: ".o-kanban-button-back", run: "click" },
        {
            content: "there it is",
            trigger: '.o_form_view .o_field_widget[name="line_ids"] .o_kanban_record:contains("Tile adhesive"):contains("2")',
        },
    ],
});
