--- The user's decision about a draft: accept or reject.

local changes = require("pillion.changes")
local choose = require("pillion.choose")
local jobs = require("pillion.jobs")
local review = require("pillion.review")
local requests = require("pillion.requests")
local say = require("pillion.say")

local M = {}

---@param job pillion.Job
---@return string
local function label(job)
  return ("%s in %s"):format(job.title, vim.fs.basename(vim.uri_to_fname(job.uri)))
end

--- Whether the cursor, which is in the document, is where the draft changes it.
---@param review pillion.Review
---@return boolean
local function is_at_cursor(review)
  if not review.changed then
    return false
  end
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local first = review.changed.start.line
  -- After the change, draft and document are the same.
  local added = vim.api.nvim_buf_line_count(review.bufnr) - vim.api.nvim_buf_line_count(review.source)
  return line >= first and line <= math.max(first, review.changed["end"].line - added)
end

--- The jobs that a command without a name can mean: the one whose draft the cursor is in, else those at the cursor in
--- their document, else those of that document, else those on screen, else those on offer.
---@return pillion.Job[]
local function candidates()
  local here = vim.api.nvim_get_current_buf()
  local on_screen = review.on_screen()
  local tests = {
    function(each)
      return each.bufnr == here
    end,
    function(each)
      return each.source == here and is_at_cursor(each)
    end,
    function(each)
      return each.source == here
    end,
    function()
      return true
    end,
  }
  for _, test in ipairs(tests) do
    local found = vim.tbl_filter(test, on_screen)
    if #found > 0 then
      return vim.tbl_map(function(each)
        return each.job
      end, found)
    end
  end
  return jobs.offered()
end

--- Calls `done` with the intended job; asks the user if it could be one of several.
---@param id? string
---@param done fun(job: pillion.Job)
local function with_job(id, done)
  local found = id and { jobs.get(id) } or candidates()
  if #found == 0 then
    say.short("Pillion has no draft to decide on.", ":PillionDrafts has those kept.")
  elseif #found == 1 then
    done(found[1])
  else
    choose.one(found, "Pillion: which draft?", label, done)
  end
end

---@param job pillion.Job
---@param command string
---@param more? table what the command's argument has besides the job
local function send(job, command, more)
  local argument = vim.tbl_extend("error", { job = job.id }, more or {})
  requests.execute(vim.lsp.get_client_by_id(job.client_id), command, { argument })
end

--- The change of a job's draft that the cursor is on, if its changes are decided on their own.
---@param job pillion.Job
---@return { id: string }?
local function change_at_cursor(job)
  for _, each in ipairs(review.on_screen()) do
    local hunk = each.job.id == job.id and changes.at_cursor(each)
    if hunk then
      return hunk
    end
  end
  return nil
end

--- Decides on the change at the cursor, or else on the whole draft.
---@param id? string
---@param command string
---@param whole fun(id: string)
local function decide_here(id, command, whole)
  with_job(id, function(job)
    local hunk = change_at_cursor(job)
    if hunk then
      send(job, command, { hunk = hunk.id })
    else
      whole(job.id)
    end
  end)
end

---@param job pillion.Job
---@return boolean
local function on_offer(job)
  local now = jobs.get(job.id) -- the user may have taken a while to choose
  return now ~= nil and now.state == "offered"
end

--- Whether there is a draft to decide about.
---@return boolean
function M.is_due()
  return #candidates() > 0
end

--- Shows a draft as a diff beside its document.
function M.show()
  with_job(nil, review.open)
end

--- Applies a draft.
---@param id? string a job; without it, the one that is meant
function M.accept(id)
  with_job(id, function(job)
    if on_offer(job) then
      send(job, "pillion.accept")
    else
      say.short("Pillion: the draft isn't complete yet.")
    end
  end)
end

--- Rejects a draft, or cancels it while the model writes.
---@param id? string
function M.reject(id)
  with_job(id, function(job)
    send(job, on_offer(job) and "pillion.reject" or "pillion.cancel")
  end)
end

--- Accepts the change at the cursor, or else the whole draft.
---@param id? string
function M.accept_change(id)
  decide_here(id, "pillion.accept", M.accept)
end

--- Rejects the change at the cursor, or else the whole draft.
---@param id? string
function M.reject_change(id)
  decide_here(id, "pillion.reject", M.reject)
end

--- Rejects a draft on offer and has another one made, with a word of the user's.
---@param words string asked for if it is empty
function M.again(words)
  with_job(nil, function(job)
    local function send_again(given)
      if not given or vim.trim(given) == "" then
        return
      end
      if on_offer(job) then
        send(job, "pillion.retry", { instruction = vim.trim(given) })
      else
        say.short("Pillion: that draft isn't on offer any more.")
      end
    end
    if words ~= "" then
      send_again(words)
    else
      vim.ui.input({ prompt = "Draft it again, and mind: " }, send_again)
    end
  end)
end

return M
