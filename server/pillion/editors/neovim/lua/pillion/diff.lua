--- Windows as sides of a diff. The options are set one by one: `:diffthis` would change others too, and throw away the
--- folds that the user has made.

local M = {}

local SIDE = { diff = true, scrollbind = true, cursorbind = false, wrap = false, foldenable = false }

--- A window's options before it becomes a side.
---@param window integer
---@return table<string, any>
function M.options(window)
  local found = { winbar = vim.wo[window][0].winbar }
  for name in pairs(SIDE) do
    found[name] = vim.wo[window][0][name]
  end
  return found
end

--- Sets options of a window for the buffer that it shows now, and for no other.
---@param window integer
---@param options table<string, any>
function M.set(window, options)
  for name, value in pairs(options) do
    vim.wo[window][0][name] = value
  end
end

--- Makes a window a side.
---@param window integer
function M.join(window)
  M.set(window, SIDE)
end

return M
