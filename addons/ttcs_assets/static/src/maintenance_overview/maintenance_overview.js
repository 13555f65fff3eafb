import { Component, onWillStart, useState } from "@odoo/owl";
import { serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { OverviewChart } from "./overview_chart";

const { DateTime } = luxon;
const CORRECTIVE = "#c0392b";
const PREVENTIVE = "#4a7fb5";
const REPAIRED = "#1b7f4b";
const LEFT = "#b8860b";
// Failures a year for 100 devices at which a cell has its full colour.
const FULL_COLOUR = 50;

const STACKED = {
    scales: {
        x: { stacked: true, ticks: { precision: 0 } },
        y: { stacked: true, ticks: { precision: 0 } },
    },
    plugins: { legend: { position: "bottom" } },
};
const LYING = { ...STACKED, indexAxis: "y" };
const STANDING = {
    ...STACKED,
    scales: {
        x: { stacked: true, ticks: { maxRotation: 0, autoSkip: true } },
        y: { stacked: true },
    },
};
const MIXED = {
    scales: { x: { ticks: { maxRotation: 0, autoSkip: true } }, y: { ticks: { precision: 0 } } },
    plugins: { legend: { position: "bottom" } },
};

/** A figure as people here write it: 1.442 or 4,1. */
function written(number) {
    return number.toLocaleString(user.lang, { maximumFractionDigits: 1 });
}

/** What is late, what fails and how repairs keep up, at a glance. */
export class MaintenanceOverview extends Component {
    static template = "ttcs_assets.MaintenanceOverview";
    static components = { OverviewChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ months: 12, family: false, commune: false, found: null });
        onWillStart(() => this.load());
        this.lying = LYING;
        this.mixed = MIXED;
        this.standing = STANDING;
    }

    async load() {
        const { months, family, commune } = this.state;
        this.state.found = await this.orm.call("ttcs.maintenance.overview", "get_overview", [
            months,
            family,
            commune,
        ]);
        this.charts = {
            overdue: this.overdueData(),
            flow: this.flowData(),
            costs: this.costData(),
        };
    }

    choose(name, value) {
        this.state[name] = value;
        return this.load();
    }

    get periods() {
        return [
            [3, _t("3 months")],
            [12, _t("12 months")],
            [24, _t("2 years")],
            [36, _t("3 years")],
        ];
    }

    get families() {
        return [
            ["station", _t("Stations")],
            ["cluster", _t("Loudspeaker clusters")],
            ["board", _t("Public boards")],
            ["component", _t("Components")],
        ];
    }

    get tiles() {
        const { open, late, broken, assets, repair_hours: hours } = this.state.found.tiles;
        const repair = { title: _t("Typical time to repair"), value: "–" };
        if (hours !== null) {
            repair.value =
                hours < 48 ? _t("%s hours", written(hours)) : _t("%s days", written(hours / 24));
        }
        return [
            { title: _t("Open work orders"), value: written(open), open: () => this.openOrders([]) },
            {
                title: _t("Late work orders"),
                value: written(late),
                isBad: late > 0,
                open: () => this.openOrders([["is_late", "=", true]]),
            },
            {
                title: _t("Broken assets"),
                value: written(broken),
                note: assets ? `${written((100 * broken) / assets)} %` : "",
                isBad: broken > 0,
                open: () => this.openBroken(),
            },
            repair,
        ];
    }

    overdueData() {
        const { rows } = this.state.found.overdue;
        return {
            labels: rows.map((row) => row.name),
            datasets: [
                {
                    label: _t("Corrective"),
                    data: rows.map((row) => row.corrective),
                    backgroundColor: CORRECTIVE,
                },
                {
                    label: _t("Preventive"),
                    data: rows.map((row) => row.preventive),
                    backgroundColor: PREVENTIVE,
                },
            ],
        };
    }

    get overdueHeight() {
        return 70 + 26 * this.state.found.overdue.rows.length;
    }

    get moreText() {
        return _t("%s more communes have late orders.", this.state.found.overdue.more);
    }

    flowData() {
        const { flow } = this.state.found;
        return {
            labels: flow.map((row) => DateTime.fromISO(row.month).toFormat("MM/yy")),
            datasets: [
                {
                    label: _t("Reported"),
                    data: flow.map((row) => row.reported),
                    backgroundColor: CORRECTIVE,
                },
                {
                    label: _t("Repaired or closed"),
                    data: flow.map((row) => row.closed),
                    backgroundColor: REPAIRED,
                },
                {
                    type: "line",
                    label: _t("Left open at the end of the month"),
                    data: flow.map((row) => row.open),
                    borderColor: LEFT,
                    backgroundColor: LEFT,
                },
            ],
        };
    }

    costData() {
        const { costs } = this.state.found;
        const millions = (kind) => costs.map((row) => row[kind] / 1e6);
        return {
            labels: costs.map((row) => DateTime.fromISO(row.month).toFormat("MM/yy")),
            datasets: [
                {
                    label: _t("Parts and materials"),
                    data: millions("parts"),
                    backgroundColor: PREVENTIVE,
                },
                { label: _t("Labour"), data: millions("labour"), backgroundColor: REPAIRED },
                { label: _t("Other costs"), data: millions("other"), backgroundColor: LEFT },
            ],
        };
    }

    get costText() {
        const { costs } = this.state.found;
        const sum = (kinds) =>
            costs.reduce((total, row) => kinds.reduce((part, kind) => part + row[kind], total), 0);
        return _t("%(total)s million đồng in all, of which the own budget paid %(own)s.", {
            total: written(sum(["parts", "labour", "other"]) / 1e6),
            own: written(sum(["own"]) / 1e6),
        });
    }

    bandName([from, to], isLast) {
        if (from === 0) {
            return _t("First year");
        }
        return isLast ? _t("Over %s years", from) : _t("%(from)s to %(to)s years", { from, to });
    }

    get bandNames() {
        const { bands } = this.state.found.failures;
        const names = bands.map((band, index) => this.bandName(band, index === bands.length - 1));
        return [...names, _t("Age unknown")];
    }

    /** Failures a year for a hundred devices; too few years in service say nothing. */
    rate({ failures, years }) {
        return years >= 1 ? (100 * failures) / years : null;
    }

    cellText(cell) {
        const rate = this.rate(cell);
        return rate === null ? "" : written(rate);
    }

    cellStyle(cell) {
        const rate = this.rate(cell);
        const share = rate === null ? 0 : Math.min(1, rate / FULL_COLOUR);
        return share ? `background-color: rgba(192, 57, 43, ${(0.08 + 0.6 * share).toFixed(2)})` : "";
    }

    cellTitle(cell) {
        return _t("%(failures)s failures in %(years)s years of service", {
            failures: cell.failures,
            years: written(cell.years),
        });
    }

    get scope() {
        const { commune, family } = this.state;
        const domain = [["archive", "=", false]];
        if (commune) {
            domain.push(["commune_id", "=", commune]);
        }
        if (family) {
            domain.push(["equipment_id.family", "=", family]);
        }
        return domain;
    }

    openOverdue(chosen) {
        const row = this.state.found.overdue.rows[chosen.index];
        const type = chosen.datasetIndex ? "=" : "!=";
        return this.openOrders(
            [
                ["is_late", "=", true],
                ["commune_id", "=", row.id || false],
                ["maintenance_type", type, "preventive"],
            ],
            row.name
        );
    }

    openFlow(chosen) {
        const start = DateTime.fromISO(this.state.found.flow[chosen.index].month);
        const field = chosen.datasetIndex === 1 ? "closed_at" : "reported_at";
        return this.openList(
            start.toFormat("MM/yyyy"),
            [
                ...this.scope,
                ["maintenance_type", "=", "corrective"],
                [field, ">=", serializeDateTime(start)],
                [field, "<", serializeDateTime(start.plus({ months: 1 }))],
            ]
        );
    }

    openCosts(chosen) {
        const start = DateTime.fromISO(this.state.found.costs[chosen.index].month);
        return this.openList(start.toFormat("MM/yyyy"), [
            ...this.scope,
            ["cost_total", ">", 0],
            ["closed_at", ">=", serializeDateTime(start)],
            ["closed_at", "<", serializeDateTime(start.plus({ months: 1 }))],
        ]);
    }

    openModel(row) {
        return this.openList(row.name, [
            ...this.scope,
            ["maintenance_type", "=", "corrective"],
            ["reported_at", ">=", serializeDateTime(DateTime.fromISO(this.state.found.since))],
            "|",
            ["equipment_id.model", "=", row.name],
            "&",
            ["equipment_id.model", "=", false],
            ["equipment_id.category_id.name", "=", row.name],
        ]);
    }

    openOrders(domain, name = _t("Work orders")) {
        return this.openList(name, [...this.scope, ["closed_at", "=", false], ...domain]);
    }

    openBroken() {
        const { commune, family } = this.state;
        const domain = [
            ["life_state", "=", "in_use"],
            ["condition", "=", "broken"],
        ];
        if (commune) {
            domain.push(["commune_id", "=", commune]);
        }
        domain.push(family ? ["family", "=", family] : ["family", "!=", "component"]);
        return this.openList(_t("Broken assets"), domain, "maintenance.equipment");
    }

    openList(name, domain, model = "maintenance.request") {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            domain,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
        });
    }
}

registry.category("actions").add("ttcs_assets.maintenance_overview", MaintenanceOverview);
