--- `:checkhealth pillion`.

local M = {}

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
    local project = client.root_dir or "files of no project"
    health.ok(("It runs for %s; it has %d file(s)."):format(project, vim.tbl_count(client.attached_buffers)))
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
  for _, endpoint in ipairs(require("pillion.server").endpoints()) do
    local words = ("%s (%s) is %s"):format(endpoint.name, endpoint.model, endpoint.state)
    if endpoint.state == "down" then
      health.warn(words, type(endpoint.reason) == "string" and endpoint.reason or nil)
    elseif endpoint.state == "idle" and type(endpoint.tokens_per_s) ~= "number" then
      health.info(words .. ": no speed is known yet")
    else
      health.ok(words)
    end
  end
end

return M
