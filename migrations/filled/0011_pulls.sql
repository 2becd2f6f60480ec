update slo_pulls set steps = 30 where slo = 1;
