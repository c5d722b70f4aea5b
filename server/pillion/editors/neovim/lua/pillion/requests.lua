--- What the servers are asked to do. Nothing here waits.

local M = {}

local NAME = "pillion"
-- How the tokens of the downloads' progress begin.
local MODEL_TOKEN = "pillion-model"

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
  if require("pillion.server").state() == "starting" then
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

return M
