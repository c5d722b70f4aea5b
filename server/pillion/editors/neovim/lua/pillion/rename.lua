--- Lets the user choose among proposed names, and has the language's own server give one of them.

local M = {}

local METHOD = "textDocument/rename"

--- Answers `pillion/chooseName`. Runs in a coroutine, as every request's handler does.
---@param params { question: string, names: string[] }
---@return string|vim.NIL
function M.choose(_, params)
  local running = coroutine.running()
  vim.ui.select(params.names, { prompt = require("pillion.choose").prompt(params.question) }, function(name)
    vim.schedule(function()
      coroutine.resume(running, name)
    end)
  end)
  return coroutine.yield() or vim.NIL
end

--- The server that renames in this buffer, other than Pillion's own.
---@param bufnr integer
---@return vim.lsp.Client?
local function renaming_client(bufnr)
  for _, client in ipairs(vim.lsp.get_clients({ bufnr = bufnr, method = METHOD })) do
    if client.name ~= "pillion" then
      return client
    end
  end
end

--- A position in the encoding of one server as one in the encoding of another.
---@param bufnr integer
---@param position lsp.Position
---@param from string
---@param to string
---@return lsp.Position
local function in_encoding(bufnr, position, from, to)
  local line = vim.api.nvim_buf_get_lines(bufnr, position.line, position.line + 1, false)[1] or ""
  local byte = vim.str_byteindex(line, from, position.character, false)
  return { line = position.line, character = vim.str_utfindex(line, to, byte, false) }
end

--- Answers `pillion/rename`.
---@param params { uri: string, position: lsp.Position, name: string }
---@param context lsp.HandlerContext
---@return { renamed: boolean, reason: string }
function M.rename(_, params, context)
  local bufnr = vim.uri_to_bufnr(params.uri)
  local client, own = renaming_client(bufnr), vim.lsp.get_client_by_id(context.client_id)
  if not client or not own then
    return { renamed = false, reason = "no other language server renames in this buffer" }
  end
  local running = coroutine.running()
  client:request(METHOD, {
    textDocument = { uri = params.uri },
    position = in_encoding(bufnr, params.position, own.offset_encoding, client.offset_encoding),
    newName = params.name,
  }, function(err, edit)
    vim.schedule(function()
      coroutine.resume(running, err, edit)
    end)
  end, bufnr)
  local err, edit = coroutine.yield()
  if err or not edit then
    return { renamed = false, reason = err and err.message or (client.name .. " renames nothing there") }
  end
  vim.lsp.util.apply_workspace_edit(edit, client.offset_encoding)
  return { renamed = true, reason = "" }
end

return M
