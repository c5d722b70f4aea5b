--- Shows the text of findings: as lines below the cursor's line, and in a window on request.

local bar = require("pillion.bar")
local floats = require("pillion.floats")
local keys = require("pillion.keys")
local say = require("pillion.say")
local windows = require("pillion.windows")

local M = {}

local SOURCE = "pillion"
local NAMES = { "error", "warning", "information", "hint" }
-- The width that Neovim uses before the words, and the least width for the words.
local BRANCH_WIDTH, LEAST = 7, 24

--- A message in lines that fit below the text it is about.
---@param diagnostic vim.Diagnostic
---@return string
local function broken(diagnostic)
  local window = windows.showing(diagnostic.bufnr)
  if not window then
    return diagnostic.message
  end
  local information = vim.fn.getwininfo(window)[1]
  local text = vim.api.nvim_buf_get_lines(diagnostic.bufnr, diagnostic.lnum, diagnostic.lnum + 1, false)[1] or ""
  local indent = vim.fn.strdisplaywidth(text:sub(1, diagnostic.col))
  local room = information.width - information.textoff - indent - BRANCH_WIDTH
  return table.concat(say.wrapped(diagnostic.message, math.max(LEAST, room)), "\n")
end

--- Shows a namespace's findings below the cursor's line. If the user has such lines for all diagnostics, they stay.
---@param namespace integer
function M.show_below(namespace)
  if not vim.diagnostic.config().virtual_lines then
    vim.diagnostic.config({ virtual_lines = { current_line = true, format = broken } }, namespace)
  end
end

--- The findings that can be seen from here: those of the buffer, and of a draft for it.
---@return { bufnr: integer, found: vim.Diagnostic[] }[]
local function in_sight()
  local here = vim.api.nvim_get_current_buf()
  local buffers = { here }
  for _, review in ipairs(require("pillion.review").on_screen()) do
    if review.source == here and review.bufnr ~= here then
      table.insert(buffers, review.bufnr)
    end
  end
  return vim.tbl_map(function(bufnr)
    local found = vim.tbl_filter(function(each)
      return each.source == SOURCE
    end, vim.diagnostic.get(bufnr))
    table.sort(found, function(one, other)
      return one.lnum < other.lnum
    end)
    return { bufnr = bufnr, found = found }
  end, buffers)
end

---@param each vim.Diagnostic
---@param where string
---@return string
local function words_for(each, where)
  local code = each.code and (" (%s)"):format(each.code) or ""
  local message = each.message:gsub("%c+", " ")
  return ("%s %d, %s: %s%s"):format(where, each.lnum + 1, NAMES[each.severity], message, code)
end

--- Why the drafts that can be seen from here wait.
---@return string[]
local function reasons_in_sight()
  local here, found = vim.api.nvim_get_current_buf(), {}
  for _, review in ipairs(require("pillion.review").on_screen()) do
    local why = (review.source == here or review.bufnr == here) and bar.why(review.job)
    if why then
      vim.list_extend(found, { ("%s waits: %s."):format((review.job.title:gsub("^Pillion: ", "")), why), "" })
    end
  end
  return found
end

--- What the user can do about findings: a draft's findings have no menu before they are in the document.
---@param in_draft boolean
---@return string
local function what_can_be_done(in_draft)
  if not in_draft then
    return "gra on its line: have it fixed, ask about it, dismiss it."
  end
  return ("%s accepts the draft; then gra on its line has it fixed or dismissed."):format(keys.chosen().accept)
end

--- Shows the words of the findings on the cursor's line; if there are none, all that are in sight; and why drafts wait.
function M.read()
  local here, line = vim.api.nvim_get_current_buf(), vim.api.nvim_win_get_cursor(0)[1] - 1
  local all, at_cursor, in_draft = {}, {}, true
  for _, buffer in ipairs(in_sight()) do
    local is_draft = vim.startswith(vim.api.nvim_buf_get_name(buffer.bufnr), keys.DRAFT)
    for _, each in ipairs(buffer.found) do
      local words = words_for(each, is_draft and "Draft, line" or "Line")
      in_draft = in_draft and is_draft
      vim.list_extend(all, { words, "" })
      if buffer.bufnr == here and each.lnum <= line and line <= (each.end_lnum or each.lnum) then
        vim.list_extend(at_cursor, { words, "" })
      end
    end
  end
  local lines, reasons = #at_cursor > 0 and at_cursor or all, reasons_in_sight()
  if #lines + #reasons == 0 then
    say.short("Pillion has found nothing in this file.")
    return
  end
  local count = #lines / 2
  local title = count > 0 and say.counted(count, "finding") or "Why it waits"
  lines = vim.list_extend(reasons, lines)
  if count > 0 then
    table.insert(lines, what_can_be_done(in_draft))
  else
    table.remove(lines)
  end
  floats.show(title, lines, "")
end

---@return boolean whether there is something to read
function M.are_there()
  return #reasons_in_sight() > 0 or vim.iter(in_sight()):any(function(buffer)
    return #buffer.found > 0
  end)
end

---@param wanted boolean whether they are shown below their lines
function M.setup(wanted)
  local group = vim.api.nvim_create_augroup("pillion.findings", {})
  if not wanted then
    return
  end
  M.show_below(require("pillion.preview").namespace)
  vim.api.nvim_create_autocmd("LspAttach", {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == "pillion" then
        M.show_below(vim.lsp.diagnostic.get_namespace(client.id, false))
      end
    end,
  })
end

return M
