-- An order of the books makes one command for each of its devices, and never a second one.
CREATE UNIQUE INDEX command_once ON ttcs_tele.command (order_id, device_id);
DROP INDEX ttcs_tele.command_order;
-- Which schedule a device had when: asked each hour for the broadcast log.
CREATE INDEX command_applied ON ttcs_tele.command (device_id, ended_at)
    WHERE operation = 'apply_schedule' AND state = 'done';
