import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

/** A chart of Chart.js that is drawn anew when its data change. */
export class OverviewChart extends Component {
    static template = "ttcs_assets.OverviewChart";
    static props = {
        type: String,
        data: Object,
        options: { type: Object, optional: true },
        height: Number,
        label: String,
        onChosen: { type: Function, optional: true },
    };

    setup() {
        this.canvas = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.draw();
                return () => this.chart.destroy();
            },
            () => [this.props.data]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    draw() {
        const { type, data, options, onChosen } = this.props;
        /* global Chart */
        this.chart = new Chart(this.canvas.el, {
            type,
            data,
            options: {
                maintainAspectRatio: false,
                animation: false,
                onClick: (_event, chosen) => chosen.length && onChosen?.(chosen[0]),
                ...options,
            },
        });
    }
}
