//! What is to be tried wider has to be affordable as it is.

use notebook::retrials;

use crate::{
    gate,
    lab::{Lab, Trial},
    slos,
};

each_db!(s_d6_widening_is_offered_while_the_budgets_hold_the_worst_case_and_their_reserve, book => {
    let lab = Lab::open(book).await;
    gate::five_instances(&lab).await;
    // A thousand are allowed, of which a hundred are kept back; the plan may cost 35.
    let slo = slos::approved(&lab, &slos::promised("at least 99.9 %"), 1_000_000, 0).await;
    let experiment = lab.approved(&gate::plan("production")).await;
    lab.run(experiment, Trial::default()).await;
    for (bad, expected) in [(100, true), (950, false), (2_000, false), (300, true)] {
        slos::correct(&lab.ana, slo, 1_000_000, bad).await;
        let offered = retrials::acts::graduated(&lab.ana, experiment).await.unwrap();
        assert_eq!((offered.widen, offered.not_widened.is_none()), (expected, expected), "{bad} bad: {offered:?}");
        if let Some(says) = offered.not_widened {
            assert!(says.contains(&slo.to_string()), "{says}");
        }
    }
});
