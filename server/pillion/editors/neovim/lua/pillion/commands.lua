--- The commands, as one table: what the menu lists is read from it too.

local say = require("pillion.say")

local M = {}

---@param arguments vim.api.keyset.create_user_command.command_args
---@return { [1]: integer, [2]: integer }? lines the range that was given, if any
local function lines_of(arguments)
  return arguments.range > 0 and { arguments.line1, arguments.line2 } or nil
end

---@return boolean
local function draft_is_due()
  return require("pillion.verdict").is_due()
end

---@class pillion.Command
---@field name string
---@field help string
---@field nargs? "*"
---@field range? boolean
---@field bang? boolean
---@field fits? fun(): any whether there is something for it to do; then the first menu has it
---@field run fun(arguments: vim.api.keyset.create_user_command.command_args)

---@type pillion.Command[]
M.COMMANDS = {
  {
    name = "PillionAsk",
    help = "Ask about this code, or say what to do with it",
    nargs = "*",
    range = true,
    bang = true,
    run = function(arguments)
      require("pillion.ask").ask(arguments.args, lines_of(arguments), arguments.bang)
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
    fits = draft_is_due,
    run = function()
      require("pillion.verdict").accept()
    end,
  },
  {
    name = "PillionReject",
    help = "Reject the draft at the cursor, or the only one",
    fits = draft_is_due,
    run = function()
      require("pillion.verdict").reject()
    end,
  },
  {
    name = "PillionReview",
    help = "Show the draft as a diff",
    fits = draft_is_due,
    run = function()
      require("pillion.verdict").show()
    end,
  },
  {
    name = "PillionAgain",
    help = "Have the draft made again, with a word of yours",
    nargs = "*",
    fits = draft_is_due,
    run = function(arguments)
      require("pillion.verdict").again(arguments.args)
    end,
  },
  {
    name = "PillionUndo",
    help = "Take the last applied edit back",
    fits = function()
      return require("pillion.jobs").newest(require("pillion.applied").can_undo)
    end,
    run = function()
      require("pillion.applied").undo()
    end,
  },
  {
    name = "PillionRefused",
    help = "Say why an edit was refused, and try again",
    fits = function()
      return require("pillion.jobs").newest(require("pillion.refused").is_refused)
    end,
    run = function()
      require("pillion.refused").list()
    end,
  },
  {
    name = "PillionFinding",
    help = "Read what was found here",
    fits = function()
      return require("pillion.findings").are_there()
    end,
    run = function()
      require("pillion.findings").read()
    end,
  },
  {
    name = "PillionDismissed",
    help = "Show what was dismissed, and bring it back",
    run = function()
      require("pillion.dismissed").list()
    end,
  },
  {
    name = "PillionUndismiss",
    help = "Bring back what was dismissed last",
    run = function()
      require("pillion.dismissed").undo()
    end,
  },
  {
    name = "PillionCancel",
    help = "Cancel everything that runs",
    fits = function()
      return #require("pillion.jobs").running() > 0
    end,
    run = function()
      require("pillion.requests").cancel()
    end,
  },
  {
    name = "PillionEndpoints",
    help = "Show the engines, and whether they answer",
    run = function()
      require("pillion.endpoints").show()
    end,
  },
  {
    name = "PillionPull",
    help = "Fetch the model of the engine on this machine",
    run = function()
      local requests = require("pillion.requests")
      requests.execute(nil, "pillion.pull", {}, function(pulled)
        -- The server itself shows how far it is, and says what went wrong.
        if pulled.state == "here" then
          say.short("Pillion: no model is missing.")
        elseif pulled.state == "pulled" then
          say.short("Pillion: the model is on this machine now.")
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

function M.setup()
  vim.api.nvim_create_user_command("Pillion", function(arguments)
    require("pillion.menu").open(lines_of(arguments))
  end, { range = true, desc = "Pillion: everything there is" })
  for _, command in ipairs(M.COMMANDS) do
    vim.api.nvim_create_user_command(command.name, command.run, {
      nargs = command.nargs or 0,
      bang = command.bang,
      range = command.range,
      desc = "Pillion: " .. command.help,
    })
  end
end

return M
