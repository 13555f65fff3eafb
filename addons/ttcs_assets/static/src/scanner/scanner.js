import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Finds the asset behind a tag: by camera, by a hand-held scanner or by typing the code. */
export class TagScanner extends Component {
    static template = "ttcs_assets.TagScanner";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.input = useRef("code");
        this.canScan = isBarcodeScannerSupported();
        this.state = useState({ message: "" });
        onMounted(() => this.input.el.focus());
    }

    async scan() {
        const text = await scanBarcode(this.env);
        if (text) {
            await this.find(text);
        }
    }

    async submit() {
        await this.find(this.input.el.value);
    }

    async find(text) {
        const found = await this.orm.call("ttcs.tag", "find_by_text", [text]);
        if (found.action) {
            await this.action.doAction(found.action);
        } else {
            this.state.message = found.message;
            this.input.el.select();
        }
    }
}

registry.category("actions").add("ttcs_assets.scanner", TagScanner);
