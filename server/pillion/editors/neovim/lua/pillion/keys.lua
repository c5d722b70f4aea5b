--- The keys for a draft, in the buffers where it can be seen: also in its document, as long as a draft for it waits.

local M = {}

-- How the names of the buffers with drafts begin.
M.DRAFT = "pillion://draft/"

---@class pillion.Keys
---@field accept string
---@field reject string
---@field close string

local keys = {} ---@type pillion.Keys
local users = {} ---@type table<integer, { count: integer, before: table<string, table> }> by buffer

---@return pillion.Keys
function M.chosen()
  return keys
end

---@param bufnr integer
---@param key string
---@param what string
---@param run fun()
function M.set(bufnr, key, what, run)
  vim.keymap.set("n", key, run, { buffer = bufnr, nowait = true, desc = "Pillion: " .. what })
end

--- The user's own mapping of a key in a buffer, if there is one.
---@param bufnr integer
---@param key string
---@return table?
local function own_mapping(bufnr, key)
  return vim.api.nvim_buf_call(bufnr, function()
    local found = vim.fn.maparg(key, "n", false, true)
    return found.buffer == 1 and found or nil
  end)
end

--- Makes the keys mean the drafts of a document, in the document. Release them as often as this was called.
---@param bufnr integer
function M.hold(bufnr)
  local user = users[bufnr] or { count = 0, before = {} }
  users[bufnr] = user
  user.count = user.count + 1
  if user.count > 1 then
    return
  end
  local verdict = require("pillion.verdict")
  for key, run in pairs({ [keys.accept] = verdict.accept_change, [keys.reject] = verdict.reject_change }) do
    user.before[key] = own_mapping(bufnr, key)
    M.set(bufnr, key, "accept or reject the draft, or the change at the cursor", function()
      run()
    end)
  end
end

--- Gives the document its own keys back.
---@param bufnr integer
function M.release(bufnr)
  local user = users[bufnr]
  if not user then
    return
  end
  user.count = user.count - 1
  if user.count > 0 then
    return
  end
  users[bufnr] = nil
  if not vim.api.nvim_buf_is_valid(bufnr) then
    return
  end
  for _, key in ipairs({ keys.accept, keys.reject }) do
    pcall(vim.keymap.del, "n", key, { buffer = bufnr })
    if user.before[key] then
      vim.api.nvim_buf_call(bufnr, function()
        vim.fn.mapset("n", false, user.before[key])
      end)
    end
  end
end

--- Whether the keys mean drafts in this buffer.
---@param bufnr integer
---@return boolean
function M.are_held(bufnr)
  return users[bufnr] ~= nil
end

---@param chosen pillion.Keys
function M.setup(chosen)
  keys, users = chosen, {}
end

return M
