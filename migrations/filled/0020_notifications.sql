insert into outbox (seq) values (1);
insert into notices (person, topic, kind, object, says, because, at, done_at)
    values (1, 'run.ended', 'run', 'RUN-1', 'RUN-1 ended: Restart one ZooKeeper', 'you are on the run', 1793613600000000, null);
insert into notice_choices (person, text, version) values (1, '{"inbox":["run.ended"],"mail":[],"quiet":null}', 1);
insert into notice_mutes (person, object) values (1, 'RUN-2');
insert into webhooks (text, off_because, created_at, version)
    values ('{"name":"Chat","form":"standard","address":"https://hooks.example.org/retrial","credential":null,"topics":[],"on":true}', null, 1793613600000000, 1);
insert into webhook_secrets (webhook, number, made_with, made_at, retired_at) select id, 1, '0123456789abcdef', 1793613600000000, null from webhooks;
insert into deliveries (target, message, topic, body, at, due_at, delivered_at, dropped_at)
    values ('webhook:1', 'msg_0123456789abcdef0123456789abcdef', 'run.ended', '{"type":"run.ended"}', 1793613600000000, 1793613600000000, null, null);
insert into delivery_tries (delivery, number, at, says) select id, 1, 1793613605000000, 'answers with 500' from deliveries;
insert into delivery_turns (target, claimed_until, failures, next_at) values ('webhook:1', null, 1, 1793613610000000);
