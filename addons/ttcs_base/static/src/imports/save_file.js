import { downloadFile } from "@web/core/network/download";
import { registry } from "@web/core/registry";

/**
 * Have the browser save a file that came with the action; the server keeps no copy of it.
 */
function saveFile(env, action) {
    const { name, mimetype, content } = action.params;
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    downloadFile(new Blob([bytes], { type: mimetype }), name, mimetype);
}

registry.category("actions").add("ttcs_base.save_file", saveFile);
