--- A word to the user about what became of a job, where that isn't plain to see. The server itself has a message for
--- a job that failed or that it cancelled.

local say = require("pillion.say")

local M = {}

local EVERY_EDIT = "^you review every edit%.?$"

---@param job pillion.Job
local function say_refused(job)
  local why = job.reason:gsub("^the edit was refused", "refused")
  say.to_user(job.title, why, " :PillionRefused", vim.log.levels.WARN)
end

---@param job pillion.Job
local function say_offered(job)
  local shown = require("pillion.review").shown(job.id)
  if shown == "beside" and job.review then
    -- The line above it names the keys. Who reviews every edit knows why it waits; the others are told.
    if not job.reason:find(EVERY_EDIT) then
      say.to_user(job.title, (job.reason:gsub("%.$", "")), "", vim.log.levels.WARN)
    end
    return
  end
  local chosen = require("pillion.keys").chosen()
  local how = ("; %s accepts, %s rejects"):format(chosen.accept, chosen.reject)
  local what = job.review and shown and "it waits" or "the edit waits: " .. job.reason:gsub("%.$", "")
  say.to_user(job.title, what, shown and how or ". :PillionDrafts opens it.", vim.log.levels.WARN)
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

-- A draft that the user rejects is refused too, and has no reason.
local NEEDS_REASON = { refused = true, offered = true }
local SAYS = { refused = say_refused, offered = say_offered, applied = say_applied }

--- Says it once, and again only if there is something new.
---@param job pillion.Job
local function update(job)
  local reason = job.reason or ""
  local news = job.state .. reason
  if SAYS[job.state] and job.said ~= news and (reason ~= "" or not NEEDS_REASON[job.state]) then
    job.said = news
    SAYS[job.state](job)
  end
end

function M.setup()
  require("pillion.jobs").on_change(update)
end

return M
