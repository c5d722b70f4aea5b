--- Shows an applied edit: its lines are marked for some seconds, and it can be taken back.

local requests = require("pillion.requests")
local say = require("pillion.say")

local M = {}

local SHOWN_MS = 8000
local namespace = vim.api.nvim_create_namespace("pillion.applied")

local marked = {} ---@type table<integer, integer> buffer → its changedtick when the lines were marked
local shown = {} ---@type table<string, boolean> the jobs whose edits were marked or taken back

---@param bufnr integer
local function clear(bufnr)
  marked[bufnr] = nil
  if vim.api.nvim_buf_is_valid(bufnr) then
    vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  end
end

---@param bufnr integer
---@param range lsp.Range
local function mark(bufnr, range)
  local last = range["end"].line
  -- A range that ends at the start of a line doesn't include that line.
  if range["end"].character == 0 and last > range.start.line then
    last = last - 1
  end
  for line = range.start.line, math.min(last, vim.api.nvim_buf_line_count(bufnr) - 1) do
    vim.api.nvim_buf_set_extmark(bufnr, namespace, line, 0, { line_hl_group = "PillionApplied" })
  end
end

---@param job pillion.Job
local function update(job)
  if job.state ~= "applied" or not job.applied or shown[job.id] then
    return
  end
  shown[job.id] = true
  local bufnr = vim.uri_to_bufnr(job.uri)
  local version = job.applied.version
  -- If the user has typed since, other lines may be there.
  if not vim.api.nvim_buf_is_loaded(bufnr) or (version and vim.lsp.util.buf_versions[bufnr] ~= version) then
    return
  end
  clear(bufnr)
  for _, range in ipairs(job.applied.ranges) do
    mark(bufnr, range)
  end
  local tick = vim.api.nvim_buf_get_changedtick(bufnr)
  marked[bufnr] = tick
  vim.defer_fn(function()
    if marked[bufnr] == tick then
      clear(bufnr)
    end
  end, SHOWN_MS)
end

---@param job pillion.Job
---@return boolean
function M.can_undo(job)
  return job.state == "applied" and job.applied ~= nil and job.applied.undo
end

--- Takes the last applied edit back; later typing stays.
function M.undo()
  local job = require("pillion.jobs").newest(M.can_undo)
  if not job then
    say.short("Pillion: there is no applied edit to take back.")
    return
  end
  requests.execute(vim.lsp.get_client_by_id(job.client_id), "pillion.undo", { { job = job.id } }, function(result)
    if result.undone then
      job.applied.undo = false
      say.to_user(job.title, "taken back.", "")
    else
      local reason = type(result.reason) == "string" and result.reason or "it can't be taken back"
      reason = reason:gsub("; your editor's own undo.*", "") -- which is named here
      say.to_user(job.title, reason, " · `u` undoes step by step.", vim.log.levels.WARN)
    end
  end)
end

function M.setup()
  marked, shown = {}, {}
  vim.api.nvim_set_hl(0, "PillionApplied", { default = true, link = "DiffAdd" })
  require("pillion.jobs").on_change(update)
  local group = vim.api.nvim_create_augroup("pillion.applied", {})
  vim.api.nvim_create_autocmd({ "TextChanged", "TextChangedI" }, {
    group = group,
    callback = function(event)
      if marked[event.buf] and marked[event.buf] ~= vim.api.nvim_buf_get_changedtick(event.buf) then
        clear(event.buf)
      end
    end,
  })
end

return M
