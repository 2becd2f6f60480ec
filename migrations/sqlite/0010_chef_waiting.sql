-- Runs of Chef that wait for a mapping: by node for what a mapping names and for the list of nodes, and
-- newest first. And the failed ones, which are few.
create index chef_converges_waiting_node on chef_converges (node, ended_at, status) where mapped = false;
create index chef_converges_waiting on chef_converges (ended_at, run) where mapped = false;
create index chef_converges_failed on chef_converges (ended_at) where status = 'failure';
