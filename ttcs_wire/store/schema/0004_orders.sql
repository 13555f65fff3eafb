-- An order of the books makes one command for each of its devices, and never a second one.
CREATE UNIQUE INDEX command_once ON ttcs_tele.command (order_id, device_id);
DROP INDEX ttcs_tele.command_order;
