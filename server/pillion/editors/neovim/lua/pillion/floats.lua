--- Floating windows that fit their text.

local markdown = require("pillion.markdown")
local say = require("pillion.say")
local windows = require("pillion.windows")

local M = {}

local WIDEST, NARROWEST = 84, 24
-- How much a border takes of a window's width or height.
local BORDER = 2

--- A window and its purpose.
---@class pillion.Float
---@field bufnr integer
---@field window integer
---@field title string
---@field entered boolean
---@field key string the key that closes it
---@field row integer where it begins if there is room below

---@param float pillion.Float
---@param scrolls boolean
---@return string
local function footer(float, scrolls)
  local words = float.entered and float.key .. " closes" or "CTRL-W w goes here, " .. float.key .. " closes"
  return words .. (scrolls and " · j and k scroll" or "")
end

--- The rows of the screen that a window may take, its border included.
---@return integer first, integer last counted from 0; `last` isn't among them
local function rows()
  local first = vim.o.showtabline == 2 and 1 or 0
  return first, vim.o.lines - vim.o.cmdheight - (vim.o.laststatus > 0 and 1 or 0)
end

---@param float pillion.Float
---@return integer
local function text_width(float)
  local widest = vim.fn.strdisplaywidth(float.title)
  for _, line in ipairs(vim.api.nvim_buf_get_lines(float.bufnr, 0, -1, false)) do
    widest = math.max(widest, vim.fn.strdisplaywidth(line))
  end
  return math.max(widest, vim.fn.strdisplaywidth(footer(float, true))) + BORDER
end

---@param float pillion.Float
---@param row integer
---@param width integer
---@param height integer
---@param scrolls boolean
local function config(float, row, width, height, scrolls)
  return {
    relative = "editor",
    row = row,
    col = math.max(0, math.floor((vim.o.columns - width - BORDER) / 2)),
    width = width,
    height = height,
    style = "minimal",
    border = "rounded",
    title = (" %s "):format(say.fitted(float.title, width - 2)),
    footer = (" %s "):format(footer(float, scrolls)),
  }
end

--- Makes a window as large as its text needs. While more text will come, it has its full width from the start, so
--- that only its height changes.
---@param float pillion.Float
---@param complete boolean
function M.fit(float, complete)
  if not windows.shows(float.window, float.bufnr) then
    return
  end
  local first, last = rows()
  local room = math.max(1, last - first - BORDER)
  local width = math.max(NARROWEST, math.min(WIDEST, vim.o.columns - BORDER - 2))
  if complete then
    width = math.max(NARROWEST, math.min(width, text_width(float)))
  end
  vim.api.nvim_win_set_width(float.window, width) -- the height that the text takes depends on it
  local wanted = vim.api.nvim_win_text_height(float.window, {}).all
  local height = math.max(1, math.min(wanted, room))
  local row = math.max(first, math.min(float.row, last - height - BORDER))
  vim.api.nvim_win_set_config(float.window, config(float, row, width, height, wanted > room))
end

--- Opens a window, below the cursor's line if there is room; `key` and Escape close it.
---@param bufnr integer
---@param title string
---@param enter boolean
---@param key string
---@return pillion.Float
function M.open(bufnr, title, enter, key)
  local float = { bufnr = bufnr, title = title, entered = enter, key = key }
  float.row = vim.fn.screenpos(0, vim.fn.line("."), 1).row
  float.window = vim.api.nvim_open_win(bufnr, enter, config(float, float.row, NARROWEST, 1, false))
  for name, value in pairs({ wrap = true, linebreak = true, breakindent = true, conceallevel = 2 }) do
    vim.wo[float.window][0][name] = value
  end
  vim.wo[float.window][0].concealcursor = "nvic"
  for _, each in ipairs({ key, "<Esc>" }) do
    vim.keymap.set("n", each, function()
      windows.close(float.window, bufnr)
    end, { buffer = bufnr, nowait = true, desc = "Pillion: close" })
  end
  return float
end

--- Shows lines in a window of their own.
---@param title string
---@param lines string[]
---@param syntax string
function M.show(title, lines, syntax)
  local bufnr = windows.scratch("pillion://" .. title, syntax)
  windows.set_lines(bufnr, lines)
  local float = M.open(bufnr, title, true, "q")
  if syntax == "markdown" then
    markdown.render(bufnr)
  end
  M.fit(float, true)
end

return M
