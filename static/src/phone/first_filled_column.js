import { useEffect } from "@odoo/owl";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { registry } from "@web/core/registry";

/**
 * A phone shows one column at a time: begin with the first one that has cards, not with an empty one.
 * Whoever comes back to the view finds it where it was left. To be used by a kanban controller.
 */
export function useFirstFilledColumn(controller) {
    useEffect(
        (isReady) => {
            const { root, useSampleModel } = controller.model;
            if (!isReady || !controller.env.isSmall || !root.isGrouped || useSampleModel) {
                return;
            }
            if (controller.props.state?.scrollPositions) {
                return;
            }
            const place = root.groups.findIndex((group) => group.count);
            if (place > 0) {
                const renderer = controller.rootRef.el.querySelector(".o_renderer");
                const columns = renderer.querySelectorAll(".o_kanban_group");
                renderer.scrollLeft = columns[place].offsetLeft - columns[0].offsetLeft;
            }
        },
        () => [controller.model.isReady]
    );
}

export class FilledKanbanController extends kanbanView.Controller {
    setup() {
        super.setup();
        useFirstFilledColumn(this);
    }
}

registry
    .category("views")
    .add("construction_filled_kanban", { ...kanbanView, Controller: FilledKanbanController });
