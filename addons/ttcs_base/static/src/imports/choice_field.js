import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * One of the answers that stand in another field of the record, as buttons or as a list.
 *
 * The choice is made by a method of the record, at once and also where the form is readonly,
 * because it changes more than this field; then the whole form is read again.
 */
export class ChoiceField extends Component {
    static template = "ttcs_base.ChoiceField";
    static props = {
        ...standardFieldProps,
        choices: { type: String },
        method: { type: String },
        asButtons: { type: Boolean, optional: true },
        fixed: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get choices() {
        return this.props.record.data[this.props.choices] || [];
    }

    get label() {
        return this.choices.find((choice) => choice.value === this.value)?.label || this.value;
    }

    get title() {
        return _t("Choose");
    }

    async choose(value) {
        const { record, method } = this.props;
        const root = record.model.root;
        if (root.isInEdition && !(await root.save())) {
            return;
        }
        // No button of the form may overtake the answer on its way to the server.
        this.ui.block();
        try {
            await this.orm.call(record.resModel, method, [[record.resId], value]);
            await root.load();
        } finally {
            this.ui.unblock();
        }
    }

    chooseOrTakeBack(value) {
        return this.choose(value === this.value ? "" : value);
    }
}

export const choiceField = {
    component: ChoiceField,
    supportedTypes: ["char"],
    extractProps: ({ options }) => ({
        choices: options.choices,
        method: options.method,
        asButtons: options.buttons || false,
        fixed: options.fixed || false,
    }),
    fieldDependencies: ({ options }) => [{ name: options.choices, type: "json", readonly: true }],
};

registry.category("fields").add("ttcs_choice", choiceField);
