import { onMounted, onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

const EVERY = 10000;

/** Loads a view anew while somebody looks at it and has nothing selected. */
function useRefreshing(controller) {
    let timer = null;
    let isLoading = false;
    const refresh = async () => {
        const { root } = controller.model;
        if (document.hidden || isLoading || root.selection?.length || root.editedRecord) {
            return;
        }
        isLoading = true;
        try {
            await root.load();
        } finally {
            isLoading = false;
        }
    };
    onMounted(() => {
        timer = setInterval(refresh, EVERY);
    });
    onWillUnmount(() => clearInterval(timer));
}

class RefreshingListController extends ListController {
    setup() {
        super.setup();
        useRefreshing(this);
    }
}

class RefreshingKanbanController extends KanbanController {
    setup() {
        super.setup();
        useRefreshing(this);
    }
}

registry
    .category("views")
    .add("ttcs_refreshing_list", { ...listView, Controller: RefreshingListController });
registry
    .category("views")
    .add("ttcs_refreshing_kanban", { ...kanbanView, Controller: RefreshingKanbanController });
