--- The servers' processes, one for each project: how they are started, and started again after a crash.

local choose = require("pillion.choose")
local edits = require("pillion.edits")
local log = require("pillion.log")
local rename = require("pillion.rename")
local say = require("pillion.say")

local M = {}

local NAME = "pillion"
-- The wait before each restart after a crash; after the last one the user has to restart.
local BACKOFF_MS = { 500, 2000, 8000, 30000 }
-- A server that has run this long is healthy: its next crash counts as the first.
local HEALTHY_MS = 60000
-- The longest delay of the user's changes to the server, which makes a late edit again after 50 ms.
local CHANGES_WAIT_MS = 20
-- The exit code that a shell between Neovim and the server gives for a server that was ended by a signal.
local TERMINATED = 128 + 15
-- How much time a server has to end by itself.
local ENDS_WITHIN_MS = 2000

--- A server that runs.
---@class pillion.Server
---@field since_ms integer
---@field restarting boolean whether it is ended only to be started again
---@field endpoints table[]
---@field problems string[] what is wrong with the configuration
---@field version string

--- The crashes of a project's servers, and the planned restart, which is void once a server runs again.
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

--- The server that can take requests, for a document or else any: a server that is being ended can't.
---@param bufnr? integer
---@return vim.lsp.Client?
function M.client(bufnr)
  return vim.iter(vim.lsp.get_clients({ name = NAME, bufnr = bufnr })):find(function(client)
    local server = servers[client.id]
    return server and not server.restarting and not client:is_stopped()
  end)
end

--- Every server that can take requests.
---@return vim.lsp.Client[]
function M.clients()
  return vim.tbl_filter(function(client)
    return servers[client.id] and not servers[client.id].restarting and not client:is_stopped()
  end, vim.lsp.get_clients({ name = NAME }))
end

---@alias pillion.State "off"|"starting"|"running"|"crashed"|"gone"

--- The state of the servers of other buffers.
---@return pillion.State
local function state_elsewhere()
  local restarting = vim.iter(vim.tbl_values(servers)):any(function(server)
    return server.restarting
  end)
  local found = (starting > 0 or restarting) and "starting" or next(servers) and "running" or "off"
  for _, each in pairs(crashes) do
    if each.state == "crashed" then
      return "crashed"
    end
    found = each.state or found
  end
  return found
end

--- The state of this buffer's server; if there is none, the state of the others.
---@return pillion.State
function M.state()
  return M.client(0) and "running" or state_elsewhere()
end

--- The state of a document's server, or of any: "off" if there never is one.
---@param bufnr? integer
---@return pillion.State
function M.state_of(bufnr)
  local config = vim.lsp.config[NAME]
  if not config or (bufnr and not vim.list_contains(config.filetypes, vim.bo[bufnr].filetype)) then
    return "off"
  end
  return M.client(bufnr) and "running" or state_elsewhere()
end

--- The endpoints of every server; each has its own view of them.
---@return table[]
function M.endpoints()
  return vim.iter(vim.tbl_values(servers)):map(function(server)
    return server.endpoints
  end):flatten():totable()
end

--- What is wrong with the configuration of the servers, each once.
---@return string[]
function M.problems()
  local found = {}
  for _, server in pairs(servers) do
    for _, problem in ipairs(server.problems) do
      found[problem] = true
    end
  end
  return vim.tbl_keys(found)
end

--- The version of a client's server.
---@param client_id integer
---@return string?
function M.version(client_id)
  return servers[client_id] and servers[client_id].version
end

--- Starts a server for every buffer that needs one and has none.
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
  return vim.v.exiting == vim.NIL and code ~= TERMINATED and (code ~= 0 or (signal ~= 0 and signal ~= 15))
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
    local what = "Pillion's server ends again and again."
    say.short(what, "See :PillionLog, :PillionRestart.", vim.log.levels.ERROR)
    return
  end
  if own.count == 1 then
    say.short("Pillion's server ended and is started again.", ":PillionLog says why.", vim.log.levels.WARN)
  end
  vim.defer_fn(function()
    if crashes[project] == own and own.state == "crashed" then
      start()
    end
  end, wait_ms)
end

local function on_exit(code, signal, client_id)
  -- Afterwards Neovim doesn't know the client any more.
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
---@param result lsp.InitializeResult
local function on_init(client, result)
  starting = math.max(0, starting - 1)
  servers[client.id] = {
    since_ms = vim.uv.now(),
    restarting = false,
    endpoints = {},
    problems = {},
    version = vim.tbl_get(result, "serverInfo", "version") or "unknown",
  }
  -- Makes the server read the configuration now, so that `pillion/endpoints` reports its mistakes before the first job.
  client:request("workspace/executeCommand", { command = "pillion.endpoints" }, function() end)
  local known = crashes[project_of(client)]
  if known then
    known.state = nil
  end
  changed()
end

---@param options pillion.Options
function M.setup(options)
  local own = { events = true, previews = true, renames = true, pulls = ":PillionPull" }
  own.asks = require("pillion.ask").COMMAND
  vim.lsp.config(NAME, {
    cmd = options.cmd,
    filetypes = options.filetypes,
    root_markers = { ".pillion.toml", ".git" },
    capabilities = edits.CAPABILITIES,
    flags = { debounce_text_changes = CHANGES_WAIT_MS },
    init_options = { pillion = vim.tbl_extend("force", own, options.settings) },
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
          server.endpoints, server.problems = told.endpoints, told.problems
          changed()
        end
      end,
      ["workspace/applyEdit"] = edits.apply,
      ["pillion/chooseName"] = rename.choose,
      ["pillion/rename"] = rename.rename,
      ["window/logMessage"] = function(_, message, context)
        log.keep(message.message)
        return vim.lsp.handlers["window/logMessage"](nil, message, context)
      end,
      ["window/showMessage"] = function(_, message)
        say.from_server(message)
      end,
      ["window/showMessageRequest"] = function(_, message, context)
        local question = { message = choose.prompt((message.message:gsub("%.$", ""))) }
        local asked = vim.tbl_extend("force", message, question)
        return vim.lsp.handlers["window/showMessageRequest"](nil, asked, context)
      end,
    },
  })
  start()
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
      changed()
    end
    client:stop()
    -- A server that doesn't answer is killed; `stop` does nothing more after its request.
    vim.defer_fn(function()
      if vim.lsp.get_client_by_id(client.id) then
        client.rpc.terminate()
      end
    end, ENDS_WITHIN_MS)
  end
end

return M
