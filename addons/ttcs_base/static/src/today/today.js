import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * "Việc hôm nay": what is late, due and asked of the user, each line a tap away from its list.
 */
export class TodayPage extends Component {
    static template = "ttcs_base.TodayPage";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.page = useState({ items: [], shortcuts: [], figures: [], agencies: [] });
        onWillStart(async () => Object.assign(this.page, await this.orm.call("ttcs.today", "get_page")));
    }

    itemsOf(urgency) {
        return this.page.items.filter((item) => item.urgency === urgency);
    }

    open(action) {
        this.action.doAction(action);
    }
}

registry.category("actions").add("ttcs_base.today", TodayPage);
