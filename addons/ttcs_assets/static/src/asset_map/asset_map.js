/* global L */
import { Component, onMounted, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const COLOURS = { good: "#1b7f4b", degraded: "#b8860b", broken: "#c0392b", stopped: "#6c757d" };
const RADII = { s: 9, b: 7, c: 5, p: 4 };
const FAMILIES = { station: "s", cluster: "c", board: "b" };

/**
 * The assets on a map.  Tiles come from the server named in the settings; without one the
 * communes' names and the points are the map.
 */
export class AssetMap extends Component {
    static template = "ttcs_assets.AssetMap";
    static props = { ...standardActionServiceProps };

    /** What the points are records of: a model with get_map and get_map_card. */
    static model = "maintenance.equipment";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.domain = this.props.action.context.ttcs_map_domain || [
            ["life_state", "=", "in_use"],
            ["family", "!=", "component"],
        ];
        this.state = useState({ families: { station: true, cluster: true, board: true }, onlyFaulty: false, shown: 0 });
        onWillStart(() => this.load());
        onMounted(() => this.draw());
        onWillUnmount(() => this.map.remove());
    }

    async load() {
        this.data = await this.orm.call(this.constructor.model, "get_map", [this.domain]);
    }

    /** Colours of the states of a point. */
    get colours() {
        return COLOURS;
    }

    /** Whether a point in this state is shown when only those not working well are wanted. */
    isImperfect(condition) {
        return condition !== "good";
    }

    /** Whether a point in this state gives its group a red rim. */
    isFaulty(condition) {
        return condition === "broken" || condition === "stopped";
    }

    get familyNames() {
        return { station: _t("Stations"), cluster: _t("Loudspeaker clusters"), board: _t("Public boards") };
    }

    get legend() {
        return [
            ["good", _t("Works"), COLOURS.good],
            ["degraded", _t("Works badly"), COLOURS.degraded],
            ["broken", _t("Broken"), COLOURS.broken],
            ["stopped", _t("Stopped"), COLOURS.stopped],
        ];
    }

    draw() {
        this.map = L.map(this.canvas.el, { preferCanvas: true, attributionControl: false, maxZoom: 19 });
        const tiles = session["leaflet.tile_url"];
        if (tiles && tiles !== "False") {
            L.tileLayer(tiles, { maxZoom: 19 }).addTo(this.map);
            L.control.attribution({ prefix: false }).addAttribution(session["leaflet.copyright"]).addTo(this.map);
        }
        L.control.scale({ imperial: false }).addTo(this.map);
        for (const [name, latitude, longitude] of this.data.communes) {
            L.marker([latitude, longitude], {
                icon: L.divIcon({ className: "o_ttcs_map_commune", html: "", iconSize: [0, 0] }),
                interactive: false,
            })
                .bindTooltip(this.text(name), { permanent: true, direction: "center", className: "o_ttcs_map_name" })
                .addTo(this.map);
        }
        this.layer = L.markerClusterGroup({
            maxClusterRadius: 45,
            disableClusteringAtZoom: 14,
            chunkedLoading: true,
            showCoverageOnHover: false,
            iconCreateFunction: (group) => this.groupIcon(group),
        });
        this.map.addLayer(this.layer);
        this.map.on("zoomend", () => this.showNames());
        this.refresh();
        this.fit();
    }

    /** A text node, so that a name never becomes markup. */
    text(content) {
        const element = document.createElement("span");
        element.textContent = content;
        return element;
    }

    showNames() {
        this.canvas.el.classList.toggle("o_ttcs_map_far", this.map.getZoom() < 11);
    }

    refresh() {
        const wanted = new Set(
            Object.entries(this.state.families)
                .filter(([, shown]) => shown)
                .map(([family]) => FAMILIES[family])
        );
        if (this.domain.some((term) => Array.isArray(term) && term[0] === "id")) {
            wanted.add("p");
        }
        const points = this.data.points.filter(
            ([, , , family, condition]) =>
                wanted.has(family) && (!this.state.onlyFaulty || this.isImperfect(condition))
        );
        this.state.shown = points.length;
        this.layer.clearLayers();
        this.layer.addLayers(points.map((point) => this.marker(point)));
    }

    /** How many stand here; a red rim when one of them is broken or stopped. */
    groupIcon(group) {
        const faulty = group.getAllChildMarkers().some((marker) => marker.options.faulty);
        return L.divIcon({
            html: String(group.getChildCount()),
            className: `o_ttcs_map_group ${faulty ? "o_ttcs_map_faulty" : ""}`,
            iconSize: [36, 36],
        });
    }

    marker([id, latitude, longitude, family, condition]) {
        const marker = L.circleMarker([latitude, longitude], {
            radius: RADII[family],
            color: "#ffffff",
            weight: 1,
            fillColor: this.colours[condition],
            fillOpacity: 0.95,
            faulty: this.isFaulty(condition),
        });
        marker.on("click", () => this.showCard(id, marker));
        return marker;
    }

    async showCard(id, marker) {
        const card = await this.orm.call(this.constructor.model, "get_map_card", [[id]]);
        const element = document.createElement("div");
        const title = this.text(card.name);
        title.className = "fw-bold d-block";
        element.append(title);
        for (const line of [card.kind, card.place, card.condition]) {
            const row = this.text(line);
            row.className = "d-block";
            element.append(row);
        }
        const open = document.createElement("button");
        open.className = "btn btn-primary btn-sm mt-2";
        open.textContent = _t("Open the record");
        open.addEventListener("click", () => this.open(id));
        element.append(open);
        marker.bindPopup(element).openPopup();
    }

    open(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "maintenance.equipment",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openWithoutPosition() {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Assets without a position"),
            res_model: "maintenance.equipment",
            domain: ["&", ...this.andDomain(), ["latitude", "=", 0]],
            views: [[false, "list"], [false, "form"]],
        });
    }

    andDomain() {
        return this.domain.length > 1 && Array.isArray(this.domain[0])
            ? [...Array(this.domain.length - 1).fill("&"), ...this.domain]
            : this.domain;
    }

    fit() {
        const places = this.data.points.length
            ? this.data.points.map(([, latitude, longitude]) => [latitude, longitude])
            : this.data.communes.map(([, latitude, longitude]) => [latitude, longitude]);
        if (places.length) {
            this.map.fitBounds(L.latLngBounds(places).pad(0.05), { maxZoom: 15 });
        } else {
            this.map.setView([10.5, 105.9], 9);
        }
        this.showNames();
    }

    toggle(family) {
        this.state.families[family] = !this.state.families[family];
        this.refresh();
    }

    toggleFaulty() {
        this.state.onlyFaulty = !this.state.onlyFaulty;
        this.refresh();
    }
}

registry.category("actions").add("ttcs_assets.asset_map", AssetMap);
