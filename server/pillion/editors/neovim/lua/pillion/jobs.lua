--- The jobs that the server has reported. Listeners hear of each change.

local M = {}

--- A draft that was refused.
---@class pillion.Attempt
---@field endpoint? string
---@field model? string
---@field reason string
---@field text_file? string

--- A job as `pillion/job` describes it, and more that is known here. `words` are the raw words of the draft so far.
---@class pillion.Job
---@field id string
---@field client_id integer the server whose job it is
---@field action string
---@field state string
---@field uri string
---@field title string
---@field endpoint? string
---@field tokens integer
---@field tokens_per_s number
---@field findings integer
---@field review boolean
---@field output "code" | "fields" | "comments" | "names" | "prose"
---@field reason? string
---@field prose? string
---@field draft_file? string
---@field audit? { endpoint?: string }
---@field doing? string what goes on, in words for the user
---@field attempts? pillion.Attempt[] the drafts that were refused, oldest first
---@field larger? string the endpoint that a try on the large model would use
---@field larger_tier? string
---@field applied? { lines: integer, ranges: lsp.Range[], version?: integer, undo: boolean }
---@field words string
---@field said? string what the user was told last of what became of it
---@field reviewed? boolean whether its review was opened by itself

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
  return FINAL[job.state] or (job.state == "ready" and (job.output == "prose" or job.prose ~= nil))
end

local function tell(job)
  for _, listener in ipairs(listeners) do
    listener(job)
  end
end

--- Takes a `pillion/job`.
---@param told table
---@param client_id integer
function M.receive(told, client_id)
  local known = jobs[told.id]
  if not known then
    table.insert(order, told.id)
    if #order > REMEMBERED then
      jobs[table.remove(order, 1)] = nil
    end
  end
  local own = { client_id = client_id, words = "" }
  if known then
    own.words, own.said, own.reviewed = known.words, known.said, known.reviewed
  end
  local job = vim.tbl_extend("force", plain(told), own)
  if job.state == "queued" or (known and job.endpoint ~= known.endpoint) then
    job.words = ""
  end
  jobs[job.id] = job
  tell(job)
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

--- Every job that isn't over, oldest first.
---@return pillion.Job[]
function M.open()
  local found = {}
  for _, id in ipairs(order) do
    if not M.is_over(jobs[id]) then
      table.insert(found, jobs[id])
    end
  end
  return found
end

--- Every running job, oldest first.
---@return pillion.Job[]
function M.running()
  return vim.tbl_filter(function(job)
    return job.state ~= "offered"
  end, M.open())
end

--- Every draft that waits for accept or reject, oldest first.
---@return pillion.Job[]
function M.offered()
  return vim.tbl_filter(function(job)
    return job.state == "offered"
  end, M.open())
end

--- The newest job of those that pass a test.
---@param test fun(job: pillion.Job): any
---@return pillion.Job?
function M.newest(test)
  return vim.iter(order):rev():map(M.get):find(test)
end

---@param id string
---@return pillion.Job?
function M.get(id)
  return jobs[id]
end

--- A server is gone: there will be no more news of its jobs.
---@param client_id integer
function M.forget(client_id)
  local gone = vim.tbl_filter(function(id)
    return jobs[id].client_id == client_id
  end, order)
  for _, id in ipairs(gone) do
    local job = jobs[id]
    if not M.is_over(job) then
      job.state = "cancelled"
      tell(job)
    end
    jobs[id] = nil
  end
  order = vim.tbl_filter(function(id)
    return jobs[id] ~= nil
  end, order)
end

function M.setup()
  jobs, order, listeners = {}, {}, {}
end

return M
