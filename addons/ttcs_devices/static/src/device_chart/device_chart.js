import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { OverviewChart } from "@ttcs_assets/maintenance_overview/overview_chart";

const COLOURS = ["#4a7fb5", "#c0392b", "#1b7f4b", "#b8860b", "#6c3483"];
const OPTIONS = {
    elements: { point: { radius: 0, hitRadius: 8 } },
    scales: { x: { ticks: { maxRotation: 0, autoSkip: true, maxTicksLimit: 8 } } },
    plugins: { legend: { position: "bottom" } },
};

/** The curves of a device, or of the devices of an asset. */
export class DeviceChart extends Component {
    static template = "ttcs_devices.DeviceChart";
    static components = { OverviewChart };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.options = OPTIONS;
        this.state = useState({ figure: "temperature", days: 1, data: null });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((next) => this.load(next.record));
    }

    get figures() {
        return [
            ["temperature", _t("Temperature (°C)")],
            ["mains", _t("Mains (V)")],
            ["battery", _t("Battery (V)")],
            ["volume", _t("Volume (%)")],
            ["signal", _t("Signal (dBm)")],
            ["on_air", _t("On air (%)")],
        ];
    }

    get periods() {
        return [
            [1, _t("24 hours")],
            [7, _t("7 days")],
            [30, _t("30 days")],
        ];
    }

    async load(record) {
        if (!record.resId) {
            return;
        }
        const { figure, days } = this.state;
        const told = await this.orm.call(record.resModel, "get_chart", [[record.resId], figure, days]);
        this.state.data = {
            labels: told.times,
            datasets: told.series.map((series, number) => ({
                label: series.name,
                data: series.values,
                borderColor: COLOURS[number % COLOURS.length],
                borderWidth: 2,
                spanGaps: false,
            })),
        };
    }

    choose(name, value) {
        this.state[name] = value;
        return this.load(this.props.record);
    }
}

registry.category("view_widgets").add("ttcs_device_chart", { component: DeviceChart });
