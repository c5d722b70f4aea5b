--- The jobs that the server has told of. Others ask to be told of each change.

local M = {}

--- A job as `pillion/job` says it; see the protocol. `words` are the raw words of the draft so far.
---@class pillion.Job
---@field id string
---@field action string
---@field state string
---@field uri string
---@field title string
---@field endpoint? string
---@field tokens integer
---@field tokens_per_s number
---@field findings integer
---@field review boolean
---@field output "code" | "fields" | "prose"
---@field reason? string
---@field prose? string
---@field draft_file? string
---@field audit? { endpoint?: string }
---@field words string

-- The server itself has a message for the rest; what is reviewed anyway needs none.
local SAID_HERE = { offered = true, refused = true }
local FINAL = { applied = true, refused = true, cancelled = true, failed = true }
local REMEMBERED = 50

local jobs = {} ---@type table<string, pillion.Job>
local order = {} ---@type string[]
local listeners = {} ---@type fun(job: pillion.Job)[]

--- Calls `listener` with a job whenever something about it is new.
---@param listener fun(job: pillion.Job)
function M.on_change(listener)
  table.insert(listeners, listener)
end

---@param value any
local function plain(value)
  if value == vim.NIL then
    return nil
  end
  return type(value) == "table" and vim.tbl_map(plain, value) or value
end

---@param job pillion.Job
---@return boolean
function M.is_over(job)
  return FINAL[job.state] or (job.output == "prose" and job.state == "ready")
end

local function tell(job)
  for _, listener in ipairs(listeners) do
    listener(job)
  end
end

--- A word to the user about how a job ended, where that isn't plain to see.
---@param job pillion.Job
local function say(job)
  if not job.reason or job.said == job.reason then
    return
  end
  job.said = job.reason
  if not SAID_HERE[job.state] or job.review then
    return
  end
  local kept = job.draft_file and (" The draft is kept in " .. job.draft_file) or ""
  vim.notify(("%s: %s%s"):format(job.title, job.reason, kept), vim.log.levels.WARN)
end

--- Takes a `pillion/job`.
---@param told table
function M.receive(told)
  local known = jobs[told.id]
  if not known then
    table.insert(order, told.id)
    if #order > REMEMBERED then
      jobs[table.remove(order, 1)] = nil
    end
  end
  local job = vim.tbl_extend("force", { words = known and known.words or "", said = known and known.said }, plain(told))
  if job.state == "queued" or (known and job.endpoint ~= known.endpoint) then
    job.words = ""
  end
  jobs[job.id] = job
  tell(job)
  say(job)
end

--- Takes a `pillion/draft`.
---@param piece { id: string, text: string }
function M.receive_draft(piece)
  local job = jobs[piece.id]
  if job then
    job.words = job.words .. piece.text
    tell(job)
  end
end

--- Every job that goes on, oldest first.
---@return pillion.Job[]
function M.running()
  local found = {}
  for _, id in ipairs(order) do
    local job = jobs[id]
    if job and not M.is_over(job) and job.state ~= "offered" then
      table.insert(found, job)
    end
  end
  return found
end

--- Every draft that waits for accept or reject, oldest first.
---@return pillion.Job[]
function M.offered()
  return vim.tbl_filter(function(job)
    return job ~= nil and job.state == "offered"
  end, vim.tbl_map(function(id)
    return jobs[id]
  end, order))
end

---@param id string
---@return pillion.Job?
function M.get(id)
  return jobs[id]
end

--- The server is gone: nothing of its jobs will ever be told again.
function M.forget()
  for _, id in ipairs(order) do
    local job = jobs[id]
    if job and not M.is_over(job) then
      job.state = "cancelled"
      tell(job)
    end
  end
  jobs, order = {}, {}
end

function M.setup()
  jobs, order, listeners = {}, {}, {}
end

return M
