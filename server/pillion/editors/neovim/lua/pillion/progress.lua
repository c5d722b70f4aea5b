--- Work-done progress in the message area, as it comes, and at most four times a second.

local say = require("pillion.say")

local M = {}

local EVERY_MS = 250
local newest ---@type string?
local timer ---@type uv.uv_timer_t?
local shown = false

-- How long a message stays before progress takes its place.
local SAID_STAYS_MS = 3000

local function show()
  timer = nil
  -- A user who types a command, or reads a message that waits for a key, isn't interrupted.
  -- Without a message area, progress would cover the status line.
  if vim.api.nvim_get_mode().mode:match("^[cr]") or vim.o.cmdheight == 0 then
    return
  end
  local text = newest or ""
  if say.silent_for_ms() < SAID_STAYS_MS then
    shown = false -- other text covers it, so there is nothing to remove
    return
  end
  if text == "" and not shown then
    return
  end
  text = say.fitted(text, say.room())
  shown = text ~= ""
  vim.api.nvim_echo({ { text, "Comment" } }, false, {})
end

---@param event { data: { client_id: integer, params: { value: table } } }
local function on_progress(event)
  local client = vim.lsp.get_client_by_id(event.data.client_id)
  if not client or client.name ~= "pillion" then
    return
  end
  local value = event.data.params.value
  newest = value.kind ~= "end" and (value.message or value.title) or nil
  timer = timer or vim.defer_fn(show, EVERY_MS)
end

---@param wanted boolean
function M.setup(wanted)
  local group = vim.api.nvim_create_augroup("pillion.progress", {})
  if wanted then
    vim.api.nvim_create_autocmd("LspProgress", { group = group, callback = on_progress })
  end
end

return M
