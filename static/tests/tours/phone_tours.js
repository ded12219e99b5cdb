import { registry } from "@web/core/registry";

// The card of the only deal stands in a later column: it is in sight without a swipe.
registry.category("web_tour.tours").add("construction_phone_deals", {
    steps: () => [
        {
            content: "the deal is in sight",
            trigger: '.o_kanban_record:contains("House on plot 7")',
            async run() {
                await new Promise((resolve) => setTimeout(resolve, 500));
                const { left, right } = this.anchor.getBoundingClientRect();
                if (left < 0 || right > window.innerWidth) {
                    throw new Error(`The card begins at ${left} and ends at ${right}`);
                }
            },
        },
    ],
});
