-- When somebody last asked the host to report at once, and the latest such request that a report has answered: a report
-- answers what its agent knew of before it began to look.
alter table systems add column report_requested_at bigint;
alter table systems add column report_answered_at bigint;
