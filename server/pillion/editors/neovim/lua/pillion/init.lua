--- Pillion in Neovim 0.11.2 or newer: starts the server, shows what it does, and reviews its drafts.
--- No plugin manager is needed: this folder on the 'runtimepath' and a call of `setup` are enough.

local M = {}

-- Pillion's version, as `pillion --version` prints it.
M.VERSION = "0.2.0"

--- What a user may set. Everything has a default.
---@class pillion.Options
---@field cmd? string[] how the server is started
---@field filetypes? string[] where it is used
---@field review? "always"|"whenFlagged"|"never" which edits wait until you accept them (default: whenFlagged)
---@field settings? table preferences as in config.toml: { hover = { budget_s = 3 }, … }
---@field progress? boolean show what jobs do in the message area (default: true)
---@field findings? boolean show the words of findings below the cursor's line (default: true)
---@field keys? { accept?: string, reject?: string, close?: string } keys in a draft's window

-- These have no default: if the user doesn't set them, config.toml decides.
local WITHOUT_DEFAULT = { "review", "settings" }

---@type pillion.Options
local DEFAULTS = {
  cmd = { "pillion", "serve", "--stdio" },
  filetypes = {
    "python",
    "javascript",
    "javascriptreact",
    "typescript",
    "typescriptreact",
    "go",
    "rust",
    "java",
    "c",
    "cpp",
  },
  progress = true,
  findings = true,
  keys = { accept = "ga", reject = "gR", close = "q" },
}

--- The unknown names in a user's options.
---@param options table
---@return string[]
local function unknown(options)
  local found = {}
  local function look(given, known, prefix)
    for name in pairs(given) do
      if not vim.list_contains(known, name) then
        table.insert(found, prefix .. tostring(name))
      end
    end
  end
  look(options, vim.list_extend(vim.tbl_keys(DEFAULTS), WITHOUT_DEFAULT), "")
  look(type(options.keys) == "table" and options.keys or {}, vim.tbl_keys(DEFAULTS.keys), "keys.")
  table.sort(found)
  return found
end

--- Starts Pillion in this session, for open files and for files that are opened later.
---@param options? pillion.Options
function M.setup(options)
  -- Before 0.11.2, vim.lsp.enable starts nothing for files that are open already.
  if vim.fn.has("nvim-0.11.2") == 0 then
    vim.notify("Pillion needs Neovim 0.11.2; for this one: `pillion editor neovim-0.7`.", vim.log.levels.WARN)
    return
  end
  vim.g.loaded_pillion = true
  local chosen = vim.tbl_deep_extend("force", DEFAULTS, options or {})
  local nothing = unknown(options or {})
  if #nothing > 0 then
    local words = "Pillion has no option " .. table.concat(nothing, ", ") .. "."
    require("pillion.say").short(words, nil, vim.log.levels.WARN)
  end
  -- Only what the user set is sent: anything else would override their own config.toml.
  chosen.settings = vim.tbl_extend("force", chosen.settings or {}, { review = chosen.review })
  require("pillion.jobs").setup()
  require("pillion.ready").setup()
  require("pillion.keys").setup(chosen.keys)
  require("pillion.status").setup()
  require("pillion.progress").setup(chosen.progress)
  require("pillion.review").setup()
  require("pillion.applied").setup()
  require("pillion.refused").setup()
  require("pillion.outcome").setup()
  require("pillion.answer").setup(chosen.keys)
  require("pillion.ask").setup()
  require("pillion.findings").setup(chosen.findings)
  require("pillion.dismissed").setup()
  require("pillion.commands").setup()
  require("pillion.server").setup(chosen)
end

--- A component for the status line: “pillion ✓”, “pillion: drafting on gpu0 · 34 tokens · 12 tokens/s”,
--- “pillion: 1 to review (ga accepts, gR rejects)”, “pillion: gpu0 is down”.
--- Empty if there is no server.
---@return string
function M.status()
  return require("pillion.status").text()
end

return M
