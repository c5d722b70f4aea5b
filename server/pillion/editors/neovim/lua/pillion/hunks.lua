--- Draws a small change into its document: added text as virtual lines, removed text as
--- marked lines.

local M = {}

local namespace = vim.api.nvim_create_namespace("pillion.inplace")
-- A change of more lines than this is easier to read beside the document.
local MOST_LINES = 12

---@class pillion.Hunk
---@field start integer where it begins in the document, from 0
---@field removed integer how many lines go
---@field added string[] what comes instead

--- What differs between two texts.
---@param before string[]
---@param after string[]
---@return pillion.Hunk[]
local function between(before, after)
  local function text(lines)
    return table.concat(lines, "\n") .. "\n"
  end
  local found = {}
  for _, each in ipairs(vim.diff(text(before), text(after), { result_type = "indices" })) do
    local start, removed, from, count = unpack(each)
    table.insert(found, {
      start = removed > 0 and start - 1 or start, -- if no line is removed, the diff names the line before
      removed = removed,
      added = vim.list_slice(after, from, from + count - 1),
    })
  end
  return found
end

--- The changes that `lines` make to a document, if they can be shown in it: few, and none above its first
--- line, where Neovim shows nothing.
---@param bufnr integer
---@param lines string[]
---@return pillion.Hunk[]?
function M.small(bufnr, lines)
  local found, count = between(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false), lines), 0
  for _, hunk in ipairs(found) do
    if hunk.start == 0 and hunk.removed == 0 then
      return nil
    end
    count = count + hunk.removed + #hunk.added
  end
  return count > 0 and count <= MOST_LINES and found or nil
end

--- Draws changes, with hints below the last one.
---@param bufnr integer
---@param found pillion.Hunk[]
---@param hints string[]
---@return integer[] marks
function M.draw(bufnr, found, hints)
  local marks = {}
  local tab = (" "):rep(vim.bo[bufnr].tabstop)
  local function mark(row, options)
    table.insert(marks, vim.api.nvim_buf_set_extmark(bufnr, namespace, row, 0, options))
  end
  for index, hunk in ipairs(found) do
    for row = hunk.start, hunk.start + hunk.removed - 1 do
      mark(row, { line_hl_group = "PillionRemoved" })
    end
    local below = vim.tbl_map(function(line)
      return { { (line:gsub("\t", tab)), "PillionAdded" } }
    end, hunk.added)
    if index == #found then
      vim.list_extend(below, vim.tbl_map(function(hint)
        return { { hint, "PillionHint" } }
      end, hints))
    end
    mark(hunk.start + hunk.removed - 1, { virt_lines = below })
  end
  return marks
end

---@param bufnr integer
---@param marks integer[]
function M.clear(bufnr, marks)
  for _, mark in ipairs(marks) do
    vim.api.nvim_buf_del_extmark(bufnr, namespace, mark)
  end
end

function M.setup()
  for name, link in pairs({ PillionAdded = "DiffAdd", PillionRemoved = "DiffDelete", PillionHint = "Comment" }) do
    vim.api.nvim_set_hl(0, name, { default = true, link = link })
  end
end

return M
