--- The engines: what each is for, and whether it answers now.

local floats = require("pillion.floats")
local ready = require("pillion.ready")
local requests = require("pillion.requests")
local say = require("pillion.say")

local M = {}

-- Makes the server ask each engine for a sign of life, which costs no tokens.
M.LIVE = { { live = true } }

---@param value any
---@return any
local function given(value)
  return value ~= vim.NIL and value or nil
end

--- The lanes that try an endpoint first, and the lanes that try it after others.
---@param endpoint table
---@return string
function M.lanes(endpoint)
  local first = given(endpoint.first_in) or {}
  local later = vim.tbl_filter(function(lane)
    return not vim.list_contains(first, lane)
  end, endpoint.lanes)
  local parts = {}
  if #first > 0 then
    table.insert(parts, "first for " .. table.concat(first, ", "))
  end
  if #later > 0 then
    table.insert(parts, (given(endpoint.first_in) and "after others for " or "for ") .. table.concat(later, ", "))
  end
  return #parts > 0 and table.concat(parts, "; ") or "for nothing: no lane names it"
end

---@param endpoint table
---@return string[]
local function describe(endpoint)
  local rate = given(endpoint.tokens_per_s) and (" · %.0f tokens/s"):format(endpoint.tokens_per_s) or ""
  local lines = {
    ("**%s: %s**%s"):format(endpoint.name, endpoint.state, rate),
    ("%s · %s · %s"):format(endpoint.model, endpoint.protocol, given(endpoint.url) or endpoint.location),
    M.lanes(endpoint),
  }
  if given(endpoint.reason) then
    table.insert(lines, endpoint.reason)
  end
  table.insert(lines, "")
  return vim.tbl_map(function(line)
    return (line:gsub("%c", " "))
  end, lines)
end

--- Asks each engine for a sign of life, and shows them all.
function M.show()
  if #require("pillion.server").clients() == 0 then
    ready.with_client(nil, M.show) -- this shows its own message; two messages at once would ask for Enter
    return
  end
  say.short("Pillion asks each engine…")
  requests.execute_everywhere("pillion.endpoints", M.LIVE, function(answers)
    local lines = {}
    for _, answer in ipairs(answers) do
      if #answers > 1 then
        local project = answer.client.root_dir or "files of no project"
        vim.list_extend(lines, { (project:gsub("%c", " ")), "" })
      end
      for _, endpoint in ipairs(answer.result.endpoints) do
        vim.list_extend(lines, describe(endpoint))
      end
    end
    table.remove(lines)
    vim.api.nvim_echo({ { "" } }, false, {}) -- no question is open any more
    floats.show("Pillion's engines", lines, "markdown")
  end)
end

return M
