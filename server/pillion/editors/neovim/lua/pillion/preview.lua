--- Fetches a draft from the server, as it would be in its document now, and shows it in its window.

local changes = require("pillion.changes")
local keys = require("pillion.keys")
local windows = require("pillion.windows")

local M = {}

local POLL_MS = 200
-- Of the diagnostics in drafts.
M.namespace = vim.api.nvim_create_namespace("pillion.review")

---@param lines string[]
---@param position { line: integer, character: integer }
---@param encoding string
---@return integer column in bytes
local function column(lines, position, encoding)
  return vim.str_byteindex(lines[position.line + 1] or "", encoding, position.character, false)
end

--- The lines of a draft's text.
---@param review pillion.Review
---@param preview table see `pillion.preview`
---@return string[]
function M.lines_of(review, preview)
  local lines = windows.lines_of(preview.text)
  if lines[#lines] == "" and vim.bo[review.source].endofline then
    table.remove(lines)
  end
  return lines
end

--- The other files that a draft changes or creates: their names and their new texts.
---@param preview table see `pillion.preview`
---@return string[]
local function others_of(preview)
  local lines = {}
  for _, each in ipairs(preview.changes or {}) do
    local name = vim.fn.fnamemodify(vim.uri_to_fname(each.new_uri or each.uri), ":.")
    vim.list_extend(lines, { "", ("── %s: %s ──"):format(each.kind, name) })
    vim.list_extend(lines, each.text and windows.lines_of(each.text) or {})
  end
  return lines
end

--- Shows a draft in its window; below it the other files that it changes.
---@param review pillion.Review
---@param preview table see `pillion.preview`
function M.show(review, preview)
  if not windows.shows(review.window, review.bufnr) then
    return
  end
  local lines = M.lines_of(review, preview)
  review.changed = preview.changed
  changes.take(review, preview)
  local others = others_of(preview)
  if windows.set_lines(review.bufnr, vim.list_extend(vim.list_slice(lines), others)) then
    vim.api.nvim_win_call(review.window, vim.cmd.diffupdate)
  end
  local client = vim.lsp.get_client_by_id(review.job.client_id)
  local encoding = client and client.offset_encoding or "utf-16"
  local shown = {}
  for _, each in ipairs(preview.diagnostics) do
    table.insert(shown, {
      lnum = each.range.start.line,
      col = column(lines, each.range.start, encoding),
      end_lnum = each.range["end"].line,
      end_col = column(lines, each.range["end"], encoding),
      severity = each.severity,
      message = each.message,
      source = each.source,
      code = each.code,
    })
  end
  vim.diagnostic.set(M.namespace, review.bufnr, shown)
  if not review.placed and preview.changed and vim.api.nvim_get_current_win() ~= review.window then
    review.placed = true
    local line = math.min(preview.changed.start.line + 1, math.max(1, #lines))
    if #others > 0 and vim.deep_equal(preview.changed.start, preview.changed["end"]) then
      line = #lines + 2 -- nothing changes in the document itself
    end
    vim.api.nvim_win_set_cursor(review.window, { line, 0 })
  end
end

--- Asks for the draft, if there may be news.
---@param review pillion.Review
function M.poll(review)
  local tick = vim.api.nvim_buf_is_valid(review.source) and vim.api.nvim_buf_get_changedtick(review.source) or nil
  if review.asking or not tick or review.tick == tick or review.closed then
    return
  end
  local client = vim.lsp.get_client_by_id(review.job.client_id)
  if not client then
    return
  end
  review.asking = true
  local request = { command = "pillion.preview", arguments = { { job = review.job.id } } }
  client:request("workspace/executeCommand", request, function(err, preview)
    review.asking = false
    if err or not preview or preview == vim.NIL or review.closed then
      return
    end
    review.tick = preview.complete and review.job.state == "offered" and tick or nil
    review.shown(preview)
  end, review.source)
end

--- Shows a draft as it is now, again and again until `leave`; the keys of its document mean this draft.
---@param review pillion.Review
---@param shown fun(preview: table)
function M.follow(review, shown)
  review.shown = shown
  keys.hold(review.source)
  review.timer = assert(vim.uv.new_timer())
  review.timer:start(0, POLL_MS, vim.schedule_wrap(function()
    M.poll(review)
  end))
end

--- Ends the common part of every review, once.
---@param review pillion.Review
---@return boolean ended false if it was over before
function M.leave(review)
  if review.closed then
    return false
  end
  review.closed = true
  review.timer:stop()
  review.timer:close()
  vim.api.nvim_del_augroup_by_id(review.group)
  keys.release(review.source)
  return true
end

return M
