--- What the user asks for: an action on the function around the cursor or the selection, or their own words about it.

local requests = require("pillion.requests")

local M = {}

--- What is meant: the lines of a command's range, or else the cursor.
---@param lines? { [1]: integer, [2]: integer } first and last line, from 1
---@return table? place uri, range and version, as `pillion.run` wants them
---@return vim.lsp.Client client the server that has the document
local function place_of(lines)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ name = "pillion", bufnr = bufnr })[1]
  if not client then
    requests.say_none()
    return nil
  end
  local function position(line, byte)
    local text = vim.api.nvim_buf_get_lines(bufnr, line - 1, line, false)[1] or ""
    local character = vim.str_utfindex(text, client.offset_encoding, math.min(byte, #text), false)
    return { line = line - 1, character = character }
  end
  local cursor = vim.api.nvim_win_get_cursor(0)
  local from, to = position(cursor[1], cursor[2]), position(cursor[1], cursor[2])
  if lines then
    from, to = position(lines[1], 0), position(lines[2], math.huge)
  end
  local place = {
    uri = vim.uri_from_bufnr(bufnr),
    range = { start = from, ["end"] = to },
    version = vim.lsp.util.buf_versions[bufnr],
  }
  return place, client
end

--- Runs an action.
---@param action string
---@param lines? { [1]: integer, [2]: integer }
function M.run(action, lines)
  local place, client = place_of(lines)
  if place then
    requests.execute(client, "pillion.run", { vim.tbl_extend("force", place, { action = action }) })
  end
end

---@param choice table see `pillion.classify`
---@return string
local function label(choice)
  local where = choice.endpoint and (" on " .. choice.endpoint) or ""
  local model = choice.model and (" (%s)"):format(choice.model) or ""
  return ("%s: %s%s%s"):format(choice.tier, choice.title, where, model)
end

---@param value any
---@return any
local function given(value)
  return value ~= vim.NIL and value or nil
end

---@param text string
---@param place table
---@param client vim.lsp.Client
local function choose(text, place, client)
  requests.execute(client, "pillion.classify", { vim.tbl_extend("force", place, { text = text }) }, function(found)
    if #found.choices == 0 then
      vim.notify("Pillion: " .. found.reason)
      return
    end
    -- The server's choice comes first, so that Enter takes it.
    local choices = {}
    for index, choice in ipairs(found.choices) do
      local own = { endpoint = given(choice.endpoint), model = given(choice.model) }
      local row = vim.tbl_extend("force", { tier = choice.tier, action = choice.action, title = choice.title }, own)
      table.insert(choices, index - 1 == found.choice and 1 or #choices + 1, row)
    end
    local about = given(found.symbol) and (" about " .. found.symbol) or ""
    local options = { prompt = ("Pillion%s: %s"):format(about, found.reason), format_item = label, kind = "pillion" }
    vim.ui.select(choices, options, function(choice)
      if choice then
        local chosen = { action = choice.action, tier = choice.tier, instruction = text }
        requests.execute(client, "pillion.run", { vim.tbl_extend("force", place, chosen) })
      end
    end)
  end)
end

--- Asks in the user's own words about what is at the cursor or selected.
---@param words? string without them, the user is asked
---@param lines? { [1]: integer, [2]: integer }
function M.ask(words, lines)
  local place, client = place_of(lines)
  if not place then
    return
  end
  if words and vim.trim(words) ~= "" then
    choose(words, place, client)
    return
  end
  vim.ui.input({ prompt = "Ask Pillion: " }, function(text)
    if text and vim.trim(text) ~= "" then
      choose(text, place, client)
    end
  end)
end

return M
