//! Rows of the decision table without a real journal, and the order of the rules.

use super::*;

fn row(expected: &str, change: impl FnOnce(&mut Value)) {
    let proposal = proposed(&with(change));
    assert_eq!(said(&proposal), expected, "{:#?}", proposal.why);
}

#[test]
fn the_good_journal_is_upheld_and_each_row_changes_one_thing() {
    row("finished; valid; upheld; ", |_| {});
}

#[test]
fn a_probe_that_raised_before_the_method_is_an_unmet_steady_state_with_a_flag() {
    row("aborted; invalid steady_state_not_met; none; probe_error, rollbacks_not_played", |journal| {
        journal["status"] = json!("failed");
        journal["steady_states"] = json!({"before": raised(), "after": null, "during": []});
        journal["run"] = json!([]);
        journal["rollbacks"] = json!([]);
    });
}

#[test]
fn one_failed_look_of_a_during_method_only_run_is_refuted_without_a_baseline() {
    row("finished; open; refuted; transient_deviation", |journal| {
        journal["steady_states"] =
            json!({"before": null, "after": null, "during": [state(true), state(false), state(true)]});
    });
}

#[test]
fn a_during_method_only_run_that_held_is_upheld_without_a_baseline() {
    row("finished; open; upheld; ", |journal| {
        journal["steady_states"] = json!({"before": null, "after": null, "during": [state(true)]});
    });
}

#[test]
fn a_before_method_only_run_measured_nothing_that_counts() {
    row("finished; invalid data_missing; none; ", |journal| {
        journal["steady_states"]["after"] = Value::Null;
    });
}

#[test]
fn an_after_method_only_run_has_no_baseline() {
    row("finished; open; upheld; ", |journal| {
        journal["steady_states"]["before"] = Value::Null;
    });
    row("finished; open; refuted; ", |journal| {
        journal["steady_states"] = json!({"before": null, "after": state(false), "during": []});
        journal["deviated"] = json!(true);
    });
}

#[test]
fn a_signal_swallowed_by_a_python_action_is_a_failed_action() {
    // The provider catches the signal: the run is "completed" and the last action failed.
    row("finished; open; upheld; failed_action", |journal| {
        let sleep = json!({"type": "action", "name": "sleep", "provider": {"type": "python", "module": "time", "func": "sleep"}});
        journal["experiment"]["method"] = json!([action("restart"), sleep.clone()]);
        journal["run"] = json!([done(action("restart")), result(sleep, "failed")]);
    });
    row("finished; invalid fault_not_shown; none; failed_action", |journal| {
        journal["run"][0]["status"] = json!("failed");
    });
}

#[test]
fn a_run_without_pauses_is_a_real_run_and_other_dry_runs_are_not() {
    row("finished; valid; upheld; ", |journal| {
        journal["experiment"]["dry"] = json!("pause");
    });
    row("finished; valid; upheld; ", |journal| {
        journal["experiment"]["dry"] = json!(false);
    });
    for dry in ["actions", "probes", "activities"] {
        row("finished; invalid fault_not_shown; none; dry_run", |journal| journal["experiment"]["dry"] = json!(dry));
    }
    for dry in [json!("everything"), json!(true), json!({"mode": "pause"})] {
        row("finished; open; inconclusive; unknown_value", |journal| {
            journal["experiment"]["dry"] = dry;
        });
    }
}

#[test]
fn a_method_without_a_done_action_shows_no_fault() {
    row("finished; invalid fault_not_shown; none; ", |journal| {
        journal["experiment"]["method"] = json!([]);
        journal["run"] = json!([]);
    });
    row("finished; invalid fault_not_shown; none; ", |journal| {
        journal["experiment"]["method"] = json!([probe()]);
        journal["run"] = json!([done(probe())]);
    });
    row("finished; invalid fault_not_shown; none; hypothesis_not_met, failed_action", |journal| {
        journal["run"][0]["status"] = json!("failed");
        journal["deviated"] = json!(true);
        journal["steady_states"]["after"] = state(false);
    });
}

#[test]
fn old_versions_called_an_unmet_gate_and_a_deviation_failed() {
    row("aborted; invalid steady_state_not_met; none; ", |journal| {
        journal["chaoslib-version"] = json!("1.34.1");
        journal["status"] = json!("failed");
        journal["steady_states"] = json!({"before": state(false), "after": null});
        journal["run"] = json!([]);
    });
    row("finished; valid; refuted; rollbacks_not_played", |journal| {
        journal["chaoslib-version"] = json!("1.34.1");
        journal["status"] = json!("failed");
        journal["deviated"] = json!(true);
        journal["steady_states"]["after"] = state(false);
        journal["rollbacks"] = json!([]);
    });
}

#[test]
fn an_old_probe_without_its_own_answer_follows_the_conclusion() {
    let journal = with(|journal| {
        for phase in ["before", "after"] {
            journal["steady_states"][phase]["probes"][0].as_object_mut().unwrap().remove("tolerance_met");
        }
    });
    let proposal = proposed(&journal);
    assert_eq!(said(&proposal), "finished; valid; upheld; ");
    assert!(proposal.checks.iter().all(|check| check.outcome == Outcome::Held));
}

#[test]
fn fail_fast_that_recovered_is_a_transient_deviation() {
    row("finished; valid; refuted; transient_deviation, rollbacks_not_played", |journal| {
        journal["status"] = json!("failed");
        journal["steady_states"]["during"] = json!([state(false)]);
        journal["rollbacks"] = json!([]);
    });
}

#[test]
fn a_deviation_seen_only_during_the_method_rests_on_a_value_not_on_an_error() {
    row("finished; open; refuted; probe_error, transient_deviation", |journal| {
        journal["steady_states"]["during"] = json!([state(true), raised()]);
    });
    row("finished; valid; refuted; transient_deviation", |journal| {
        journal["steady_states"]["during"] = json!([raised(), state(false)]);
    });
}

#[test]
fn the_first_rule_that_matches_wins() {
    // A journal to which all rules but the last apply, then without the first, and so on.
    let mut journal = with(|journal| {
        journal["status"] = json!("interrupted");
        journal["experiment"]["dry"] = json!("actions");
        journal["deviated"] = json!(true);
        journal["steady_states"] = json!({"before": state(false), "after": state(false), "during": [state(false)]});
    });
    let mut expect = |expected: &str, change: &dyn Fn(&mut Value)| {
        change(&mut journal);
        assert_eq!(said(&proposed(&journal)), expected);
    };
    expect("aborted; open; none; hypothesis_not_met", &|_| {});
    expect("aborted; invalid tool_failed; none; hypothesis_not_met", &|journal| journal["status"] = json!("aborted"));
    expect("finished; invalid fault_not_shown; none; hypothesis_not_met, dry_run", &|journal| {
        journal["status"] = json!("completed");
    });
    expect("aborted; invalid steady_state_not_met; none; ", &|journal| journal["experiment"]["dry"] = Value::Null);
    expect("finished; valid; refuted; ", &|journal| {
        journal["steady_states"]["before"] = state(true);
    });
    expect("finished; valid; refuted; transient_deviation", &|journal| {
        journal["deviated"] = json!(false);
        journal["steady_states"]["after"] = state(true);
    });
    expect("finished; valid; upheld; ", &|journal| {
        journal["steady_states"]["during"] = json!([]);
    });
    expect("finished; invalid data_missing; none; ", &|journal| {
        journal["steady_states"]["after"] = Value::Null;
    });
    expect("finished; open; inconclusive; exploration", &|journal| {
        journal["steady_states"]["before"] = Value::Null;
    });
}

#[test]
fn a_hypothesis_seen_not_met_is_kept_when_the_run_broke() {
    let proposal = proposed(&with(|journal| {
        journal["status"] = json!("interrupted");
        journal["steady_states"]["after"] = Value::Null;
        journal["steady_states"]["during"] = json!([state(true), state(false)]);
    }));
    assert_eq!(said(&proposal), "aborted; open; none; hypothesis_not_met");
    assert_eq!(proposal.flags[0].text, "The hypothesis was seen not met during the method.");
}

#[test]
fn an_unknown_value_is_never_a_pass() {
    row("finished; open; inconclusive; unknown_value", |journal| {
        journal["status"] = json!("sparkling");
    });
    row("finished; open; inconclusive; ", |journal| {
        journal["status"] = json!("failed");
    });
    row("finished; open; inconclusive; ", |journal| {
        journal["steady_states"]["after"]["steady_state_met"] = Value::Null;
    });
    row("finished; open; inconclusive; ", |journal| {
        journal["steady_states"]["after"]["steady_state_met"] = json!("yes");
    });
    row("finished; open; inconclusive; unknown_value", |journal| {
        journal["steady_states"]["after"]["probes"][0]["status"] = json!("skipped");
    });
    row("finished; open; inconclusive; ", |journal| {
        journal["steady_states"]["after"]["probes"][0]["tolerance_met"] = json!(1);
    });
    row("aborted; invalid steady_state_not_met; none; ", |journal| {
        journal["steady_states"]["before"]["steady_state_met"] = Value::Null;
    });
    row("finished; invalid fault_not_shown; none; unknown_value", |journal| {
        journal["run"][0]["status"] = json!("skipped");
    });
    row("finished; invalid fault_not_shown; none; unknown_value", |journal| {
        journal["run"][0]["activity"]["type"] = json!("wish");
    });
    row("finished; open; refuted; unknown_value", |journal| {
        journal["status"] = json!("sparkling");
        journal["deviated"] = json!(true);
    });
}

#[test]
fn a_conclusion_without_a_probe_or_against_one_is_not_believed() {
    row("finished; invalid data_missing; none; ", |journal| {
        journal["steady_states"]["after"]["probes"] = json!([]);
    });
    row("finished; open; upheld; ", |journal| {
        journal["steady_states"]["before"]["probes"] = json!([]);
    });
    row("finished; valid; refuted; ", |journal| {
        journal["steady_states"]["after"]["probes"][0]["tolerance_met"] = json!(false);
    });
}

#[test]
fn an_action_without_status_leaves_validity_open_and_a_probe_does_not() {
    let cut = |activity: Value| {
        let mut cut = result(activity, "");
        cut.as_object_mut().unwrap().remove("status");
        cut
    };
    row("finished; open; upheld; missing_status", |journal| {
        journal["experiment"]["method"] = json!([action("restart"), action("second")]);
        journal["run"] = json!([done(action("restart")), cut(action("second"))]);
    });
    row("finished; valid; upheld; failed_probe, missing_status", |journal| {
        journal["experiment"]["method"] = json!([action("restart"), probe(), {"ref": "ingest"}]);
        journal["run"] = json!([done(action("restart")), cut(probe()), result(probe(), "failed")]);
    });
}

#[test]
fn flags_tell_what_failed_and_what_a_dry_run_left_out() {
    let text = |change: &dyn Fn(&mut Value)| proposed(&with(change)).flags[0].text.clone();
    let failing = |error: Value| {
        move |journal: &mut Value| {
            journal["run"] = json!([result(action("a"), "failed"), result(action("b"), "failed")]);
            journal["experiment"]["method"] = json!([action("a"), action("b")]);
            journal["run"][0]["exception"] = error.clone();
        }
    };
    assert_eq!(
        text(&failing(json!(["Traceback", "it broke.\n", " "]))),
        "\"a\", \"b\" failed. The first says: it broke."
    );
    assert_eq!(text(&failing(json!(7))), "\"a\", \"b\" failed.");
    let dry = |word: &'static str| move |journal: &mut Value| journal["experiment"]["dry"] = json!(word);
    assert_eq!(text(&dry("probes")), "It was a dry run of probes: actions were carried out, but nothing was measured.");
    assert_eq!(text(&dry("actions")), "It was a dry run of actions: none was carried out.");
    let seen = text(&|journal| {
        journal["status"] = json!("aborted");
        journal["steady_states"] = json!({"before": state(false), "during": [raised()], "after": state(false)});
    });
    assert_eq!(seen, "The hypothesis was seen not met before and during and after the method.");
    let probe_error = text(&|journal| journal["steady_states"]["before"] = raised());
    assert_eq!(probe_error, "The probe \"ingest\" gave no value: connection refused.");
}

#[test]
fn an_activity_of_unknown_kind_may_be_an_action_that_failed() {
    row("finished; open; upheld; failed_action, unknown_value", |journal| {
        let odd = json!({"type": "wish", "name": "odd"});
        journal["experiment"]["method"] = json!([action("restart"), odd.clone()]);
        journal["run"] = json!([done(action("restart")), result(odd, "failed")]);
    });
}

#[test]
fn activities_and_rollbacks_without_a_result_are_counted_by_name() {
    let proposal = proposed(&with(|journal| {
        journal["experiment"]["method"] = json!([action("restart"), action("restart"), {"ref": "ingest"}]);
        journal["experiment"]["rollbacks"] = json!([action("undo"), action("tidy")]);
    }));
    assert_eq!(said(&proposal), "finished; valid; upheld; method_cut_short, rollbacks_not_played");
    assert_eq!(proposal.flags[0].text, "2 of 3 activities of the method have no result: \"restart\", \"ingest\".");
    assert_eq!(proposal.flags[1].text, "1 of 2 rollbacks were not played: \"tidy\".");
}
