/** Steps the tours along the line share. */

const MENU_SECONDS = 5;

/** Wait for a screen other than this one, or for a dialog: until then the next step would act on the old screen. */
async function leaveScreen(screen) {
    const end = Date.now() + MENU_SECONDS * 1000;
    while (Date.now() < end && getScreen() === screen && !document.querySelector(".modal")) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

function getScreen() {
    return document.querySelector(".o_action_manager")?.firstElementChild;
}

/** Open an entry of the app Construction by its menus. */
export function openMenu(section, item) {
    return [
        { trigger: ".o_navbar_apps_menu button:enabled", run: "click" },
        {
            trigger: '.o_app[data-menu-xmlid="construction_crm.menu_construction_root"]',
            run: "click",
        },
        { trigger: '.o_menu_brand:contains("Construction")' },
        {
            content: `open the menu ${section}`,
            trigger: `.o_menu_sections [data-menu-xmlid="construction_crm.${section}"]`,
            run: "click",
        },
        {
            content: `open the entry ${item}`,
            trigger: `.o-dropdown--menu [data-menu-xmlid="construction_crm.${item}"]`,
            async run({ click }) {
                const screen = getScreen();
                await click();
                await leaveScreen(screen);
            },
        },
    ];
}

/** Check that the app shows none of these sections: they are not for this user. */
export function noSections(...sections) {
    return sections.map((section) => ({
        content: `there is no menu ${section}`,
        trigger: `.o_menu_sections:not(:has([data-menu-xmlid="construction_crm.${section}"]))`,
    }));
}

/** Choose a record in a many2one. */
export function choose(field, text, scope = ".o_form_view") {
    return [
        {
            content: `look for ${text} in ${field}`,
            trigger: `${scope} .o_field_widget[name="${field}"] input`,
            async run({ edit }) {
                await edit(text);
                // The list waits for the last key; what it shows before is the old list.
                await new Promise((resolve) => setTimeout(resolve, 350));
            },
        },
        {
            content: `take ${text}`,
            trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a:contains("${text}")`,
            run: "click",
        },
        {
            content: `${field} is ${text}`,
            trigger: `${scope} .o_field_widget[name="${field}"]:not(:has(.o-autocomplete--dropdown-menu))`,
        },
    ];
}

/** Press a button in the header of the form. */
export function press(name, content = `press ${name}`) {
    return {
        content,
        trigger: `.o_form_view .o_statusbar_buttons button[name="${name}"]:enabled`,
        run: "click",
    };
}

/** Press a smart button, also where it hides under More. */
export function smart(name) {
    return [
        {
            content: `look for the smart button ${name}`,
            trigger: ".o-form-buttonbox",
            async run({ queryFirst, click }) {
                const more = queryFirst(".o-form-buttonbox .o_button_more");
                if (more && !queryFirst(`.o-form-buttonbox button[name="${name}"]`)) {
                    await click(more);
                }
            },
        },
        {
            content: `press the smart button ${name}`,
            trigger: `button.oe_stat_button[name="${name}"]`,
            run: "click",
        },
    ];
}

/** Wait until the statusbar of the form shows this state. */
export function inState(value) {
    return {
        content: `the state is ${value}`,
        trigger: `.o_form_view .o_statusbar_status .o_arrow_button_current[data-value="${value}"]`,
    };
}

/** Check that the form has none of these buttons or fields, not even hidden ones. */
export function without(...selectors) {
    return selectors.map((selector) => ({
        content: `there is no ${selector}`,
        trigger: `.o_form_view:not(:has(${selector}))`,
    }));
}

/** Check that a screen shows a field that is not empty. */
export function shows(field, scope = ".o_form_view") {
    return {
        content: `${field} is shown`,
        trigger: `${scope} .o_field_widget[name="${field}"]:not(:empty)`,
    };
}

/** Save the form and wait for it. */
export function save() {
    return [
        { content: "save", trigger: ".o_form_button_save:enabled", run: "click" },
        { content: "saved", trigger: ".o_form_saved" },
    ];
}
