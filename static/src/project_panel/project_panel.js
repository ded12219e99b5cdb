import { patch } from "@web/core/utils/patch";
import { ProjectRightSidePanel } from "@project/components/project_right_side_panel/project_right_side_panel";

// The figures of a construction project stand in stock's side panel, which shows for them alone too.
patch(ProjectRightSidePanel.prototype, {
    get panelVisible() {
        return super.panelVisible || !!this.state.data.construction;
    },
});
