/**
 * Dates as documents write them: 05/01/2026, never "5 thg 1".
 *
 * Odoo 19 shortens dates unless a field asks for numbers; here every field asks.
 */
import { registry } from "@web/core/registry";
import { dateField, dateRangeField, dateTimeField } from "@web/views/fields/datetime/datetime_field";

function withNumbers(fieldInfo) {
    return { ...fieldInfo, options: { ...fieldInfo.options, numeric: true } };
}

for (const field of [dateField, dateTimeField, dateRangeField]) {
    const { extractProps, listViewWidth } = field;
    field.extractProps = (fieldInfo, dynamicInfo) =>
        extractProps(withNumbers(fieldInfo), dynamicInfo);
    field.listViewWidth = (fieldInfo) => listViewWidth(withNumbers(fieldInfo));
}

const formatters = registry.category("formatters");
for (const type of ["date", "datetime"]) {
    const format = formatters.get(type);
    const numeric = (value, options = {}) => format(value, { ...options, numeric: true });
    numeric.extractOptions = format.extractOptions;
    formatters.add(type, numeric, { force: true });
}
