--- `:Pillion`: first the server's actions for the code at the cursor, then the things that wait, then the rest.

local ask = require("pillion.ask")
local choose = require("pillion.choose")
local commands = require("pillion.commands")
local place = require("pillion.place")
local ready = require("pillion.ready")
local say = require("pillion.say")
local windows = require("pillion.windows")

local M = {}

---@class pillion.Row
---@field label string
---@field run fun()

---@param row pillion.Row
local function label_of(row)
  return row.label
end

---@param row pillion.Row
local function run(row)
  row.run()
end

---@param command pillion.Command
---@param lines? { [1]: integer, [2]: integer }
---@return pillion.Row
local function row_of(command, lines)
  local arguments = { args = "", bang = false, range = lines and 2 or 0 }
  if lines then
    arguments.line1, arguments.line2 = lines[1], lines[2]
  end
  return {
    label = ("%s  :%s"):format(command.help, command.name),
    run = function()
      command.run(arguments)
    end,
  }
end

---@param lines? { [1]: integer, [2]: integer }
---@return pillion.Row
local function all_commands(lines)
  local rows = vim.tbl_map(function(command)
    return row_of(command, lines)
  end, commands.COMMANDS)
  return {
    label = "More: drafts, engines, the log, …",
    run = function()
      choose.one(rows, "Pillion: everything there is", label_of, run)
    end,
  }
end

--- The things that wait for the user now.
---@param lines? { [1]: integer, [2]: integer }
---@return pillion.Row[]
local function due(lines)
  local fitting = vim.tbl_filter(function(command)
    return command.fits and command.fits()
  end, commands.COMMANDS)
  return vim.tbl_map(function(command)
    return row_of(command, lines)
  end, fitting)
end

--- Runs a code action on the server that runs now.
---@param action lsp.CodeAction
---@param bufnr integer
local function apply(action, bufnr)
  ready.with_client(bufnr, function(client)
    if action.edit then
      vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
    end
    if action.command then
      client:exec_cmd(action.command, { bufnr = bufnr }, function(err)
        if err then
          say.short("Pillion: " .. err.message, nil, vim.log.levels.WARN)
        end
      end)
    end
  end)
end

---@param actions lsp.CodeAction[]
---@param bufnr integer
---@return pillion.Row[]
local function rows_for(actions, bufnr)
  return vim.tbl_map(function(action)
    return {
      label = (action.title:gsub("^Pillion: ", "")),
      run = function()
        apply(action, bufnr)
      end,
    }
  end, actions)
end

---@param rows pillion.Row[]
---@param lines? { [1]: integer, [2]: integer }
---@param why? string why there is nothing for the code here
local function show(rows, lines, why)
  vim.list_extend(rows, due(lines))
  table.insert(rows, all_commands(lines))
  choose.one(rows, why and "Pillion: " .. why:gsub("%.$", "") or "Pillion", label_of, run)
end

--- The server's request: the actions for a place, with the diagnostics of other servers there.
---@param where pillion.Place
---@param client vim.lsp.Client
local function question(where, client)
  local argument = place.argument(where, client)
  local found = vim.tbl_filter(function(each)
    return each.lnum <= argument.range["end"].line and argument.range.start.line <= (each.end_lnum or each.lnum)
  end, vim.diagnostic.get(where.bufnr))
  return {
    textDocument = { uri = argument.uri },
    range = argument.range,
    context = { diagnostics = vim.lsp.diagnostic.from(found), triggerKind = 1 },
  }
end

---@param where pillion.Place
---@param client vim.lsp.Client
---@param lines? { [1]: integer, [2]: integer }
local function ask_server(where, client, lines)
  local function answer(actions, why)
    place.forget(where)
    -- A user who has gone elsewhere meanwhile doesn't want a menu for this place any more.
    if windows.document_of(vim.api.nvim_get_current_buf()) == where.bufnr and vim.api.nvim_get_mode().mode == "n" then
      show(rows_for(actions, where.bufnr), lines, why)
    end
  end
  client:request("textDocument/codeAction", question(where, client), function(err, actions)
    if err then
      say.short("Pillion: " .. err.message, nil, vim.log.levels.WARN)
    end
    actions = vim.tbl_filter(function(action)
      return not action.disabled -- an action that can't be done here has no row: the menu's title says why
    end, type(actions) == "table" and actions or {})
    if ask.is_in(actions) then
      answer(actions)
    else
      ask.objection(where, client, function(why)
        answer(actions, why)
      end)
    end
  end, where.bufnr)
end

--- Opens the menu.
---@param lines? { [1]: integer, [2]: integer }
function M.open(lines)
  local bufnr = windows.document_of(vim.api.nvim_get_current_buf())
  if require("pillion.server").state_of(bufnr) == "off" then
    show({}, lines)
    return
  end
  local where = place.here(lines)
  ready.with_client(bufnr, function(client)
    ask_server(where, client, lines)
  end)
end

return M
