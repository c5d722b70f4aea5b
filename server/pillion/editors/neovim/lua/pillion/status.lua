--- The status line's component.

local M = {}

local REDRAW_EVERY_MS = 250
local timer ---@type uv.uv_timer_t?

---@param job pillion.Job
---@return string
local function words_for(job)
  if not job.endpoint then
    return "waiting"
  end
  local drafting = ("%s %.0f tok/s"):format(job.endpoint, job.tokens_per_s or 0)
  if job.state == "auditing" then
    drafting = job.endpoint .. " is done"
  end
  local auditor = job.audit and job.audit.endpoint
  return auditor and ("%s · %s audits"):format(drafting, auditor) or drafting
end

--- The names of the endpoints that are down, each once, however many servers say so.
local function down()
  local names = {}
  for _, endpoint in ipairs(require("pillion.server").endpoints()) do
    if endpoint.state == "down" and not vim.list_contains(names, endpoint.name) then
      table.insert(names, endpoint.name)
    end
  end
  return names
end

---@return string
local function current()
  local server, jobs = require("pillion.server"), require("pillion.jobs")
  local state = server.state()
  if state == "off" then
    return ""
  elseif state == "starting" then
    return "pillion …"
  elseif state ~= "running" then
    return state == "crashed" and "pillion is starting again" or "pillion isn't running"
  end
  local running, offered, gone = jobs.running(), jobs.offered(), down()
  local parts = {}
  if #running > 0 then
    table.insert(parts, words_for(running[#running]) .. (#running > 1 and (" (+%d)"):format(#running - 1) or ""))
  elseif #offered > 0 then
    table.insert(parts, ("%d to review"):format(#offered))
  end
  if #gone > 0 then
    table.insert(parts, table.concat(gone, ", ") .. (#gone == 1 and " is down" or " are down"))
  end
  return #parts > 0 and "pillion: " .. table.concat(parts, " · ") or "pillion ✓"
end

--- What the status line shows.
---@return string
function M.text()
  -- Names come from elsewhere: nothing that a status line would evaluate is left in them.
  return (current():gsub("[%c%%]", ""))
end

--- Draws the status line anew, at most four times a second.
local function redraw()
  if timer then
    return
  end
  timer = vim.defer_fn(function()
    timer = nil
    vim.cmd.redrawstatus({ bang = true })
  end, REDRAW_EVERY_MS)
end

function M.setup()
  require("pillion.jobs").on_change(redraw)
  require("pillion.server").on_change(redraw)
end

return M
