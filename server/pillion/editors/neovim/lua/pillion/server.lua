--- The servers' processes, one for each project: how they are started, asked, and started again after a crash.

local log = require("pillion.log")

local M = {}

local NAME = "pillion"
-- How long each start after a crash is waited for; then the user has to say so.
local BACKOFF_MS = { 500, 2000, 8000, 30000 }
-- A server that has run for so long is a healthy one: the next crash is its first.
local HEALTHY_MS = 60000
-- How the tokens of the downloads' progress begin.
local MODEL_TOKEN = "pillion-model"

--- A server that runs.
---@class pillion.Server
---@field since_ms integer
---@field restarting boolean whether it is ended only to be started again
---@field endpoints table[]

--- The crashes of a project's servers, and what comes of them: nothing any more, once one runs again.
---@class pillion.Crashes
---@field count integer
---@field state? "crashed"|"gone"

local servers = {} ---@type table<integer, pillion.Server> by the client's id
local starting = 0 -- how many have been started and haven't answered yet
local crashes = {} ---@type table<string, pillion.Crashes> by the project's folder
local listeners = {} ---@type fun()[]

--- Calls `listener` whenever the state or the endpoints have changed.
---@param listener fun()
function M.on_change(listener)
  table.insert(listeners, listener)
end

local function changed()
  for _, listener in ipairs(listeners) do
    listener()
  end
end

--- How the server of this buffer does; where there is none, how the others do.
---@return "off"|"starting"|"running"|"crashed"|"gone"
function M.state()
  for id in pairs(servers) do
    if vim.lsp.buf_is_attached(0, id) then
      return "running"
    end
  end
  local found = starting > 0 and "starting" or next(servers) and "running" or "off"
  for _, each in pairs(crashes) do
    if each.state == "crashed" then
      return "crashed"
    end
    found = each.state or found
  end
  return found
end

--- The endpoints of every server; each has its own view of them.
---@return table[]
function M.endpoints()
  return vim.iter(vim.tbl_values(servers)):map(function(server)
    return server.endpoints
  end):flatten():totable()
end

--- Starts a server for every buffer that it is for and that lacks one.
local function start()
  vim.lsp.enable(NAME)
end

---@param client? vim.lsp.Client
---@return string
local function project_of(client)
  return client and client.root_dir or ""
end

---@return boolean whether the process ended by itself: a stop by the user or by Neovim isn't a crash
local function is_crash(code, signal)
  return vim.v.exiting == vim.NIL and (code ~= 0 or (signal ~= 0 and signal ~= 15))
end

---@param project string
---@param server? pillion.Server nil if it never came to run
local function on_crash(project, server)
  local healthy = server and vim.uv.now() - server.since_ms > HEALTHY_MS
  local before = crashes[project] and crashes[project].count or 0
  local own = { count = healthy and 1 or before + 1 }
  local wait_ms = BACKOFF_MS[own.count]
  own.state = wait_ms and "crashed" or "gone"
  crashes[project] = own
  changed()
  if not wait_ms then
    vim.notify("Pillion's server ends again and again. See :PillionLog, then :PillionRestart.", vim.log.levels.ERROR)
    return
  end
  if own.count == 1 then
    vim.notify("Pillion's server has ended and is started again. :PillionLog says more.", vim.log.levels.WARN)
  end
  vim.defer_fn(function()
    if crashes[project] == own and own.state == "crashed" then
      start()
    end
  end, wait_ms)
end

local function on_exit(code, signal, client_id)
  -- Afterwards Neovim knows nothing of the client any more.
  local project = project_of(vim.lsp.get_client_by_id(client_id))
  vim.schedule(function()
    local server = servers[client_id]
    servers[client_id] = nil
    starting = server and starting or math.max(0, starting - 1)
    require("pillion.jobs").forget(client_id)
    if server and server.restarting then
      start()
    elseif is_crash(code, signal) then
      log.keep(("the server ended: exit code %d, signal %d"):format(code, signal))
      on_crash(project, server)
    else
      changed()
    end
  end)
end

---@param client vim.lsp.Client
local function on_init(client)
  starting = math.max(0, starting - 1)
  local server = { since_ms = vim.uv.now(), restarting = false, endpoints = {} }
  servers[client.id] = server
  -- Reads the configuration now, so that mistakes in it are said before the first job.
  client:request("workspace/executeCommand", { command = "pillion.endpoints" }, function(err, told)
    if not err and told ~= vim.NIL then
      server.endpoints = told.endpoints
      changed()
    end
  end)
  local known = crashes[project_of(client)]
  if known then
    known.state = nil
  end
  changed()
end

---@param options pillion.Options
function M.setup(options)
  local own = vim.tbl_extend("force", { events = true, previews = true }, options.settings)
  vim.lsp.config(NAME, {
    cmd = options.cmd,
    filetypes = options.filetypes,
    root_markers = { ".pillion.toml", ".git" },
    init_options = { pillion = own },
    before_init = function()
      starting = starting + 1
      changed()
    end,
    on_exit = on_exit,
    on_init = on_init,
    handlers = {
      ["pillion/job"] = function(_, job, context)
        require("pillion.jobs").receive(job, context.client_id)
      end,
      ["pillion/draft"] = function(_, piece)
        require("pillion.jobs").receive_draft(piece)
      end,
      ["pillion/endpoints"] = function(_, told, context)
        local server = servers[context.client_id]
        if server then
          server.endpoints = told.endpoints
          changed()
        end
      end,
      ["window/logMessage"] = function(_, message, context)
        log.keep(message.message)
        return vim.lsp.handlers["window/logMessage"](nil, message, context)
      end,
      ["window/showMessage"] = function(_, message, context)
        log.keep(message.message)
        return vim.lsp.handlers["window/showMessage"](nil, message, context)
      end,
    },
  })
  start()
end

--- The server of the buffer on screen, or else any.
---@return vim.lsp.Client?
function M.client()
  return vim.lsp.get_clients({ name = NAME, bufnr = 0 })[1] or vim.lsp.get_clients({ name = NAME })[1]
end

---@param client vim.lsp.Client
---@param command string
---@param arguments table
---@param answer fun(result: any) gets nil if there is no result; failures become messages
local function request(client, command, arguments, answer)
  local params = { command = command, arguments = arguments }
  local sent = client:request("workspace/executeCommand", params, function(err, result)
    if err then
      vim.notify("Pillion: " .. err.message, vim.log.levels.WARN)
    end
    answer(not err and result ~= vim.NIL and result or nil)
  end)
  if not sent then
    answer(nil)
  end
end

--- Tells the user that there is no server to do what they want.
function M.say_none()
  if M.state() == "starting" then
    vim.notify("Pillion is starting. Try again in a moment.")
  else
    vim.notify("Pillion isn't running for this file. :checkhealth pillion says why.", vim.log.levels.WARN)
  end
end

--- Has a server execute a command; `done` gets the result, if there is one. Never waits.
---@param client? vim.lsp.Client without one, the user is told so
---@param command string
---@param arguments table
---@param done? fun(result: any)
function M.execute(client, command, arguments, done)
  if not client then
    M.say_none()
    return
  end
  request(client, command, arguments, function(result)
    if done and result ~= nil then
      done(result)
    end
  end)
end

--- Has all servers execute a command; `done` gets their results once every one has answered.
---@param command string
---@param done? fun(answers: { client: vim.lsp.Client, result: any }[])
function M.execute_everywhere(command, done)
  local clients = vim.lsp.get_clients({ name = NAME })
  if #clients == 0 then
    M.say_none()
    return
  end
  local answers, waiting = {}, #clients
  for _, client in ipairs(clients) do
    request(client, command, {}, function(result)
      waiting = waiting - 1
      if result ~= nil then
        table.insert(answers, { client = client, result = result })
      end
      if done and waiting == 0 and #answers > 0 then
        done(answers)
      end
    end)
  end
end

--- Cancels every server's jobs, and downloads with them.
function M.cancel()
  for _, client in ipairs(vim.lsp.get_clients({ name = NAME })) do
    for token in pairs(client.progress.pending) do
      if vim.startswith(tostring(token), MODEL_TOKEN) then
        client:notify("window/workDoneProgress/cancel", { token = token })
      end
    end
  end
  M.execute_everywhere("pillion.cancel")
end

--- Ends the servers and starts them again.
function M.restart()
  crashes = {}
  local clients = vim.lsp.get_clients({ name = NAME })
  if #clients == 0 then
    start()
  end
  for _, client in ipairs(clients) do
    if servers[client.id] then
      servers[client.id].restarting = true
    end
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
