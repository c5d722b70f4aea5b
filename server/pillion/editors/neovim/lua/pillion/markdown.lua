--- Renders Markdown. No filetype is set: the text of a model or the server is coloured, and nothing else happens to it.

local M = {}

local namespace = vim.api.nvim_create_namespace("pillion.markdown")
local ESCAPES = "(backslash_escape) @escape"

--- Hides the backslashes of escapes, which Neovim's own rules show.
---@param bufnr integer
---@param parser vim.treesitter.LanguageTree
local function hide_escapes(bufnr, parser)
  vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  local query = vim.treesitter.query.parse("markdown_inline", ESCAPES)
  parser:for_each_tree(function(tree, language)
    if language:lang() ~= "markdown_inline" then
      return
    end
    for _, node in query:iter_captures(tree:root(), bufnr) do
      local row, column = node:start()
      local options = { end_col = column + 1, conceal = "" }
      vim.api.nvim_buf_set_extmark(bufnr, namespace, row, column, options)
    end
  end)
end

--- Colours a buffer's Markdown and hides its marks, again after each change; where there is no parser for it, the
--- buffer's own 'syntax' does what it can.
---@param bufnr integer
function M.render(bufnr)
  local there, parser = pcall(vim.treesitter.get_parser, bufnr, "markdown", { error = false })
  if not there or not parser or not pcall(vim.treesitter.language.add, "markdown_inline") then
    return
  end
  if not vim.treesitter.highlighter.active[bufnr] then
    vim.treesitter.start(bufnr, "markdown")
  end
  parser:parse(true)
  hide_escapes(bufnr, parser)
end

return M
