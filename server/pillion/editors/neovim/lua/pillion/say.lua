--- Words in the message area: on one line and no longer than it, since more would ask for a key. The log has all.

local log = require("pillion.log")

local M = {}

--- `text` on one line that is at most so wide.
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

--- Tells the user something. If there isn't room for all of it, `what` is what gets shorter.
---@param title string
---@param what string
---@param after string what can be done about it
---@param level integer
function M.to_user(title, what, after, level)
  local all = ("%s: %s%s"):format(title, what, after)
  log.keep(all)
  local others = vim.fn.strdisplaywidth(("%s: %s"):format(title, after))
  local short = M.fitted(what, math.max(20, vim.v.echospace - others))
  vim.notify(M.fitted(("%s: %s%s"):format(title, short, after), vim.v.echospace), level)
end

--- Shows what a server says. Neovim's own handler ends each message with a new line, and so asks for a key.
---@param message lsp.ShowMessageParams
function M.from_server(message)
  log.keep(message.message)
  local is_error = message.type == vim.lsp.protocol.MessageType.Error
  local highlight = message.type == vim.lsp.protocol.MessageType.Warning and "WarningMsg" or nil
  vim.api.nvim_echo({ { M.fitted(message.message, vim.v.echospace), highlight } }, true, { err = is_error })
end

return M
