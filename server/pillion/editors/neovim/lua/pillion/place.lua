--- The place of a command: the lines of its range, or else the cursor, in one document. It stays there while the text
--- around it changes, so that the command can run once the server is ready, or again in another way.

local windows = require("pillion.windows")

local M = {}

local namespace = vim.api.nvim_create_namespace("pillion.place")

---@class pillion.Place
---@field bufnr integer
---@field mark integer an extmark

--- Where the cursor is in a document that the user isn't in.
---@param bufnr integer
---@return { [1]: integer, [2]: integer }
local function cursor_in(bufnr)
  local window = windows.showing(bufnr)
  if window then
    return vim.api.nvim_win_get_cursor(window)
  end
  local left = vim.api.nvim_buf_get_mark(bufnr, '"')
  return { math.max(1, math.min(left[1], vim.api.nvim_buf_line_count(bufnr))), left[2] }
end

--- The user's place; from a window of Pillion's own, the place in the document that the window is about.
---@param lines? { [1]: integer, [2]: integer } first and last line, from 1
---@return pillion.Place
function M.here(lines)
  local here = vim.api.nvim_get_current_buf()
  local bufnr = windows.document_of(here)
  local function length(line)
    return #(vim.api.nvim_buf_get_lines(bufnr, line - 1, line, false)[1] or "")
  end
  local cursor = bufnr == here and vim.api.nvim_win_get_cursor(0) or cursor_in(bufnr)
  lines = bufnr == here and lines or nil -- a range in a window of Pillion's means nothing in the document
  local column = math.min(cursor[2], length(cursor[1]))
  local row, finish = cursor[1] - 1, { end_row = cursor[1] - 1, end_col = column }
  if lines then
    row, column = lines[1] - 1, 0
    finish = { end_row = lines[2] - 1, end_col = length(lines[2]) }
  end
  return { bufnr = bufnr, mark = vim.api.nvim_buf_set_extmark(bufnr, namespace, row, column, finish) }
end

--- The place of a server's range.
---@param client vim.lsp.Client
---@param uri string
---@param range lsp.Range
---@return pillion.Place
function M.of_range(client, uri, range)
  local bufnr = vim.uri_to_bufnr(uri)
  vim.fn.bufload(bufnr)
  local function point(position)
    local row = math.min(position.line, vim.api.nvim_buf_line_count(bufnr) - 1)
    local text = vim.api.nvim_buf_get_lines(bufnr, row, row + 1, false)[1]
    return row, vim.str_byteindex(text, client.offset_encoding, position.character, false)
  end
  local row, column = point(range.start)
  local end_row, end_column = point(range["end"])
  local finish = { end_row = end_row, end_col = end_column }
  return { bufnr = bufnr, mark = vim.api.nvim_buf_set_extmark(bufnr, namespace, row, column, finish) }
end

--- The current place, in the form that `pillion.run` and others take.
---@param place pillion.Place
---@param client vim.lsp.Client
---@return { uri: string, range: lsp.Range, version: integer }
function M.argument(place, client)
  local mark = vim.api.nvim_buf_get_extmark_by_id(place.bufnr, namespace, place.mark, { details = true })
  local function position(row, column)
    local text = vim.api.nvim_buf_get_lines(place.bufnr, row, row + 1, false)[1] or ""
    return { line = row, character = vim.str_utfindex(text, client.offset_encoding, math.min(column, #text), false) }
  end
  local first, last = position(mark[1], mark[2]), position(mark[3].end_row, mark[3].end_col)
  return {
    uri = vim.uri_from_bufnr(place.bufnr),
    range = { start = first, ["end"] = last },
    version = vim.lsp.util.buf_versions[place.bufnr],
  }
end

---@param place pillion.Place
---@return boolean
function M.is_there(place)
  return vim.api.nvim_buf_is_loaded(place.bufnr)
end

--- Forgets the place: nobody will need it any more.
---@param place pillion.Place
function M.forget(place)
  if vim.api.nvim_buf_is_valid(place.bufnr) then
    vim.api.nvim_buf_del_extmark(place.bufnr, namespace, place.mark)
  end
end

return M
