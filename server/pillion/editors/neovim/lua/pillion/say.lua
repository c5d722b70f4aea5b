--- Messages in the message area. They fit on its line, since longer ones would ask for a key. The log has all the text.

local log = require("pillion.log")

local M = {}

local LEAST = 12
local RULER_WIDTH = 18
local NAME = "Pillion"
-- A title that is cut shorter than this says nothing.
local LEAST_OF_A_TITLE = 20
local said_at_ms = -math.huge

--- `text` on one line of at most this width.
---@param text string
---@param room integer cells
---@return string
function M.fitted(text, room)
  local line = vim.trim((text:gsub("%c+", " ")))
  if vim.fn.strdisplaywidth(line) <= room then
    return line
  end
  return vim.fn.printf("%." .. math.max(1, room - 1) .. "S…", line)
end

--- The cells that a message may take. A floating window has no status line, so its ruler is in the message area.
---@return integer
function M.room()
  local in_float = vim.api.nvim_win_get_config(0).relative ~= ""
  local beside_ruler = vim.o.columns - RULER_WIDTH - 1
  return in_float and vim.o.ruler and math.min(vim.v.echospace, beside_ruler) or vim.v.echospace
end

---@param text string
---@param level? integer
local function notify(text, level)
  said_at_ms = vim.uv.now()
  vim.notify(M.fitted(text, M.room()), level)
end

--- How long ago the last message was shown.
---@return number milliseconds
function M.silent_for_ms()
  return vim.uv.now() - said_at_ms
end

--- Shows a short message. `after` says what the user can do about it; it is never cut.
---@param what string
---@param after? string
---@param level? integer
function M.short(what, after, level)
  local rest = after and " " .. after or ""
  log.keep(what .. rest)
  local room = math.max(LEAST, M.room() - vim.fn.strdisplaywidth(rest))
  notify(M.fitted(what, room) .. rest, level)
end

--- Tells the user the outcome of something. If there isn't room for everything, the title is cut: the user knows
--- what they asked for, but doesn't know the outcome yet.
---@param title string
---@param what string
---@param after string what can be done about it
---@param level? integer
function M.to_user(title, what, after, level)
  log.keep(("%s: %s%s"):format(title, what, after))
  local room = M.room() - vim.fn.strdisplaywidth(after) - 2
  local left = room - vim.fn.strdisplaywidth(what)
  local fits = left >= math.min(LEAST_OF_A_TITLE, vim.fn.strdisplaywidth(title))
  local short = fits and M.fitted(title, left) or NAME
  local words = M.fitted(what, math.max(LEAST, room - vim.fn.strdisplaywidth(short)))
  -- If the message fits without the name, but not with it, the name is left out.
  local whole = words == what or left < -2
  notify((whole and ("%s: %s"):format(short, words) or what) .. after, level)
end

--- Shows a server's message. Neovim's own handler ends each message with a new line, and so asks for a key.
---@param message lsp.ShowMessageParams
function M.from_server(message)
  log.keep(message.message)
  said_at_ms = vim.uv.now()
  local is_error = message.type == vim.lsp.protocol.MessageType.Error
  local highlight = message.type == vim.lsp.protocol.MessageType.Warning and "WarningMsg" or nil
  vim.api.nvim_echo({ { M.fitted(message.message, M.room()), highlight } }, true, { err = is_error })
end

--- `text` in lines of at most this width, broken between words.
---@param text string
---@param room integer cells
---@return string[]
function M.wrapped(text, room)
  local lines, line = {}, ""
  for word in text:gsub("%c+", " "):gmatch("%S+") do
    local longer = line == "" and word or line .. " " .. word
    if line ~= "" and vim.fn.strdisplaywidth(longer) > room then
      table.insert(lines, line)
      longer = word
    end
    line = longer
  end
  table.insert(lines, line)
  return lines
end

--- “1 line”, “2 lines”.
---@param count integer
---@param noun string
---@return string
function M.counted(count, noun)
  return ("%d %s%s"):format(count, noun, count == 1 and "" or "s")
end

return M
