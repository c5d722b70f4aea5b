--- A message about the outcome of a job, if the user can't see it otherwise. The server itself has a message for
--- a job that failed or that it cancelled.

local say = require("pillion.say")

local M = {}

---@param job pillion.Job
local function say_refused(job)
  if (job.reason or "") == "" then
    say.to_user(job.title, "rejected; nothing was changed", "") -- by the user, for whom this confirms it
    return
  end
  local why = job.reason:gsub("^the edit was refused", "refused")
  say.to_user(job.title, why, " :PillionRefused", vim.log.levels.WARN)
end

--- A shown draft names the keys by itself, so this message has room for why it waits.
---@param job pillion.Job
local function say_offered(job)
  local shown, why = require("pillion.review").shown(job.id), require("pillion.bar").why(job)
  local level = vim.log.levels.WARN
  if not shown then
    local reason = job.reason:gsub("%.$", "")
    say.to_user(job.title, "it waits: " .. reason, " · :PillionDrafts", level)
  elseif why then
    say.to_user(job.title, why, "", level)
  elseif shown == "inplace" then
    local chosen = require("pillion.keys").chosen()
    say.to_user(job.title, "it waits", ("; %s accepts, %s rejects"):format(chosen.accept, chosen.reject), level)
  end
end

---@param job pillion.Job
local function say_applied(job)
  local applied = job.applied
  if not applied then
    return
  end
  local found = (job.findings or 0) > 0 and ", " .. say.counted(job.findings, "finding") or ""
  local what = ("applied: %s%s"):format(say.counted(applied.lines, "line"), found)
  local after = applied.undo and " · :PillionUndo" or ""
  say.to_user(job.title, what, after)
end

local SAYS = { refused = say_refused, offered = say_offered, applied = say_applied }

--- Shows the message once, and again only if there is something new.
---@param job pillion.Job
local function update(job)
  local reason = job.reason or ""
  local news = job.state .. reason
  if SAYS[job.state] and job.said ~= news and (reason ~= "" or job.state ~= "offered") then
    job.said = news
    SAYS[job.state](job)
  end
end

function M.setup()
  require("pillion.jobs").on_change(update)
end

return M
