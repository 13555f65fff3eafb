import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const STATES = ["late", "opened", "planned", "done", "skipped"];

/** Maintenance of a year: months by commune, and every date of each asset of a commune. */
export class MaintenanceYear extends Component {
    static template = "ttcs_assets.MaintenanceYear";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.months = Array.from({ length: 12 }, (_each, month) => month + 1);
        this.state = useState({
            year: new Date().getFullYear(),
            task: false,
            commune: null,
            tasks: [],
            rows: [],
            rowCount: 0,
        });
        this.scrolled = useRef("scrolled");
        onWillStart(() => this.load());
        onMounted(() => this.showThisMonth());
    }

    async load() {
        const { year, task, commune } = this.state;
        const found = await this.orm.call("ttcs.maintenance.occurrence", "get_year", [
            year,
            task,
            commune ? commune.id : false,
        ]);
        Object.assign(this.state, { tasks: found.tasks, rows: found.rows, rowCount: found.row_count });
    }

    /** On a phone the months of the past are to the left of what is seen first. */
    showThisMonth() {
        const heading = this.scrolled.el.querySelectorAll("thead th")[new Date().getMonth() + 1];
        if (heading) {
            const names = this.scrolled.el.querySelector("thead th").offsetWidth;
            this.scrolled.el.scrollLeft = heading.offsetLeft - names;
        }
    }

    get legend() {
        return [
            ["late", _t("Late")],
            ["opened", _t("Order open")],
            ["planned", _t("Planned")],
            ["done", _t("Done")],
            ["skipped", _t("Left out")],
        ];
    }

    get moreText() {
        return _t("%(shown)s of %(count)s assets are shown. Choose a task to see fewer.", {
            shown: this.state.rows.length,
            count: this.state.rowCount,
        });
    }

    turn(step) {
        this.state.year += step;
        return this.load();
    }

    chooseTask(event) {
        this.state.task = Number(event.target.value) || false;
        return this.load();
    }

    openCommune(row) {
        this.state.commune = row;
        return this.load();
    }

    leaveCommune() {
        this.state.commune = null;
        return this.load();
    }

    total(cell) {
        return STATES.reduce((sum, state) => sum + (cell[state] || 0), 0);
    }

    parts(cell) {
        return STATES.filter((state) => cell[state]).map((state) => [state, cell[state]]);
    }

    name(state) {
        return this.legend.find(([key]) => key === state)[1];
    }

    describe(cell) {
        return this.parts(cell)
            .map(([state, count]) => `${this.name(state)}: ${count}`)
            .join(", ");
    }

    position(day) {
        return `left: ${((day - 1) / 366) * 100}%`;
    }

    /** The occurrences of a commune in a month. */
    openMonth(row, month) {
        const { year, task } = this.state;
        const two = (number) => String(number).padStart(2, "0");
        const last = new Date(year, month, 0).getDate();
        const domain = [
            ["commune_id", "=", row.id],
            ["due_date", ">=", `${year}-${two(month)}-01`],
            ["due_date", "<=", `${year}-${two(month)}-${two(last)}`],
        ];
        if (task) {
            domain.push(["task_id", "=", task]);
        }
        return this.openList(`${row.name}, ${two(month)}/${year}`, domain);
    }

    openOccurrence(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "ttcs.maintenance.occurrence",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openList(name, domain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "ttcs.maintenance.occurrence",
            domain,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
        });
    }
}

registry.category("actions").add("ttcs_assets.maintenance_year", MaintenanceYear);
