import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const ASK_EVERY = 1500;
const ASKED = ["state", "work", "progress", "created_count", "updated_count"];

/**
 * How far an import is; asks again and again, and reads the form again at the end.
 */
export class ImportProgress extends Component {
    static template = "ttcs_base.ImportProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.batch = useState({ work: "", progress: 0, created_count: 0, updated_count: 0 });
        onMounted(() => this.ask());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get percent() {
        return Math.floor(this.batch.progress);
    }

    async ask() {
        const record = this.props.record;
        if (record.data.state === "running" && record.resId) {
            const [batch] = await this.orm.silent.read(record.resModel, [record.resId], ASKED);
            Object.assign(this.batch, batch);
            if (batch.state !== "running") {
                await record.model.root.load();
                return;
            }
        }
        this.timer = setTimeout(() => this.ask(), ASK_EVERY);
    }
}

registry.category("view_widgets").add("ttcs_import_progress", {
    component: ImportProgress,
    fieldDependencies: [{ name: "state", type: "selection" }],
});
