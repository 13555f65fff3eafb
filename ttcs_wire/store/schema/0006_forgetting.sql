-- Which commands are old enough to be forgotten.
CREATE INDEX command_ended ON ttcs_tele.command (ended_at) WHERE ended_at IS NOT NULL;
