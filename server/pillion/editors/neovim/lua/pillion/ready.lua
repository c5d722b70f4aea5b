--- Keeps what the user asks for while a server starts, and does it once the server has started.

local say = require("pillion.say")

local M = {}

-- How long to wait for a start before the user is told to check.
local WAIT_MS = 30000

---@class pillion.Waiting
---@field bufnr? integer the document; nil: any server will do
---@field run fun(client: vim.lsp.Client)

local waiting = {} ---@type pillion.Waiting[]

--- Tells the user that there is no server to do what they want.
local function say_none()
  say.short("Pillion isn't running for this file.", ":checkhealth pillion says why.", vim.log.levels.WARN)
end

--- Calls `run` with the server of a document; waits for one that starts, and says so.
---@param bufnr? integer nil: any server will do
---@param run fun(client: vim.lsp.Client)
function M.with_client(bufnr, run)
  local server = require("pillion.server")
  local client = server.client(bufnr)
  if client then
    run(client)
    return
  end
  local state = server.state_of(bufnr)
  if state ~= "starting" and state ~= "crashed" then
    say_none()
    return
  end
  local entry = { bufnr = bufnr, run = run }
  table.insert(waiting, entry)
  say.short("Pillion is starting.", "This is done when it is ready.")
  vim.defer_fn(function()
    local before = #waiting
    waiting = vim.tbl_filter(function(each)
      return each ~= entry
    end, waiting)
    if #waiting < before then
      say.short("Pillion didn't start.", ":checkhealth pillion says more.", vim.log.levels.WARN)
    end
  end, WAIT_MS)
end

--- Does the work that has waited for a server, which now has its document.
local function serve()
  local server, left = require("pillion.server"), {}
  local due = {}
  for _, entry in ipairs(waiting) do
    local client = server.client(entry.bufnr)
    if client then
      table.insert(due, { entry.run, client })
    elseif not entry.bufnr or vim.api.nvim_buf_is_valid(entry.bufnr) then
      table.insert(left, entry)
    end
  end
  waiting = left
  for _, each in ipairs(due) do
    each[1](each[2])
  end
end

function M.setup()
  waiting = {}
  local group = vim.api.nvim_create_augroup("pillion.ready", {})
  vim.api.nvim_create_autocmd("LspAttach", { group = group, callback = vim.schedule_wrap(serve) })
end

return M
