--- Scratch buffers and floating windows. Their text comes from a model or the server: nothing in it is run,
--- so no filetype plugin, modeline or language server gets to see it, only highlighting.

local M = {}

--- The document that a buffer is about: for a window of Pillion's own, its document, else the buffer itself.
---@param bufnr integer
---@return integer
function M.document_of(bufnr)
  local source = vim.b[bufnr].pillion_document
  return source and vim.api.nvim_buf_is_loaded(source) and source or bufnr
end

--- A buffer that holds text and can't be changed by hand; it goes with its window.
---@param name string
---@param syntax string
---@param source? integer the document that it is about; without one, that of the buffer where the user is
---@return integer bufnr
function M.scratch(name, syntax, source)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.b[bufnr].pillion_document = source or M.document_of(vim.api.nvim_get_current_buf())
  vim.bo[bufnr].bufhidden = "wipe"
  vim.bo[bufnr].modeline = false
  vim.bo[bufnr].undolevels = -1
  -- A window that is still closing may still have the name.
  pcall(vim.api.nvim_buf_set_name, bufnr, name)
  vim.bo[bufnr].syntax = syntax
  vim.bo[bufnr].modifiable = false
  return bufnr
end

--- Shows these lines, touching only those that differ, so that the cursor and the diff stay where they are.
---@param bufnr integer
---@param lines string[]
---@return boolean changed
function M.set_lines(bufnr, lines)
  local before = vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)
  local first, last = 1, 0
  while first <= #before and first <= #lines and before[first] == lines[first] do
    first = first + 1
  end
  if first > #before and first > #lines then
    return false
  end
  while last < #before - first + 1 and last < #lines - first + 1 and before[#before - last] == lines[#lines - last] do
    last = last + 1
  end
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, first - 1, #before - last, false, vim.list_slice(lines, first, #lines - last))
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].modified = false
  return true
end

--- A file's lines, if it can be read.
---@param path string
---@return string[]?
function M.file_lines(path)
  local well, lines = pcall(vim.fn.readfile, path)
  return well and lines or nil
end

---@param text string
---@return string[]
function M.lines_of(text)
  return vim.split((text:gsub("\r\n", "\n")), "\n", { plain = true })
end

---@param window integer
---@param bufnr integer
---@return boolean
function M.shows(window, bufnr)
  return vim.api.nvim_win_is_valid(window) and vim.api.nvim_win_get_buf(window) == bufnr
end

--- Closes a window, if it still shows that buffer: any other buffer in it is the user's.
---@param window integer
---@param bufnr integer
---@return boolean done false if it can't be closed, as the last window can't
function M.close(window, bufnr)
  return not M.shows(window, bufnr) or pcall(vim.api.nvim_win_close, window, true)
end

--- `text` without anything that the status line or a winbar would evaluate.
---@param text string
---@return string
function M.escaped(text)
  return (text:gsub("%c", " "):gsub("%%", "%%%%"))
end

---@param window integer
---@return boolean
local function is_floating(window)
  return vim.api.nvim_win_get_config(window).relative ~= ""
end

--- Shows a line above a window's text, unless the window has only one line.
---@param window integer
---@param text string
function M.set_winbar(window, text)
  pcall(vim.api.nvim_set_option_value, "winbar", M.escaped(text), { scope = "local", win = window })
end

--- The window that shows a document in this tab page; one that floats has no place beside it.
---@param bufnr integer
---@return integer?
function M.showing(bufnr)
  local function found(window)
    return vim.api.nvim_win_get_buf(window) == bufnr and not is_floating(window)
  end
  local current = vim.api.nvim_get_current_win()
  return found(current) and current or vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(found)
end

--- Opens a file in a window that allows it: in this window, else in another one, else in a new tab page.
---@param path string
function M.edit(path)
  local function takes_files(window)
    return not is_floating(window) and not vim.wo[window].winfixbuf
  end
  local current = vim.api.nvim_get_current_win()
  local window = takes_files(current) and current or vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(takes_files)
  if window then
    vim.api.nvim_set_current_win(window)
  end
  vim.cmd[window and "edit" or "tabedit"](vim.fn.fnameescape(path))
end

--- Scrolls a window that has become higher back: no row is empty while there are lines above.
---@param window integer
function M.fill(window)
  vim.api.nvim_win_call(window, function()
    local top = vim.fn.line("w0")
    local shown = vim.api.nvim_win_text_height(window, { start_row = top - 1 }).all
    local empty = vim.fn.getwininfo(window)[1].height - shown
    if empty > 0 and top > 1 then
      vim.fn.winrestview({ topline = math.max(1, top - empty) })
    end
  end)
end

return M
