--- The status line's component.

local bar = require("pillion.bar")
local keys = require("pillion.keys")
local refused = require("pillion.refused")

local M = {}

local REDRAW_EVERY_MS = 250
local timer ---@type uv.uv_timer_t?

-- The room that a status line needs for a file's name.
local OTHERS_WIDTH = 20

--- What the user has to decide about, and how.
---@param count integer
---@return string
local function to_review(count)
  local chosen, bufnr = keys.chosen(), vim.api.nvim_get_current_buf()
  if vim.startswith(vim.api.nvim_buf_get_name(bufnr), keys.DRAFT) then
    return ("%d to review"):format(count) -- the line above the draft says how
  end
  local by_key = ("%s accepts, %s rejects"):format(chosen.accept, chosen.reject)
  local how = keys.are_held(bufnr) and by_key or ":PillionDrafts"
  return ("%d to review (%s)"):format(count, how)
end

--- The names of the endpoints that are down, each once, however many servers report it.
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
    table.insert(parts, (#running > 1 and ("%d jobs, "):format(#running) or "") .. bar.doing(running[#running]))
  elseif #offered > 0 then
    table.insert(parts, to_review(#offered))
  elseif jobs.newest(refused.is_news) then
    table.insert(parts, "refused (:PillionRefused)")
  end
  if #gone > 0 then
    table.insert(parts, 1, table.concat(gone, ", ") .. (#gone == 1 and " is down" or " are down"))
  end
  local room = vim.o.columns - OTHERS_WIDTH - #"pillion: "
  return #parts > 0 and "pillion: " .. bar.parts(table.concat(parts, " · "), room) or "pillion ✓"
end

--- What the status line shows.
---@return string
function M.text()
  -- Names come from elsewhere: everything that a status line would evaluate is removed from them.
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
