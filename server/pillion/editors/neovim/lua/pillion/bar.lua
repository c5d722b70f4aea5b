--- The line above a draft: what the user can do comes first, since text that doesn't fit is cut from the end.

local changes = require("pillion.changes")
local keys = require("pillion.keys")
local say = require("pillion.say")
local windows = require("pillion.windows")

local M = {}

local EVERY_EDIT = "^you review every edit%.?$"

--- A job's progress, as far as there is room: parts are left out one by one, from the end.
---@param text string
---@param room integer
---@return string
function M.parts(text, room)
  local parts = vim.split(text, " · ", { plain = true })
  while #parts > 1 and vim.fn.strdisplaywidth(table.concat(parts, " · ")) > room do
    table.remove(parts)
  end
  return say.fitted(table.concat(parts, " · "), room)
end

---@param review pillion.Review
---@param here boolean whether the cursor is in the draft
---@return string
local function what_can_be_done(review, here)
  local chosen = keys.chosen()
  if review.job.state ~= "offered" then
    return ("%s cancels"):format(chosen.reject)
  end
  local words = changes.words(review, chosen.accept, chosen.reject)
  return here and ("%s · %s leaves it"):format(words, chosen.close) or words
end

--- A job's progress in few words.
---@param job pillion.Job
---@return string
function M.doing(job)
  if job.doing and job.doing ~= "" then
    return job.doing
  end
  local rate = ("%d tokens · %.0f tokens/s"):format(job.tokens or 0, job.tokens_per_s or 0)
  return job.endpoint and ("%s · %s"):format(job.endpoint, rate) or job.state
end

--- Why a draft waits; nil if it doesn't wait, or if the user reviews every edit and so knows why.
---@param job pillion.Job
---@return string?
function M.why(job)
  local reason = job.reason or ""
  if job.state ~= "offered" or reason == "" or reason:find(EVERY_EDIT) then
    return nil
  end
  return (reason:gsub("%.$", ""))
end

--- The line above a draft's document: that it is the document, or why the draft isn't in it yet.
---@param review pillion.Review
local function show_why(review)
  if not windows.shows(review.original, review.source) then
    return
  end
  local why, room = M.why(review.job), vim.api.nvim_win_get_width(review.original)
  local text = why and "it waits: " .. why or "as it is now"
  if vim.fn.strdisplaywidth(text) > room then
    local more = " :PillionFinding"
    text = say.fitted(text, room - #more) .. more
  end
  windows.set_winbar(review.original, text)
end

--- Says in a draft's window what it is and what the user can do. The keys work in the document too.
---@param review pillion.Review
function M.show(review)
  if not windows.shows(review.window, review.bufnr) then
    return
  end
  local job, room = review.job, vim.api.nvim_win_get_width(review.window)
  local can = what_can_be_done(review, vim.api.nvim_get_current_win() == review.window)
  local title = job.title:gsub("^Pillion: ", "")
  local found = (job.findings or 0) > 0 and " · " .. say.counted(job.findings, "finding") or ""
  local more = title .. found
  if job.state ~= "offered" then
    more = M.doing(job) .. " · " .. title
  end
  local left = room - vim.fn.strdisplaywidth(can) - 3
  local text = left > 8 and ("%s │ %s"):format(can, M.parts(more, left)) or say.fitted(can, room)
  windows.set_winbar(review.window, text)
  show_why(review)
end

return M
