import { Component, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * A wide field on which a file is dropped, or that opens the file dialog when it is tapped.
 */
export class FileDropField extends Component {
    static template = "ttcs_base.FileDropField";
    static props = {
        ...standardFieldProps,
        fileNameField: { type: String },
        accept: { type: String, optional: true },
    };

    setup() {
        this.notification = useService("notification");
        this.input = useRef("input");
        this.state = useState({ over: false });
    }

    get fileName() {
        return this.props.record.data[this.props.fileNameField];
    }

    async take(file) {
        this.state.over = false;
        if (!file || this.props.readonly) {
            return;
        }
        const address = await getDataURLFromFile(file);
        await this.props.record.update({
            [this.props.name]: address.split(",")[1],
            [this.props.fileNameField]: file.name,
        });
    }

    onDrop(event) {
        return this.take(event.dataTransfer.files[0]);
    }

    async onChange(event) {
        await this.take(event.target.files[0]);
        // So that the same file, corrected in Excel, can be chosen again.
        event.target.value = "";
    }
}

export const fileDropField = {
    component: FileDropField,
    supportedTypes: ["binary"],
    extractProps: ({ attrs, options }) => ({
        fileNameField: attrs.filename,
        accept: options.accepted_file_extensions,
    }),
    fieldDependencies: ({ attrs }) => [{ name: attrs.filename, type: "char" }],
};

registry.category("fields").add("ttcs_file_drop", fileDropField);
