insert into mail_announced (id, at) values (1, 1793613600000000);
