--- Answers in words: a floating window that fills while the model writes.

local floats = require("pillion.floats")
local markdown = require("pillion.markdown")
local windows = require("pillion.windows")

local M = {}

local close_key = "q"
local open = {} ---@type table<string, pillion.Float>

---@param job pillion.Job
local function create(job)
  local source = vim.uri_to_bufnr(job.uri)
  local bufnr = windows.scratch(("pillion://answer/%s"):format(job.id), "markdown", source)
  -- If the user types on, or has gone elsewhere, the cursor stays there.
  local enter = vim.api.nvim_get_mode().mode == "n" and vim.api.nvim_get_current_buf() == source
  open[job.id] = floats.open(bufnr, job.title, enter, close_key)
end

-- The words below an incomplete answer, and in its title.
local ENDS = { cancelled = "cancelled", failed = "broke off" }

--- Marks an answer that ended too early, so that nobody takes it for complete. A block of code in it is closed first.
---@param text string
---@param how string
---@return string
local function cut_off(text, how)
  local _, fences = ("\n" .. text):gsub("\n%s*```", "")
  return ("%s%s\n\n*(%s: this isn't all of it)*"):format(text, fences % 2 == 1 and "\n```" or "", how)
end

---@param job pillion.Job
local function update(job)
  if job.output ~= "prose" and not job.prose then
    return
  end
  local complete = job.state == "ready"
  local text = vim.trim(complete and job.prose or job.words)
  if not open[job.id] then
    if text == "" or vim.fn.getcmdwintype() ~= "" then
      return
    end
    create(job)
  end
  local view = open[job.id]
  if not vim.api.nvim_buf_is_valid(view.bufnr) then
    return -- the user has closed it; it stays closed
  end
  local how = ENDS[job.state]
  if how then
    text, complete = cut_off(text, how), true
    view.title = ("%s (%s)"):format(job.title, how)
  end
  if windows.set_lines(view.bufnr, windows.lines_of(text)) or complete then
    markdown.render(view.bufnr)
    floats.fit(view, complete)
  end
end

---@param keys { close: string }
function M.setup(keys)
  close_key = keys.close
  open = {}
  require("pillion.jobs").on_change(update)
end

return M
