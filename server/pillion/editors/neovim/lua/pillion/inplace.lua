--- Reviews in place: a small change that waits is shown in its document, and takes no window.

local bar = require("pillion.bar")
local changes = require("pillion.changes")
local hunks = require("pillion.hunks")
local keys = require("pillion.keys")
local preview = require("pillion.preview")
local say = require("pillion.say")
local windows = require("pillion.windows")

local M = {}

local reviews = {} ---@type table<string, pillion.Review>

--- The lines below the change: why it waits, in full, and on one line what the user can do.
---@param review pillion.Review
---@return string[]
local function hints(review)
  local chosen = keys.chosen()
  local words = ("%s accepts · %s rejects · :PillionReview shows the diff"):format(chosen.accept, chosen.reject)
  if #review.hunks > 1 then
    local alone = "%s accepts the change at the cursor · %s rejects it · :PillionAccept"
    words = alone:format(chosen.accept, chosen.reject)
  end
  local found = (review.job.findings or 0) > 0 and say.counted(review.job.findings, "finding") .. " · " or ""
  local window = windows.showing(review.source)
  local information = window and vim.fn.getwininfo(window)[1]
  local room = information and information.width - information.textoff or vim.o.columns
  local why = bar.why(review.job)
  local lines = why and say.wrapped("it waits: " .. why, room) or {}
  table.insert(lines, say.fitted("▲ " .. found .. words, room))
  return lines
end

---@param review pillion.Review
local function clear(review)
  if vim.api.nvim_buf_is_loaded(review.source) then
    hunks.clear(review.source, review.marks)
  end
  review.marks = {}
end

---@param review pillion.Review
local function close(review)
  if preview.leave(review) then
    reviews[review.job.id] = nil
    clear(review)
  end
end

--- Draws the change as it is now. Once it is too large for that, it is shown beside the document.
---@param review pillion.Review
---@param told table see `pillion.preview`
---@param beside fun(job: pillion.Job)
local function draw(review, told, beside)
  local found = hunks.small(review.source, preview.lines_of(review, told))
  if not found then
    close(review)
    beside(review.job)
    return
  end
  clear(review)
  changes.take(review, told)
  local first, last = found[1], found[#found]
  review.changed = { start = { line = first.start }, ["end"] = { line = last.start + last.removed } }
  review.marks = hunks.draw(review.source, found, hints(review))
end

--- Shows a job's change in its document, which is on screen.
---@param job pillion.Job
---@param beside fun(job: pillion.Job) shows it if it turns out to be large
---@return boolean found false if the document isn't on screen
function M.open(job, beside)
  local source = vim.uri_to_bufnr(job.uri)
  if not windows.showing(source) then
    return false
  end
  local group = vim.api.nvim_create_augroup("pillion.inplace." .. job.id, {})
  local review = { job = job, source = source, bufnr = source, group = group }
  review.marks, review.asking, review.closed = {}, false, false
  reviews[job.id] = review
  vim.api.nvim_create_autocmd("BufUnload", {
    group = group,
    buffer = source,
    callback = vim.schedule_wrap(function()
      review.job.reviewed = false
      close(review)
    end),
  })
  preview.follow(review, function(told)
    draw(review, told, beside)
  end)
  return true
end

--- The review of a job, if its change is shown in its document.
---@param id string
---@return pillion.Review?
function M.of(id)
  return reviews[id]
end

--- Called when something about the job is new.
---@param review pillion.Review
---@param job pillion.Job
function M.update(review, job)
  review.job = job
  review.tick = nil -- the reason to wait may have changed, and is drawn with the change
  if job.state ~= "offered" then
    close(review)
  end
end

M.close = close

function M.setup()
  reviews = {}
  hunks.setup()
end

return M
