--- The commands, as one table: what `:Pillion` lists is read from it too.

local M = {}

---@param arguments vim.api.keyset.create_user_command.command_args
---@return { [1]: integer, [2]: integer }? lines the range that was given, if any
local function lines_of(arguments)
  return arguments.range > 0 and { arguments.line1, arguments.line2 } or nil
end

---@class pillion.Command
---@field name string
---@field help string
---@field nargs? "*"
---@field range? boolean
---@field run fun(arguments: vim.api.keyset.create_user_command.command_args)

---@type pillion.Command[]
M.COMMANDS = {
  {
    name = "PillionAsk",
    help = "Ask about this code, or say what to do with it",
    nargs = "*",
    range = true,
    run = function(arguments)
      require("pillion.ask").ask(arguments.args, lines_of(arguments))
    end,
  },
  {
    name = "PillionExplain",
    help = "Explain this code",
    range = true,
    run = function(arguments)
      require("pillion.ask").run("explain", lines_of(arguments))
    end,
  },
  {
    name = "PillionDrafts",
    help = "Show the drafts that are on offer or were kept",
    run = function()
      require("pillion.lists").drafts()
    end,
  },
  {
    name = "PillionAccept",
    help = "Accept the draft at the cursor, or the only one",
    run = function()
      require("pillion.verdict").accept()
    end,
  },
  {
    name = "PillionReject",
    help = "Reject the draft at the cursor, or the only one",
    run = function()
      require("pillion.verdict").reject()
    end,
  },
  {
    name = "PillionCancel",
    help = "Cancel everything that runs",
    run = function()
      require("pillion.requests").cancel()
    end,
  },
  {
    name = "PillionEndpoints",
    help = "Show the engines and how they do",
    run = function()
      require("pillion.lists").endpoints()
    end,
  },
  {
    name = "PillionPull",
    help = "Fetch the model of the engine on this machine",
    run = function()
      local requests = require("pillion.requests")
      requests.execute(requests.client(), "pillion.pull", {}, function(pulled)
        -- The server itself shows how far it is, and says what went wrong.
        if pulled.state == "here" then
          vim.notify("Pillion: no model is missing.")
        elseif pulled.state == "pulled" then
          vim.notify("Pillion: the model is on this machine now.")
        end
      end)
    end,
  },
  {
    name = "PillionLog",
    help = "Show the log",
    run = function()
      require("pillion.lists").log()
    end,
  },
  {
    name = "PillionRestart",
    help = "Start the server again",
    run = function()
      require("pillion.server").restart()
    end,
  },
}

--- Everything there is, to choose from: first what the server offers here, then the commands.
---@param arguments vim.api.keyset.create_user_command.command_args
local function menu(arguments)
  local rows = { {
    name = "",
    help = "What can be done with this code",
    run = function(given)
      local lines = lines_of(given)
      local range = lines and { start = { lines[1], 0 }, ["end"] = { lines[2], 0 } } or nil
      vim.lsp.buf.code_action({
        range = range,
        filter = function(action)
          return vim.startswith(action.title, "Pillion: ")
        end,
      })
    end,
  } }
  vim.list_extend(rows, M.COMMANDS)
  local options = {
    prompt = "Pillion",
    kind = "pillion",
    format_item = function(row)
      return row.name == "" and row.help or ("%s  :%s"):format(row.help, row.name)
    end,
  }
  vim.ui.select(rows, options, function(row)
    if row then
      row.run(vim.tbl_extend("force", arguments, { args = "" }))
    end
  end)
end

function M.setup()
  vim.api.nvim_create_user_command("Pillion", menu, { range = true, desc = "Pillion: everything there is" })
  for _, command in ipairs(M.COMMANDS) do
    vim.api.nvim_create_user_command(command.name, command.run, {
      nargs = command.nargs or 0,
      range = command.range,
      desc = "Pillion: " .. command.help,
    })
  end
end

return M
