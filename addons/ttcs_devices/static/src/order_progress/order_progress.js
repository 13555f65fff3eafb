import { Component, onWillDestroy, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const EVERY = 2000;
// In the order of a command's life, ends last; the colours are Bootstrap's.
const STATES = [
    ["done", "success"],
    ["running", "info"],
    ["received", "info"],
    ["sent", "primary"],
    ["queued", "secondary"],
    ["refused", "danger"],
    ["failed", "danger"],
    ["expired", "warning"],
    ["cancelled", "dark"],
    ["superseded", "dark"],
];
const OPEN = ["running", "received", "sent", "queued"];

/** How an order stands, asked anew every two seconds while anything is open. */
export class OrderProgress extends Component {
    static template = "ttcs_devices.OrderProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ told: null, isLost: false });
        onWillStart(() => this.ask(this.props.record.resId));
        onWillUpdateProps((next) => this.ask(next.record.resId));
        const timer = setInterval(() => this.tick(), EVERY);
        onWillDestroy(() => clearInterval(timer));
    }

    async ask(id) {
        if (!id) {
            this.state.told = null;
            return;
        }
        try {
            this.state.told = await this.orm.silent.call("ttcs.device.order", "get_progress", [[id]]);
            this.state.isLost = false;
        } catch {
            // The network may be gone for a moment: the last figures stay, marked as old.
            this.state.isLost = true;
        }
    }

    async tick() {
        const { record } = this.props;
        if (document.hidden || this.asking || !record.resId || this.isOver) {
            return;
        }
        this.asking = true;
        await this.ask(record.resId);
        this.asking = false;
        if (this.state.told && this.state.told.state !== record.data.state) {
            await record.load();
        }
    }

    get isOver() {
        const { told } = this.state;
        return told && (["finished", "cancelled"].includes(told.state));
    }

    get total() {
        return Object.values(this.state.told.counts).reduce((sum, count) => sum + count, 0);
    }

    get ended() {
        const { counts } = this.state.told;
        return this.total - OPEN.reduce((sum, state) => sum + (counts[state] || 0), 0);
    }

    get names() {
        return {
            done: _t("Done"),
            running: _t("Being carried out"),
            received: _t("The device has it"),
            sent: _t("Sent"),
            queued: _t("Waits to be sent"),
            refused: _t("Refused by the device"),
            failed: _t("Failed"),
            expired: _t("Expired"),
            cancelled: _t("Cancelled"),
            superseded: _t("Replaced by a later order"),
        };
    }

    get parts() {
        const { counts } = this.state.told;
        return STATES.filter(([state]) => counts[state]).map(([state, colour]) => ({
            state,
            colour,
            count: counts[state],
            name: this.names[state],
            share: (100 * counts[state]) / this.total,
        }));
    }

    get sentence() {
        const { told } = this.state;
        if (told.state === "waiting") {
            return told.is_emergency && told.wait
                ? _t("Waits for a second person; after %s seconds its author may send it alone.", told.wait)
                : _t("Waits for a second person.");
        }
        if (told.state === "cancelled") {
            return _t("Cancelled before it was sent.");
        }
        return _t("%(ended)s of %(total)s devices have told how it ended.", {
            ended: this.ended,
            total: this.total,
        });
    }

    get maySendAlone() {
        const { told } = this.state;
        return told.state === "waiting" && told.is_emergency && told.is_author && !told.wait;
    }

    async sendAlone() {
        const { record } = this.props;
        const action = await this.orm.call("ttcs.device.order", "action_release_alone", [[record.resId]]);
        this.action.doAction(action, { onClose: () => record.load() });
    }

    async open(state) {
        const { resId } = this.props.record;
        const action = await this.orm.call("ttcs.device.order", "action_open_targets", [[resId]]);
        action.domain = [
            ["order_id", "=", resId],
            state ? ["state", "=", state] : ["is_left_out", "=", true],
        ];
        this.action.doAction(action);
    }
}

registry.category("view_widgets").add("ttcs_order_progress", { component: OrderProgress });
