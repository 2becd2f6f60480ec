-- Which topics there were when somebody chose, on PostgreSQL: one that came later is told as everybody begins with it. The
-- server before this one knows those that stand here.
alter table notice_choices add column known text not null default
    'plan.review_requested plan.approved plan.changes_asked run.planned run.soon run.started run.aborted run.ended run.cancelled run.missed run.revert_failed run.verdict_signed finding.written fix.deployed fix.regressed fix.turned fix.rolled_back claim.turned rerun.overdue slot.soon slot.missed risk.expires decision.decided decision.turned webhook.off mentioned digest';

-- When a server that can send e-mail said so last, whichever of them it was.
create table mail_announced (
    id bigint primary key,
    at bigint not null
);
