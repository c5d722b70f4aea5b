--- The servers' messages in this session, for `:PillionLog`.

local M = {}

local MOST_LINES = 1000
M.lines = {} ---@type string[]

---@param line string
function M.keep(line)
  table.insert(M.lines, os.date("%H:%M:%S ") .. line)
  if #M.lines > MOST_LINES then
    table.remove(M.lines, 1)
  end
end

return M
