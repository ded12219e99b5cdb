import { registry } from "@web/core/registry";
import { inState, openMenu, smart } from "./line_steps";

// The project manager finds all of a finished job from its project, up to the completed contract.
registry.category("web_tour.tours").add("construction_line_delivered", {
    steps: () => [
        ...openMenu("menu_delivery", "project_project_menu"),
        { trigger: '.o_data_row:contains("Ionescu bathroom") td[name="name"]', run: "click" },
        { content: "the project", trigger: '.o_form_view .o_field_widget[name="name"]:contains("Ionescu bathroom")' },
        ...smart("action_view_handovers"),
        inState("signed"),
        { content: "the contract", trigger: 'button.oe_stat_button[name="action_view_contract"]', run: "click" },
        inState("completed"),
    ],
});
