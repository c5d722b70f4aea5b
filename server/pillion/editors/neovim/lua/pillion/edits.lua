--- Applies a server's edits: each is for one version of its document, and for no other.

local M = {}

-- Neovim supports versions, but doesn't say so; without them an edit lands at the old place of its text.
M.CAPABILITIES = { workspace = { workspaceEdit = { documentChanges = true } } }

--- Whether a document is unchanged since the edit was made. Neovim opens documents with version 0, never compares that
--- version, and says that it applied an edit that it has refused.
---@param document? { uri: string, version?: integer }
---@param client_id integer
---@return boolean
local function is_current(document, client_id)
  if not document or type(document.version) ~= "number" then
    return true
  end
  local bufnr = vim.uri_to_bufnr(document.uri)
  return vim.lsp.buf_is_attached(bufnr, client_id) and vim.lsp.util.buf_versions[bufnr] == document.version
end

--- Why a document can't be changed now, whatever the edit; nil if it can.
---@param document? { uri: string }
---@return string?
local function locked(document)
  local bufnr = document and vim.uri_to_bufnr(document.uri)
  if bufnr and vim.api.nvim_buf_is_loaded(bufnr) and not vim.bo[bufnr].modifiable then
    return "this buffer can't be changed ('nomodifiable')"
  end
end

--- Answers `workspace/applyEdit`: an edit that is too old is refused, so that the server makes a new one.
---@param err? lsp.ResponseError
---@param params lsp.ApplyWorkspaceEditParams
---@param context lsp.HandlerContext
---@return lsp.ApplyWorkspaceEditResult
function M.apply(err, params, context)
  for _, change in ipairs(params.edit.documentChanges or {}) do
    if not is_current(change.textDocument, context.client_id) then
      return { applied = false, failureReason = "the document changed" }
    end
    local reason = locked(change.textDocument)
    if reason then
      return { applied = false, failureReason = reason }
    end
  end
  -- With a label Neovim would print a message; Pillion has its own message about an applied edit.
  return vim.lsp.handlers["workspace/applyEdit"](err, { edit = params.edit }, context)
end

return M
