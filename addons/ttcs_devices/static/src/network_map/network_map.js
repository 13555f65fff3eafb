import { onMounted, onWillUnmount } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { AssetMap } from "@ttcs_assets/asset_map/asset_map";

const EVERY = 30000;
const COLOURS = {
    faulty: "#c0392b",
    silent: "#8e2a5b",
    mute: "#8e2a5b",
    noisy: "#b8860b",
    never: "#b8860b",
    playing: "#1560bd",
    online: "#1b7f4b",
    heard: "#1b7f4b",
    unknown: "#6c757d",
};
const WELL = ["playing", "online", "heard", "unknown"];

/** The network on a map: by wires and by listeners, loaded anew by itself. */
export class NetworkMap extends AssetMap {
    static model = "ttcs.network.state";

    setup() {
        super.setup();
        this.domain = this.props.action.context.ttcs_map_domain || [];
        let timer = null;
        onMounted(() => {
            timer = setInterval(() => this.reload(), EVERY);
        });
        onWillUnmount(() => clearInterval(timer));
    }

    /** What is new, without moving the map under the hand; nothing while a card is open. */
    async reload() {
        if (document.hidden || this.canvas.el.querySelector(".leaflet-popup")) {
            return;
        }
        await this.load();
        this.refresh();
    }

    get colours() {
        return COLOURS;
    }

    get legend() {
        return [
            ["playing", _t("On air"), COLOURS.playing],
            ["online", _t("Connected, or heard"), COLOURS.online],
            ["noisy", _t("Noisy, or never heard of"), COLOURS.noisy],
            ["silent", _t("Silent, or makes no sound"), COLOURS.silent],
            ["faulty", _t("Faulty"), COLOURS.faulty],
            ["unknown", _t("Nobody knows"), COLOURS.unknown],
        ];
    }

    isImperfect(state) {
        return !WELL.includes(state);
    }

    isFaulty(state) {
        return ["faulty", "silent", "mute"].includes(state);
    }
}

registry.category("actions").add("ttcs_devices.network_map", NetworkMap);
