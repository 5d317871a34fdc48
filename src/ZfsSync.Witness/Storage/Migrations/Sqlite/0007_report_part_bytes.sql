-- Parts that wait for their others are kept as they came. Those that wait now are sent again.
delete from report_parts;
alter table report_parts drop column body;
alter table report_parts add column body blob not null default x'';
