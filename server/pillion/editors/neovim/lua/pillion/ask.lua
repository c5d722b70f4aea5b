--- Starts an action on the function around the cursor or on the selection, or does what the user's own words say.

local place = require("pillion.place")
local ready = require("pillion.ready")
local requests = require("pillion.requests")
local say = require("pillion.say")

local M = {}

-- The command behind “Ask…” in the server's menu of actions.
M.COMMAND = "pillion.ask"

--- The last question: its words can be done in another way.
---@class pillion.Asked
---@field words string
---@field where pillion.Place
---@field job? string
---@field client_id? integer

local last ---@type pillion.Asked?

--- Runs an action.
---@param action string
---@param lines? { [1]: integer, [2]: integer }
function M.run(action, lines)
  local where = place.here(lines)
  ready.with_client(where.bufnr, function(client)
    local argument = vim.tbl_extend("force", place.argument(where, client), { action = action })
    place.forget(where)
    requests.execute(client, "pillion.run", { argument })
  end)
end

---@param value any
---@return any
local function given(value)
  return value ~= vim.NIL and value or nil
end

--- What a choice does, and on which endpoint.
---@param choice table see `pillion.classify`
---@return string
local function words_for(choice)
  local where = given(choice.endpoint) and (" on " .. choice.endpoint) or ""
  return choice.title .. where
end

---@param choice table
---@return string
local function label(choice)
  local model = given(choice.model) and (" (%s)"):format(choice.model) or ""
  return say.fitted(("%s: %s%s"):format(choice.tier, words_for(choice), model), vim.o.columns - 6)
end

---@param asked pillion.Asked
---@param client vim.lsp.Client
---@param choice table
local function start(asked, client, choice)
  if not place.is_there(asked.where) then
    return
  end
  local own = { action = choice.action, tier = choice.tier, instruction = asked.words }
  local argument = vim.tbl_extend("force", place.argument(asked.where, client), own)
  requests.execute(client, "pillion.run", { argument }, function(result)
    asked.job, asked.client_id = result.job, client.id
  end)
end

--- The choices, the server's own first.
---@param found table see `pillion.classify`
---@return table[]
local function in_order(found)
  local choices = vim.list_slice(found.choices)
  table.insert(choices, 1, table.remove(choices, found.choice + 1))
  return choices
end

---@param asked pillion.Asked
---@param client vim.lsp.Client
---@param found table
local function choose(asked, client, found)
  local about = given(found.symbol) and (" about " .. found.symbol) or ""
  local options = { prompt = ("Pillion%s: %s"):format(about, found.reason), format_item = label, kind = "pillion" }
  vim.ui.select(in_order(found), options, function(choice)
    if choice then
      start(asked, client, choice)
    end
  end)
end

--- Asks the server what the words mean, and does it; or lets the user choose.
---@param asked pillion.Asked
---@param choosing boolean
local function classify(asked, choosing)
  ready.with_client(asked.where.bufnr, function(client)
    if not place.is_there(asked.where) then
      return
    end
    local argument = vim.tbl_extend("force", place.argument(asked.where, client), { text = asked.words })
    requests.execute(client, "pillion.classify", { argument }, function(found)
      if #found.choices == 0 then
        say.short("Pillion: " .. found.reason)
      elseif choosing then
        choose(asked, client, found)
      else
        local choice = in_order(found)[1]
        say.short("Pillion: " .. words_for(choice), "· :PillionAsk! has others")
        start(asked, client, choice)
      end
    end)
  end)
end

---@param words string
---@param where pillion.Place
---@param choosing boolean
local function begin(words, where, choosing)
  if last then
    place.forget(last.where)
  end
  last = { words = words, where = where }
  classify(last, choosing)
end

--- Does the same words again, in a way that the user chooses; a job that still runs from the first way is cancelled.
---@param asked pillion.Asked
local function again(asked)
  local job = asked.job and require("pillion.jobs").get(asked.job)
  if job and not require("pillion.jobs").is_over(job) and job.state ~= "offered" then
    requests.execute(vim.lsp.get_client_by_id(job.client_id), "pillion.cancel", { { job = job.id } })
  end
  classify(asked, true)
end

---@param actions lsp.CodeAction[]
---@return boolean
function M.is_in(actions)
  return vim.iter(actions):any(function(action)
    return action.command and action.command.command == M.COMMAND
  end)
end

--- Calls `done` with the reason why there is nothing to ask about at a place, or with nil.
---@param where pillion.Place
---@param client vim.lsp.Client
---@param done fun(reason?: string)
function M.objection(where, client, done)
  local argument = place.argument(where, client)
  local request = {
    textDocument = { uri = argument.uri },
    range = argument.range,
    context = { diagnostics = {}, only = { M.COMMAND }, triggerKind = 1 },
  }
  client:request("textDocument/codeAction", request, function(_, actions)
    actions = type(actions) == "table" and actions or {}
    if M.is_in(actions) then
      done(nil)
      return
    end
    local why = actions[1] and actions[1].disabled
    done(why and why.reason or "There is nothing in this buffer that Pillion works on.")
  end, where.bufnr)
end

--- First checks whether there is something to ask about, so that nobody types words in vain.
---@param where pillion.Place
---@param choosing boolean
local function ask_for_words(where, choosing)
  ready.with_client(where.bufnr, function(client)
    if not place.is_there(where) then
      return
    end
    M.objection(where, client, function(reason)
      if reason then
        place.forget(where)
        say.short("Pillion: " .. reason, nil, vim.log.levels.WARN)
        return
      end
      vim.ui.input({ prompt = "Ask Pillion: " }, function(text)
        if text and vim.trim(text) ~= "" then
          begin(text, where, choosing)
        else
          place.forget(where)
        end
      end)
    end)
  end)
end

--- Asks in the user's own words about the code at the cursor or the selection.
---@param words? string without them, the user is asked
---@param lines? { [1]: integer, [2]: integer }
---@param choosing? boolean the user chooses what is done; without words, with those of before
function M.ask(words, lines, choosing)
  if words and vim.trim(words) ~= "" then
    begin(words, place.here(lines), choosing or false)
  elseif choosing and last and not lines and place.is_there(last.where) then
    again(last)
  else
    ask_for_words(place.here(lines), choosing or false)
  end
end

--- “Ask…” was chosen from a menu of actions.
---@param command lsp.Command
---@param context { client_id: integer }
local function from_menu(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local argument = command.arguments and command.arguments[1]
  local where = client and argument and place.of_range(client, argument.uri, argument.range) or place.here()
  ask_for_words(where, false)
end

function M.setup()
  last = nil
  vim.lsp.commands[M.COMMAND] = from_menu
end

return M
