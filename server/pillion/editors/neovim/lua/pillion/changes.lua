--- The changes of a draft that are decided on their own, and the one that the cursor is on.

local M = {}

--- The lines of a range, from 0. An empty range lies between two lines, and means both.
---@param range lsp.Range
---@return integer first
---@return integer last
local function lines_of(range)
  local first, last = range.start.line, range["end"].line
  if first == last and range.start.character == range["end"].character then
    return first - 1, first
  end
  return first, range["end"].character == 0 and last - 1 or last
end

---@param range lsp.Range
---@return boolean
local function is_empty(range)
  return range.start.line == range["end"].line and range.start.character == range["end"].character
end

--- Keeps what the server said of a draft's changes.
---@param review pillion.Review
---@param told table see `pillion.preview`
function M.take(review, told)
  review.hunks = told.hunks or {}
end

--- The change that the cursor is on, if there are several.
---@param review pillion.Review
---@return { id: string }? hunk
---@return integer? number which one it is, from 1
function M.at_cursor(review)
  local here, hunks = vim.api.nvim_get_current_buf(), review.hunks or {}
  if #hunks < 2 or (here ~= review.bufnr and here ~= review.source) then
    return nil
  end
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local side = here == review.source and "range" or "written"
  for _, empty in ipairs({ false, true }) do
    for number, hunk in ipairs(hunks) do
      for _, change in ipairs(hunk.changes) do
        local first, last = lines_of(change[side])
        if is_empty(change[side]) == empty and first <= line and line <= last then
          return hunk, number
        end
      end
    end
  end
  return nil
end

--- What the keys do where the cursor is.
---@param review pillion.Review
---@param accept string a key
---@param reject string a key
---@return string
function M.words(review, accept, reject)
  local count = #(review.hunks or {})
  if count < 2 then
    return ("%s accepts · %s rejects"):format(accept, reject)
  end
  local _, number = M.at_cursor(review)
  if number then
    return ("%s accepts %d of %d · %s rejects it"):format(accept, number, count, reject)
  end
  return ("%s accepts all %d · %s rejects all"):format(accept, count, reject)
end

return M
