import { registry } from "@web/core/registry";
import { choose, openMenu } from "./line_steps";

const tours = registry.category("web_tour.tours");
const BAR = '.o_form_view div[name="next_step"]';

/** Check what the deal says is to be done next. */
function nextIs(step) {
    return {
        content: `to do next: ${step}`,
        trigger: `${BAR} .o_field_widget[name="step_type_id"]:contains("${step}")`,
    };
}

/** Press a button of the line that says what to do next. */
function pressNext(name) {
    return { content: `press ${name}`, trigger: `${BAR} button[name="${name}"]:enabled`, run: "click" };
}

/** Write into a field of the dialog. */
function write(field, text, tag = "input") {
    return {
        content: `${field}: ${text}`,
        trigger: `.modal .o_field_widget[name="${field}"] ${tag}`,
        run: `edit ${text}`,
    };
}

const DONE = { content: "the dialog is closed", trigger: "body:not(:has(.modal))" };

// A salesperson takes a new deal on, closes the first step and is told what the second waits for.
tours.add("construction_steps_activate", {
    steps: () => [
        ...openMenu("menu_pipeline", "crm_lead_menu_to_activate"),
        { content: "open the deal", trigger: '.o_data_row td[name="name"]:contains("House on plot 7")', run: "click" },
        {
            content: "it says that nobody works on it",
            trigger: '.o_form_view div[name="activation"]:contains("not activated")',
        },
        { content: "activate", trigger: 'div[name="activation"] button[name="action_activate_lead"]', run: "click" },
        {
            content: "the first step is proposed",
            trigger: '.modal .o_field_widget[name="type_id"] input:value("Contact")',
        },
        {
            content: "no time is set",
            trigger: '.modal .o_field_widget[name="hour"] input:value(/^$/)',
            run: "edit 25",
        },
        { content: "go on", trigger: '.modal .o_field_widget[name="date_contact"]', run: "click" },
        { content: "it is no time of the day", trigger: '.modal .o_field_widget[name="hour"].o_field_invalid' },
        { content: "at half past nine", trigger: '.modal .o_field_widget[name="hour"] input', run: "edit 9.30" },
        { content: "go on", trigger: '.modal .o_field_widget[name="date_contact"]', run: "click" },
        { content: "it is understood", trigger: '.modal .o_field_widget[name="hour"] input:value("09:30")' },
        { trigger: '.modal button[name="action_activate"]', run: "click" },
        DONE,
        nextIs("Contact"),
        pressNext("action_next_step"),
        write("summary", "Wants a bath", "textarea"),
        { trigger: '.modal button[name="action_apply"]:visible', run: "click" },
        DONE,
        nextIs("Visit"),
        { content: "it says what is missing", trigger: `${BAR}:contains("Finalise an evaluation sheet")` },
        pressNext("action_next_step"),
        { content: "not yet, and where to go", trigger: '.modal button:contains("New Evaluation Sheet")' },
        { trigger: '.modal .modal-footer button:contains("Close")', run: "click" },
        DONE,
        { content: "the timeline", trigger: '.o_notebook_headers a[name="timeline"]', run: "click" },
        {
            content: "tells of both steps",
            trigger: '.o_field_widget[name="shown_step_ids"] .o_data_row:contains("Wants a bath")',
        },
        { content: "the other steps are ahead", trigger: '.o_field_widget[name="steps_ahead"]:contains("Offer")' },
    ],
});

// The sheet is final: he goes on from My Steps.
tours.add("construction_steps_go_on", {
    steps: () => [
        ...openMenu("menu_pipeline", "construction_step_menu"),
        {
            content: "his step",
            trigger: '.o_data_row:contains("Visit") button[name="action_next_step"]',
            run: "click",
        },
        { content: "the offer comes next", trigger: '.modal .o_field_widget[name="next_type_id"] input:value("Offer")' },
        { trigger: '.modal button[name="action_apply"]:visible', run: "click" },
        DONE,
        { content: "the offer is his next step", trigger: '.o_data_row:contains("Offer")' },
    ],
});

// A sales manager moves a deal on although something is missing, and says why.
tours.add("construction_steps_override", {
    steps: () => [
        ...openMenu("menu_pipeline", "crm_lead_menu_construction"),
        { content: "open the deal", trigger: '.o_kanban_record:contains("House on plot 7")', run: "click" },
        nextIs("Visit"),
        { content: "move it on", trigger: '.o_statusbar_status button:contains("Offered")', run: "click" },
        { content: "the gate", trigger: '.modal button:contains("Let Pass with a Reason")', run: "click" },
        write("reason", "The client measured himself"),
        { trigger: '.modal button[name="action_apply"]', run: "click" },
        DONE,
        nextIs("Offer"),
    ],
});

// A consultant renames a step, adds one with a gate and puts it where it belongs.
tours.add("construction_steps_consultant", {
    steps: () => [
        ...openMenu("menu_configuration", "construction_step_type_menu"),
        { content: "open the visit", trigger: '.o_data_row td[name="name"]:contains("Visit")', run: "click" },
        { trigger: '.o_form_view .o_field_widget[name="name"] input', run: "edit Survey" },
        { trigger: ".o_form_button_save:enabled", run: "click" },
        { trigger: ".o_form_saved" },
        { content: "a new one", trigger: ".o_form_button_create", run: "click" },
        { content: "it is empty", trigger: '.o_last_breadcrumb_item:contains("New")' },
        { trigger: '.o_form_view .o_field_widget[name="name"] input', run: "edit Credit check" },
        {
            content: "done with a contact",
            trigger: '.o_form_view .o_field_widget[name="requirement"] input',
            run: "click",
        },
        { trigger: '.o_select_menu_item:contains("A summary of a contact")', run: "click" },
        { content: "a gate", trigger: '.o_form_view .o_field_widget[name="is_gate"] input', run: "click" },
        ...choose("stage_id", "Checked"),
        { trigger: ".o_form_button_save:enabled", run: "click" },
        { trigger: ".o_form_saved" },
        { content: "back to the list", trigger: ".o_back_button", run: "click" },
        {
            content: "second in line",
            trigger: '.o_data_row:contains("Credit check") .o_row_handle',
            run: 'drag_and_drop(.o_data_row:contains("Survey"))',
        },
        {
            content: "it comes before the survey",
            trigger: '.o_data_row:contains("Credit check") + .o_data_row:contains("Survey")',
        },
        // The row moves on the screen before the server knows.
        { content: "open the survey", trigger: '.o_data_row td[name="name"]:contains("Survey")', run: "click" },
        { trigger: '.o_form_view .o_field_widget[name="name"] input:value("Survey")' },
        { content: "and come back", trigger: ".o_back_button", run: "click" },
        { content: "it is kept", trigger: '.o_data_row:contains("Credit check") + .o_data_row:contains("Survey")' },
    ],
});
