--- Requests to the servers. Nothing here waits.

local ready = require("pillion.ready")
local say = require("pillion.say")

local M = {}

-- How the tokens of the downloads' progress begin.
local MODEL_TOKEN = "pillion-model"

---@param client vim.lsp.Client
---@param command string
---@param arguments table
---@param answer fun(result: any) gets nil if there is no result; failures become messages
local function request(client, command, arguments, answer)
  local params = { command = command, arguments = arguments }
  local sent = client:request("workspace/executeCommand", params, function(err, result)
    if err then
      say.short("Pillion: " .. err.message, nil, vim.log.levels.WARN)
    end
    answer(not err and result ~= vim.NIL and result or nil)
  end)
  if not sent then
    answer(nil)
  end
end

--- Makes a server execute a command; `done` gets the result, if there is one. Never waits.
---@param client? vim.lsp.Client one that is gone is no matter: then any takes its place
---@param command string
---@param arguments table
---@param done? fun(result: any)
function M.execute(client, command, arguments, done)
  local function ask(known)
    request(known, command, arguments, function(result)
      if done and result ~= nil then
        done(result)
      end
    end)
  end
  if client and not client:is_stopped() then
    ask(client)
  else
    ready.with_client(nil, ask)
  end
end

--- Makes all servers execute a command; `done` gets their results once all have answered.
---@param command string
---@param arguments table
---@param done fun(answers: { client: vim.lsp.Client, result: any }[])
function M.execute_everywhere(command, arguments, done)
  local clients = require("pillion.server").clients()
  if #clients == 0 then
    ready.with_client(nil, function()
      M.execute_everywhere(command, arguments, done)
    end)
    return
  end
  local answers, waiting = {}, #clients
  for _, client in ipairs(clients) do
    request(client, command, arguments, function(result)
      waiting = waiting - 1
      if result ~= nil then
        table.insert(answers, { client = client, result = result })
      end
      if waiting == 0 and #answers > 0 then
        done(answers)
      end
    end)
  end
end

--- Cancels every server's jobs, and downloads with them.
function M.cancel()
  local clients = require("pillion.server").clients()
  if #clients == 0 then
    say.short("Pillion: nothing runs.")
  end
  for _, client in ipairs(clients) do
    for token in pairs(client.progress.pending) do
      if vim.startswith(tostring(token), MODEL_TOKEN) then
        client:notify("window/workDoneProgress/cancel", { token = token })
      end
    end
    M.execute(client, "pillion.cancel", {})
  end
end

return M
