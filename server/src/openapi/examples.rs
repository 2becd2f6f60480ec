//! Bodies as somebody would send them, by the operation that takes them.

use serde_json::Value;

/// What an operation could be sent, if it needs fields at all.
pub fn of(operation: &str) -> Option<Value> {
    let (_, text) = EXAMPLES.iter().find(|(known, _)| *known == operation)?;
    serde_json::from_str(text).ok()
}

pub const EXAMPLES: [(&str, &str); 119] = [
    ("people_invite", r#"{ "email": "ben@example.org", "role": "contributor" }"#),
    ("people_rights", r#"{ "role": "contributor", "can_revert": true, "version": 1 }"#),
    (
        "people_set_up",
        r#"{
            "token": "from-the-setup-link",
            "name": "Ana",
            "email": "ana@example.org",
            "password": "correct horse battery"
        }"#,
    ),
    (
        "people_accept",
        r#"{
            "token": "from-the-invitation",
            "name": "Ben",
            "password": "correct horse battery",
            "zone": "Europe/Berlin"
        }"#,
    ),
    ("people_reset_password", r#"{ "token": "from-the-reset-link", "password": "correct horse battery" }"#),
    ("settings_solo", r#"{ "solo": true }"#),
    ("profile_edit", r#"{ "name": "Ana", "zone": "Europe/Berlin", "theme": "dark", "version": 1 }"#),
    ("profile_change_password", r#"{ "old": "correct horse battery", "new": "staple battery horse" }"#),
    ("tokens_make", r#"{ "name": "pipeline", "scope": "ingest", "days": 90 }"#),
    ("inbox_mute", r#"{ "object": "RUN-317" }"#),
    ("inbox_unmute", r#"{ "object": "RUN-317" }"#),
    ("seen_put_aside", r#"{ "object": "RUN-317#o4" }"#),
    (
        "notifications_edit",
        r#"{
            "inbox": ["run.started", "run.aborted", "finding.written"],
            "mail": ["run.aborted"],
            "quiet_from": "22:00",
            "quiet_to": "07:00",
            "version": 0
        }"#,
    ),
    (
        "webhooks_add",
        r#"{
            "name": "Runs for the data platform",
            "form": "standard",
            "address": "https://hooks.example.org/retrial",
            "topics": ["run.started", "run.ended"],
            "on": true
        }"#,
    ),
    (
        "webhooks_edit",
        r#"{
            "name": "Chat",
            "form": "slack",
            "address": "https://hooks.slack.com",
            "credential": "slack-ops",
            "on": true,
            "version": 1
        }"#,
    ),
    (
        "teams_write",
        r#"{
            "name": "Data platform",
            "zone": "Europe/Berlin",
            "monday": "09:00–17:00",
            "tuesday": "09:00–17:00",
            "wednesday": "09:00–17:00",
            "thursday": "09:00–17:00",
            "friday": "09:00–12:00, 13:00–15:00",
            "holidays": ["2026-12-25 Christmas Day", "2027-01-01"]
        }"#,
    ),
    (
        "teams_edit",
        r#"{
            "name": "Data platform",
            "zone": "Asia/Jerusalem",
            "sunday": "09:00–17:00",
            "monday": "09:00–17:00",
            "tuesday": "09:00–17:00",
            "wednesday": "09:00–17:00",
            "thursday": "09:00–17:00",
            "solo": true,
            "version": 1
        }"#,
    ),
    (
        "freezes_set",
        r#"{
            "scope": "environment:production",
            "from": "2026-12-20T00:00:00Z",
            "until": "2027-01-02T00:00:00Z",
            "why": "End of the year"
        }"#,
    ),
    ("views_save", r#"{ "name": "Open findings", "query": "type:finding is:open", "pinned": true }"#),
    ("views_edit", r#"{ "name": "Open findings", "query": "is:open", "team": "data-platform", "version": 1 }"#),
    ("freezes_end", r#"{ "why": "The sale is over" }"#),
    ("services_add", r#"{ "name": "Alerting", "owner": "SRE", "stateful": true, "tier": "1", "needs": ["kafka"] }"#),
    ("services_edit", r#"{ "name": "Alerting", "owner": "Observability", "team": "data-platform", "version": 1 }"#),
    (
        "services_set_targets",
        r#"{
            "rows": [{"name": "zk-1", "environment": "production", "role": "leader"}],
            "version": 1
        }"#,
    ),
    (
        "services_record_change",
        r#"{
            "kind": "deploy",
            "summary": "Kafka 3.9.1",
            "reference": "v3.9.1",
            "environment": "production",
            "services": ["kafka"],
            "at": "2026-11-22T14:03:00Z"
        }"#,
    ),
    ("chef_map", r#"{ "kind": "node", "name": "zk-1", "service": "zookeeper", "environment": "production" }"#),
    ("chef_unmap", r#"{ "kind": "node", "name": "zk-1", "service": "zookeeper" }"#),
    ("environments_add", r#"{ "name": "Production", "class": "production" }"#),
    ("environments_edit", r#"{ "name": "Production EU", "class": "production", "version": 1 }"#),
    (
        "changes_record",
        r#"{
            "kind": "deploy",
            "summary": "Kafka 3.9.1",
            "reference": "v3.9.1",
            "environment": "production",
            "services": ["kafka"],
            "at": "2026-11-22T14:03:00Z"
        }"#,
    ),
    ("changes_mark_irrelevant", r#"{ "reason": "Only comments of the configuration changed" }"#),
    ("changes_mark_relevant", r#"{ "reason": "It restarted the brokers after all" }"#),
    (
        "slos_write",
        r#"{
            "title": "Events are stored",
            "service": "ingest",
            "environment": "production",
            "promise": "What you send us is kept.",
            "measure": "stored events",
            "target": "at least 99.99 % good",
            "window": "rolling",
            "days": 28,
            "method": "occurrences",
            "too_broken": "99 %",
            "level_window": "1 h",
            "source": "push"
        }"#,
    ),
    (
        "slos_edit",
        r#"{
            "title": "Events are stored",
            "service": "ingest",
            "environment": "production",
            "promise": "What you send us is kept, and shown within a minute.",
            "measure": "time until an event is shown",
            "direction": "larger_is_worse",
            "limit": 60,
            "unit": "s",
            "target": "less than 0.1 % bad",
            "window": "month",
            "zone": "Europe/Berlin",
            "method": "time_slices",
            "slice": "5 min",
            "slice_good": "95 %",
            "too_broken": "90 %",
            "version": 1
        }"#,
    ),
    ("slos_approve", r#"{ "version": 1 }"#),
    ("runs_attend", r#"{ "person": 3, "parts": ["observer"], "present": "on" }"#),
    ("runs_answer_gate", r#"{ "check": "revert", "text": "Rehearsed by hand this morning; two of us watched." }"#),
    ("runs_answer_poll", r#"{ "part": "observer", "says": "no_go", "text": "The dashboard of kafka is blank." }"#),
    (
        "runs_look_both_ways",
        r#"{
            "looks": [
                { "look": "incidents", "sight": "clear" },
                { "look": "changes", "sight": "not_clear", "text": "A deploy of ingest until 11:00" }
            ]
        }"#,
    ),
    ("runs_begin_step", r#"{ "number": 1 }"#),
    ("runs_end_step", r#"{ "number": 1 }"#),
    ("runs_tell_exit_code", r#"{ "code": 3, "at": "2026-11-22T14:03:00Z" }"#),
    ("gate_write_policy", r#"{ "reserve": "10 %", "at_once_max": 2, "revisit_on": "2027-05-01", "version": 0 }"#),
    ("gate_approve_policy", r#"{ "version": 1 }"#),
    ("slos_retire", r#"{ "reason": "The service is gone" }"#),
    (
        "slos_measure",
        r#"{
            "rows": [
                { "from": "2026-11-22T13:00:00Z", "to": "2026-11-22T14:00:00Z", "good": 118204, "bad": 3 }
            ]
        }"#,
    ),
    (
        "slos_sign_gap",
        r#"{
            "from": "2026-11-21T00:00:00Z",
            "to": "2026-11-22T00:00:00Z",
            "events": 2800000,
            "reason": "The exporter was down"
        }"#,
    ),
    (
        "slos_write_source",
        r#"{
            "address": "https://prometheus.example.org",
            "counts": "bad",
            "part": "http_requests_total{job=\"ingest\",code=~\"5..\"}",
            "total": "http_requests_total{job=\"ingest\"}",
            "step": "1 min",
            "credential": "prometheus",
            "on": true
        }"#,
    ),
    ("slos_remove_source", r#"{ "reason": "Measurements are pushed now" }"#),
    ("slos_write_honeycomb", r#"{ "dataset": "ingest", "slo": "2LBq9LckbcA", "credential": "honeycomb", "on": true }"#),
    ("slos_remove_honeycomb", r#"{ "reason": "Its team moved to another vendor" }"#),
    ("slos_withdraw_measurement", r#"{ "number": 1, "reason": "Counted twice" }"#),
    (
        "experiments_revise",
        r#"{
            "title": "Restart one ZooKeeper",
            "services": ["zookeeper"],
            "reason": "Alerts get two minutes",
            "version": 2
        }"#,
    ),
    ("experiments_observe", r#"{ "text": "Leader elections take nine seconds.", "at": "-3m" }"#),
    ("experiments_ask_changes", r#"{ "text": "How is the leader told apart?" }"#),
    (
        "experiments_first_observation",
        r#"{
            "service": "Kafka",
            "question": "What happens if one broker stops?",
            "text": "Three brokers, one controller."
        }"#,
    ),
    (
        "experiments_create",
        r#"{
            "title": "Restart one ZooKeeper",
            "if_fault": "one ZooKeeper is restarted",
            "then_behaviour": "internal alerts keep arriving",
            "because_safeguard": "a new leader takes over",
            "services": ["zookeeper"],
            "environment": "production",
            "fault_kind": "process-restart",
            "selector": "role=zookeeper",
            "method": [{"op": "restart"}],
            "checks": [
                {
                    "measure": "alert-gap",
                    "phase": "during",
                    "aggregate": "max",
                    "comparator": "<=",
                    "threshold": 60,
                    "unit": "s"
                }
            ],
            "revert_procedure": "Start the service by hand.",
            "revert_owner": "Ana",
            "revert_deadline": "5 min"
        }"#,
    ),
    ("experiments_retire", r#"{ "reason": "Another experiment covers it" }"#),
    (
        "templates_promote",
        r#"{
            "name": "Restart one node of our quorums",
            "about": "Proved itself on ZooKeeper.",
            "requires": ["quorum"]
        }"#,
    ),
    (
        "templates_renew",
        r#"{ "experiment": "EXP-1", "about": "With a shorter wait.", "requires": ["quorum"], "version": 1 }"#,
    ),
    ("templates_retire", r#"{ "reason": "The tool it was written for is gone" }"#),
    ("templates_reopen", r#"{ "reason": "The tool is back" }"#),
    (
        "runs_plan",
        r#"{
            "experiment": "EXP-1",
            "planned_at": "2026-11-23T10:00",
            "owner": "Ana",
            "targets": [{"name": "zk-1", "hit": true}]
        }"#,
    ),
    (
        "runs_past",
        r#"{ "experiment": "EXP-1", "started_at": "2026-11-22T10:00", "ended_at": "2026-11-22T10:30", "targets": [{ "name": "zk-1", "hit": true }] }"#,
    ),
    ("runs_start", r#"{ "targets": [{"name": "zk-1", "role": "leader", "hit": true}] }"#),
    (
        "cadences_set",
        r#"{
            "unit": "weeks",
            "number": 1,
            "days": ["tuesday"],
            "at": "10:00",
            "zone": "Europe/Berlin",
            "version": 0
        }"#,
    ),
    ("cadences_end", r#"{ "text": "Preemption exercises this every day" }"#),
    ("cadences_skip", r#"{ "date": "2026-11-24", "text": "Release day" }"#),
    (
        "cadences_postpone",
        r#"{ "date": "2026-11-24", "to": "2026-11-25T10:00", "text": "The release needs the morning" }"#,
    ),
    ("cadences_plan", r#"{ "date": "2026-11-24" }"#),
    (
        "gamedays_write",
        r#"{
            "title": "Quorum day",
            "date": "2026-11-24",
            "from": "10:00",
            "until": "13:00",
            "zone": "Europe/Berlin",
            "teams": ["data-platform"],
            "agenda": "10:00 Briefing\n12:30 Debriefing",
            "runs": ["RUN-317", "RUN-318"],
            "owner": 1,
            "observers": [2, 3]
        }"#,
    ),
    (
        "gamedays_edit",
        r#"{
            "title": "Quorum day",
            "date": "2026-11-25",
            "from": "10:00",
            "until": "13:00",
            "runs": ["RUN-317"],
            "version": 1
        }"#,
    ),
    ("gamedays_cancel", r#"{ "why": "The release needs the day" }"#),
    ("gamedays_add_note", r#"{ "text": "The election took nine seconds, see RUN-317" }"#),
    ("subscriptions_subscribe", r#"{ "of": "team:data-platform" }"#),
    ("runs_move_to", r#"{ "planned_at": "2026-11-24T10:00", "text": "The release needs the morning" }"#),
    ("runs_cancel", r#"{ "text": "Release day" }"#),
    ("runs_resolve_targets", r#"{ "targets": [{"name": "zk-1", "hit": true}, {"name": "zk-2"}] }"#),
    ("runs_record_effect", r#"{ "name": "zk-1", "effect": "shown", "evidence": "process id changed" }"#),
    ("runs_observe", r#"{ "text": "Alerts are late\n/unexpected\n/check 1 failed", "at": "-90s" }"#),
    ("runs_pin", r#"{ "observation": 12, "pinned": true }"#),
    (
        "runs_attach_link",
        r#"{ "link": "https://example.org/d/1", "says": "The gap in the alerts", "observation": 12 }"#,
    ),
    (
        "runs_answer_check",
        r#"{
            "check": "alert-gap|during|max",
            "seen": "38 s",
            "source": "customer count",
            "claimed": "ok",
            "claimed_source": "dashboard"
        }"#,
    ),
    ("runs_answer_signal", r#"{ "signal": "zookeeper-down", "seen": "fired", "after_s": "41" }"#),
    ("runs_deviate", r#"{ "text": "Two minutes late" }"#),
    ("runs_abort", r#"{ "reason": "own_effect", "text": "Error rate above 1 %" }"#),
    ("runs_record_lack", r#"{ "fix": "FIX-1", "reason": "The old image was rolled out" }"#),
    ("runs_rule_validity", r#"{ "ruling": "invalid", "reason": "The load was off" }"#),
    ("runs_rule_deviation", r#"{ "number": 1, "ruling": "context", "reason": "It changes nothing" }"#),
    ("runs_sign", r#"{ "verdict": "refuted", "analysis": "The gap was five minutes." }"#),
    ("runs_overrule", r#"{ "verdict": "inconclusive", "reason": "The dashboard was down" }"#),
    (
        "runs_close",
        r#"{
            "decision": "fix_and_rerun",
            "answers": [{"fix": "FIX-1", "finding": "FND-1", "exercised": "held", "reason": "38 s"}]
        }"#,
    ),
    (
        "runs_amend_answer",
        r#"{
            "fix": "FIX-1",
            "finding": "FND-1",
            "exercised": "not",
            "reason": "Another instance was hit"
        }"#,
    ),
    ("runs_fail_revert", r#"{ "text": "The service did not start" }"#),
    ("runs_give_abort_reason", r#"{ "reason": "unrelated", "text": "A release went wrong meanwhile" }"#),
    ("runs_revoke_overruling", r#"{ "text": "The dashboard was right" }"#),
    ("runs_amend", r#"{ "text": "The dashboard was slow, too." }"#),
    (
        "findings_write",
        r#"{
            "title": "Alerts are late after a leader election",
            "severity": "high",
            "origin": "RUN-1",
            "revealing": "check:alert-gap|during|max"
        }"#,
    ),
    ("findings_edit", r#"{ "title": "Alerts are late after an election", "severity": "critical", "version": 1 }"#),
    ("findings_suspect_cause", r#"{ "reason": "The election waits for a timeout", "of": 1 }"#),
    ("findings_confirm_cause", r#"{ "number": 1, "reason": "Seen in the log" }"#),
    ("findings_accept_risk", r#"{ "owner": "Mira", "reason": "Replaced in spring", "until": "2027-03-31" }"#),
    ("findings_mark_duplicate", r#"{ "of": "FND-2" }"#),
    ("findings_dismiss", r#"{ "reason": "The probe was wrong" }"#),
    ("findings_undo", r#"{ "of": "risk_accepted", "reason": "It grew" }"#),
    ("findings_link", r#"{ "of": "FND-2", "number": "related" }"#),
    ("findings_see_again", r#"{ "of": "RUN-2" }"#),
    (
        "fixes_propose",
        r#"{
            "title": "Shorter election timeout",
            "findings": ["FND-1"],
            "links": "https://example.org/pull/7"
        }"#,
    ),
    ("fixes_edit", r#"{ "title": "Much shorter election timeout", "findings": ["FND-1"], "version": 1 }"#),
    ("fixes_deploy", r#"{ "environment": "production", "reference": "v2", "at": "2026-11-22T14:03:00Z" }"#),
    ("fixes_roll_back", r#"{ "number": 1, "text": "Elections flap" }"#),
    ("fixes_withdraw", r#"{ "text": "Another way was found" }"#),
    ("fixes_note_closed_ticket", r#"{ "text": "OPS-7 is done" }"#),
    (
        "decisions_decide",
        r#"{
            "kind": "keep_manual",
            "reason": "Three runs held; the fourth shall be watched, too",
            "claims": ["EXP-1"],
            "review_at": "2027-03-31"
        }"#,
    ),
    ("decisions_stop", r#"{ "reason": "The service is gone" }"#),
    ("decisions_realise_saving", r#"{ "saving": "41 % of the machines' bill in March, from the invoice" }"#),
    (
        "experiments_record_passive",
        r#"{ "held": "yes", "text": "kafka-3 was taken back and came again", "at": "-3m" }"#,
    ),
    ("experiments_rule_out_passive", r#"{ "number": 1, "reason": "It was a drill, and no machine went" }"#),
    ("imports_attach", r#"{ "experiment": "EXP-1", "targets": "zk-1" }"#),
];
