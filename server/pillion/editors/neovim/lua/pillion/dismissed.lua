--- Findings that the user doesn't want to see: dismisses them and brings them back.

local choose = require("pillion.choose")
local requests = require("pillion.requests")
local say = require("pillion.say")

local M = {}

local DISMISS = "pillion.dismiss"
local last = {} ---@type { client_id: integer, ids: string[] }[] what was dismissed in this session, oldest first

---@param client vim.lsp.Client
---@param ids string[]
---@param done fun(result: { shown: integer })
local function undismiss(client, ids, done)
  requests.execute(client, "pillion.undismiss", { { ids = ids } }, done)
end

--- A finding was dismissed in a menu: the server does it, and the user is told how to undo it.
---@param command lsp.Command
---@param context { client_id: integer }
local function dismiss(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  requests.execute(client, DISMISS, command.arguments, function(result)
    if #result.dismissed == 0 then
      return
    end
    table.insert(last, { client_id = context.client_id, ids = result.dismissed })
    local what = #result.dismissed == 1 and result.message or say.counted(#result.dismissed, "finding") .. " dismissed"
    say.to_user("Pillion", (what:gsub("%.$", "")), " · :PillionUndismiss")
  end)
end

--- Brings back the finding that was dismissed last.
function M.undo()
  local newest = table.remove(last)
  if not newest then
    say.short("Pillion: nothing was dismissed just now.", ":PillionDismissed lists all.")
    return
  end
  undismiss(vim.lsp.get_client_by_id(newest.client_id), newest.ids, function(result)
    local when = result.shown > 0 and "shown again" or "can be shown again"
    say.short(("Pillion: %s: %s"):format(when, say.counted(#newest.ids, "finding")))
  end)
end

---@param each table see `pillion.dismissed`
---@return string
local function label(each)
  local file = type(each.file) == "string" and vim.fs.basename(each.file) or ""
  local line = type(each.line) == "number" and (":%d"):format(each.line) or ""
  local place = file ~= "" and file .. line .. ": " or ""
  local message = type(each.message) == "string" and each.message or "(a finding of an older Pillion)"
  return place .. message
end

---@param client vim.lsp.Client
---@param each table
local function bring_back(client, each)
  undismiss(client, { each.id }, function(result)
    local when = result.shown > 0 and "shown again: " or "can be shown again: "
    say.short("Pillion: " .. when .. (type(each.message) == "string" and each.message or each.id))
  end)
end

--- Lists the dismissed findings of all sessions, newest first; the chosen one comes back.
function M.list()
  local function show(client)
    requests.execute(client, "pillion.dismissed", {}, function(result)
      if #result.dismissed == 0 then
        say.short("Pillion: nothing was dismissed.")
        return
      end
      choose.one(result.dismissed, "Pillion: dismissed findings, newest first; which comes back?", label, function(each)
        bring_back(client, each)
      end)
    end)
  end
  -- All servers have the same list.
  require("pillion.ready").with_client(nil, show)
end

function M.setup()
  last = {}
  vim.lsp.commands[DISMISS] = dismiss
end

return M
