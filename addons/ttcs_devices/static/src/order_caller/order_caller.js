import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Calls the second person wherever in the backend he is. */
export const orderCaller = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(_env, { action, bus_service: bus, notification, orm }) {
        bus.subscribe("ttcs_devices/order_waiting", (order) => {
            const isEarnest = order.is_emergency && !order.is_drill;
            let title = _t("An order waits for you as second person");
            if (order.is_emergency) {
                title = order.is_drill ? _t("DRILL: second person needed") : _t("EMERGENCY: second person needed");
            }
            const close = notification.add(`${order.name} – ${order.agency}`, {
                title,
                type: isEarnest ? "danger" : "warning",
                sticky: true,
                buttons: [
                    {
                        name: _t("Look and decide"),
                        primary: true,
                        onClick: async () => {
                            close();
                            action.doAction(
                                await orm.call("ttcs.device.order", "action_open", [[order.id]])
                            );
                        },
                    },
                ],
            });
        });
        bus.start();
    },
};

registry.category("services").add("ttcs_order_caller", orderCaller);
