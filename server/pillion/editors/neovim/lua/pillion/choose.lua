--- Menus whose rows fit on their lines: in Neovim's own menu a longer one breaks over two.

local say = require("pillion.say")

local M = {}

-- What stands before a row: its number.
local NUMBER_WIDTH = 5

--- Has the user choose one of several things; nothing happens if they don't.
---@generic T
---@param items T[]
---@param prompt string
---@param label fun(item: T): string
---@param done fun(item: T)
function M.one(items, prompt, label, done)
  local options = {
    prompt = say.fitted(prompt, vim.o.columns - 1),
    kind = "pillion",
    format_item = function(item)
      return say.fitted(label(item), vim.o.columns - NUMBER_WIDTH)
    end,
  }
  vim.ui.select(items, options, function(item)
    if item then
      done(item)
    end
  end)
end

return M
