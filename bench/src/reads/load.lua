-- One run after another, in an order that jumps.
local paths, n = {}, 0

function init(args)
  local folder, last = args[1], tonumber(args[2])
  for i = 1, 4096 do
    paths[i] = wrk.format("GET", folder .. "/" .. (i * 7919 % last + 1))
  end
end

function request()
  n = n % #paths + 1
  return paths[n]
end
