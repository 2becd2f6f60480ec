insert into gate_policies
    (id, reserve, at_once_max, steady_state_minutes, rehearsal_days, revisit_on, author, written_at, approved_by, approved_at)
    values (1, '10 %', 2, 15, 90, '2027-05-01', 1, 1793613600000000, 1, 1793613600000000);
