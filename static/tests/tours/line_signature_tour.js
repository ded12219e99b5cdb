import { registry } from "@web/core/registry";

// 4: the customer signs in the portal, by the link of his e-mail.
registry.category("web_tour.tours").add("construction_line_signature", {
    steps: () => [
        { content: "he sees the chapters", trigger: '#portal_sale_content:contains("Wall tiling")' },
        { content: "he sees no cost", trigger: '#portal_sale_content:not(:contains("77.77"))' },
        {
            content: "sign",
            trigger: '.o_portal_sale_sidebar a:contains("Sign")',
            run: "click",
        },
        {
            content: "his name",
            trigger: ".modal .o_web_sign_name_and_signature input",
            run: "edit Ana Ionescu",
        },
        { trigger: ".modal .o_web_sign_name_and_signature input:value(Ana Ionescu)" },
        { content: "his signature", trigger: ".modal canvas.o_web_sign_signature", run: "canvasNotEmpty" },
        {
            content: "accept",
            trigger: ".modal .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "thank you", trigger: '#quote_content:contains("Thank You")' },
    ],
});
