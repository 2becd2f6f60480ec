-- Each request observes the next of the running runs, under a key of its own.
local runs, stamp, n = {}, "", 0

function init(args)
  stamp = args[1]
  for i = 2, #args do runs[i - 1] = args[i] end
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  n = n + 1
  wrk.headers["Idempotency-Key"] = stamp .. "-" .. n
  local body = '{"kind":"expected","text":"Test alert ' .. n .. ' from the synthetic sender arrived after 4 s."}'
  return wrk.format("POST", "/api/v1/runs/" .. runs[n % #runs + 1] .. "/observe", nil, body)
end
