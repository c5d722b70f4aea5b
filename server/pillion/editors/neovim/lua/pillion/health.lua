--- `:checkhealth pillion`.

local M = {}

-- An engine has two seconds or so to answer in.
local ANSWER_WITHIN_MS = 8000

---@param endpoint table
local function say_how_it_does(endpoint)
  local health, lanes = vim.health, require("pillion.endpoints").lanes(endpoint)
  local words = ("%s (%s) is %s: %s"):format(endpoint.name, endpoint.model, endpoint.state, lanes)
  if endpoint.state == "down" then
    local reason = type(endpoint.reason) == "string" and endpoint.reason or "It doesn't answer."
    health.warn(words, { reason, "`pillion config check` reads the configuration; `:PillionEndpoints` asks again." })
  else
    health.ok(words)
  end
end

--- Asks each engine for a sign of life.
---@param client vim.lsp.Client
local function check_endpoints(client)
  local request = { command = "pillion.endpoints", arguments = require("pillion.endpoints").LIVE }
  local answer = client:request_sync("workspace/executeCommand", request, ANSWER_WITHIN_MS)
  if not answer or not answer.result then
    vim.health.warn("The server doesn't say how the engines do.", ":PillionLog says more.")
    return
  end
  for _, endpoint in ipairs(answer.result.endpoints) do
    say_how_it_does(endpoint)
  end
end

function M.check()
  local health = vim.health
  health.start("pillion")
  if vim.fn.has("nvim-0.11.2") == 0 then
    health.error("Neovim 0.11.2 or newer is needed.", "`pillion editor neovim-0.7` prints a setup for older ones.")
    return
  end
  local config = vim.lsp.config.pillion
  if not config then
    health.error("It isn't set up.", 'Call require("pillion").setup().')
    return
  end
  if vim.fn.executable(config.cmd[1]) == 1 then
    health.ok("The server is " .. vim.fn.exepath(config.cmd[1]))
  else
    local what = config.cmd[1] .. " can't be started."
    health.error(what, "Install Pillion, then run `pillion editor neovim --install`.")
  end
  local clients = vim.lsp.get_clients({ name = "pillion" })
  for _, client in ipairs(clients) do
    local files = require("pillion.say").counted(vim.tbl_count(client.attached_buffers), "file")
    local project = client.root_dir or "files of no project"
    health.ok(("It runs for %s; it has %s."):format(project, files))
    local own, version = require("pillion").VERSION, require("pillion.server").version(client.id)
    if version and version ~= own then
      local words = ("The server is version %s, and what Neovim has of Pillion is %s."):format(version, own)
      health.warn(words, "`pillion editor neovim --install` brings it up to date. Then start Neovim again.")
    end
  end
  if #clients == 0 then
    health.info("It doesn't run: it starts with the first file of " .. table.concat(config.filetypes, ", ") .. ".")
  end
  for _, problem in ipairs(require("pillion.server").problems()) do
    health.warn("A mistake in your configuration: " .. problem, "`pillion config check` finds them all.")
  end
  for _, client in ipairs(require("pillion.server").clients()) do
    check_endpoints(client)
  end
end

return M
