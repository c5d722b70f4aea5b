--- The server's process: how it is started, asked, and started again after a crash.

local M = {}

local NAME = "pillion"
-- How long each start after a crash is waited for; then the user has to say so.
local BACKOFF_MS = { 500, 2000, 8000, 30000 }
-- A server that has run for so long is a healthy one: the next crash is its first.
local HEALTHY_MS = 60000
local LOG_LINES = 1000

local crashes = 0
local started_ms = 0
local restarting = false
local listeners = {} ---@type fun()[]
M.logged = {} ---@type string[]
M.state = "off" ---@type "off"|"running"|"crashed"|"gone"
M.endpoints = {} ---@type table[]

--- Calls `listener` whenever the state or the endpoints have changed.
---@param listener fun()
function M.on_change(listener)
  table.insert(listeners, listener)
end

local function changed(state)
  M.state = state or M.state
  for _, listener in ipairs(listeners) do
    listener()
  end
end

---@param line string
local function keep(line)
  table.insert(M.logged, os.date("%H:%M:%S ") .. line)
  if #M.logged > LOG_LINES then
    table.remove(M.logged, 1)
  end
end

--- Starts the server for every buffer that it is for and that lacks one.
local function start()
  started_ms = vim.uv.now()
  vim.lsp.enable(NAME)
end

---@return boolean whether the process ended by itself: a stop by the user or by Neovim isn't a crash
local function is_crash(code, signal)
  return vim.v.exiting == vim.NIL and (code ~= 0 or (signal ~= 0 and signal ~= 15))
end

local function on_exit(code, signal, _)
  vim.schedule(function()
    require("pillion.jobs").forget()
    M.endpoints = {}
    if restarting then
      restarting, crashes = false, 0
      start()
      return
    end
    if not is_crash(code, signal) then
      changed("off")
      return
    end
    keep(("the server ended: exit code %d, signal %d"):format(code, signal))
    crashes = vim.uv.now() - started_ms > HEALTHY_MS and 1 or crashes + 1
    local wait_ms = BACKOFF_MS[crashes]
    if not wait_ms then
      changed("gone")
      vim.notify("Pillion's server ends again and again. See :PillionLog, then :PillionRestart.", vim.log.levels.ERROR)
      return
    end
    changed("crashed")
    if crashes == 1 then
      vim.notify("Pillion's server has ended and is started again. :PillionLog says more.", vim.log.levels.WARN)
    end
    vim.defer_fn(function()
      if M.state == "crashed" then
        start()
      end
    end, wait_ms)
  end)
end

---@param options pillion.Options
function M.setup(options)
  local own = vim.tbl_extend("force", { events = true, previews = true }, options.settings)
  vim.lsp.config(NAME, {
    cmd = options.cmd,
    filetypes = options.filetypes,
    root_markers = { ".pillion.toml", ".git" },
    init_options = { pillion = own },
    on_exit = on_exit,
    on_init = function()
      changed("running")
    end,
    handlers = {
      ["pillion/job"] = function(_, job)
        require("pillion.jobs").receive(job)
      end,
      ["pillion/draft"] = function(_, piece)
        require("pillion.jobs").receive_draft(piece)
      end,
      ["pillion/endpoints"] = function(_, told)
        M.endpoints = told.endpoints
        changed()
      end,
      ["window/logMessage"] = function(_, message, context)
        keep(message.message)
        return vim.lsp.handlers["window/logMessage"](nil, message, context)
      end,
    },
  })
  start()
end

--- The running server: the one of this buffer, or else any.
---@param bufnr? integer
---@return vim.lsp.Client?
function M.client(bufnr)
  return vim.lsp.get_clients({ name = NAME, bufnr = bufnr or 0 })[1] or vim.lsp.get_clients({ name = NAME })[1]
end

--- Has the server execute a command; `done` gets the result. Never waits. Failures become messages.
---@param command string
---@param arguments table
---@param done? fun(result: any)
---@param failed? fun()
function M.execute(command, arguments, done, failed)
  local client = M.client()
  if not client then
    vim.notify("Pillion isn't running for this file. :checkhealth pillion says why.", vim.log.levels.WARN)
    return
  end
  local request = { command = command, arguments = arguments }
  local sent = client:request("workspace/executeCommand", request, function(err, result)
    if err then
      vim.notify("Pillion: " .. err.message, vim.log.levels.WARN)
      if failed then
        failed()
      end
    elseif done then
      done(result ~= vim.NIL and result or nil)
    end
  end)
  if not sent and failed then
    failed()
  end
end

--- Ends the server and starts it again.
function M.restart()
  local clients = vim.lsp.get_clients({ name = NAME })
  if #clients == 0 then
    crashes = 0
    start()
    return
  end
  restarting = true
  for _, client in ipairs(clients) do
    client:stop()
    -- One that doesn't answer is ended.
    vim.defer_fn(function()
      if not client:is_stopped() or vim.lsp.get_client_by_id(client.id) then
        client:stop(true)
      end
    end, 2000)
  end
end

return M
