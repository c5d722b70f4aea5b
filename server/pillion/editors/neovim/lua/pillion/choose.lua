--- Menus whose rows fit on their lines: in Neovim's own menu a longer one breaks over two.

local say = require("pillion.say")

local M = {}

-- The text before a row: its number.
local NUMBER_WIDTH = 5
local MOST_LINES = 3 -- of a prompt; a word that doesn't fit takes one more

--- A menu's first words: in Neovim's own menu, which would break them anywhere, in a few lines; in the title that a
--- plugin's menu has there is room for one.
---@param text string
---@return string
function M.prompt(text)
  local own = debug.getinfo(vim.ui.select, "S").source:find("/vim/ui.lua", 1, true)
  local room = vim.o.columns - 2 -- Neovim puts a colon behind a question
  if not own then
    return say.fitted(text, room)
  end
  return table.concat(say.wrapped(say.fitted(text, MOST_LINES * room), room), "\n")
end

--- Lets the user choose one of several things; nothing happens if they don't.
---@generic T
---@param items T[]
---@param prompt string
---@param label fun(item: T): string
---@param done fun(item: T)
function M.one(items, prompt, label, done)
  local options = {
    prompt = M.prompt(prompt),
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
