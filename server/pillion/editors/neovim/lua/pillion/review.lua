--- Reviews: a draft beside the original, as a diff that fills while the model writes.

local windows = require("pillion.windows")

local M = {}

local POLL_MS = 200
-- What a diff changes in the original's window, and what it gets back afterwards.
local WINDOW_OPTIONS = {
  "diff",
  "scrollbind",
  "cursorbind",
  "wrap",
  "foldmethod",
  "foldcolumn",
  "foldenable",
  "foldlevel",
  "winbar",
}
local namespace = vim.api.nvim_create_namespace("pillion.review")

--- One review on screen.
---@class pillion.Review
---@field job pillion.Job
---@field source integer the document's buffer
---@field original integer its window
---@field saved table<string, any> that window's options
---@field bufnr integer the draft's buffer
---@field window integer its window
---@field timer uv.uv_timer_t
---@field asking boolean whether a preview is on its way
---@field tick? integer the original's changedtick at the last complete preview
---@field changed? lsp.Range what the draft changes, in its own text
---@field placed boolean whether the window has been scrolled to what changed

local keys = {} ---@type { accept: string, reject: string, close: string }
local reviews = {} ---@type table<string, pillion.Review>

---@param review pillion.Review
local function winbar(review)
  local job = review.job
  local words
  if job.state == "offered" then
    words = ("%s accepts · %s rejects · %s leaves it for later"):format(keys.accept, keys.reject, keys.close)
  elseif job.endpoint then
    local rate = ("%d tokens · %.0f tok/s"):format(job.tokens or 0, job.tokens_per_s or 0)
    words = ("%s · %s · %s cancels"):format(job.endpoint, rate, keys.reject)
  else
    words = job.state
  end
  local found = (job.findings or 0) > 0 and (" · %d findings"):format(job.findings) or ""
  local title = job.title:gsub("^Pillion: ", "")
  vim.wo[review.window].winbar = windows.escaped(("%s%s │ %s"):format(title, found, words))
end

--- The review for which this window shows the document, if there is one.
---@param window integer
---@return pillion.Review?
local function review_beside(window)
  return vim.iter(vim.tbl_values(reviews)):find(function(review)
    return review.original == window
  end)
end

--- Puts everything back as it was before the review.
---@param review pillion.Review
local function close(review)
  if reviews[review.job.id] ~= review then
    return
  end
  reviews[review.job.id] = nil
  review.timer:stop()
  review.timer:close()
  if vim.api.nvim_win_is_valid(review.original) and not review_beside(review.original) then
    vim.api.nvim_win_call(review.original, function()
      vim.cmd.diffoff()
      -- The diff's folds would stay as the user's own, and hide the whole file.
      if review.saved.foldmethod == "manual" then
        local cursor = vim.api.nvim_win_get_cursor(0) -- who types at the end of a line stays there
        vim.cmd("silent! normal! zE")
        vim.api.nvim_win_set_cursor(0, cursor)
      end
      for name, value in pairs(review.saved) do
        vim.api.nvim_set_option_value(name, value, { scope = "local", win = review.original })
      end
    end)
  end
  windows.close(review.window)
end

---@param lines string[]
---@param position { line: integer, character: integer }
---@param encoding string
---@return integer column in bytes
local function column(lines, position, encoding)
  return vim.str_byteindex(lines[position.line + 1] or "", encoding, position.character, false)
end

---@param review pillion.Review
---@param preview table see `pillion.preview`
local function show(review, preview)
  if not (vim.api.nvim_buf_is_valid(review.bufnr) and vim.api.nvim_win_is_valid(review.window)) then
    return
  end
  local lines = windows.lines_of(preview.text)
  if lines[#lines] == "" and vim.bo[review.source].endofline then
    table.remove(lines)
  end
  review.changed = preview.changed
  if windows.set_lines(review.bufnr, lines) then
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
  vim.diagnostic.set(namespace, review.bufnr, shown)
  if not review.placed and preview.changed and vim.api.nvim_get_current_win() ~= review.window then
    review.placed = true
    local line = math.min(preview.changed.start.line + 1, math.max(1, #lines))
    vim.api.nvim_win_set_cursor(review.window, { line, 0 })
  end
end

--- Asks for the draft as it is, if there may be news.
---@param review pillion.Review
local function poll(review)
  local tick = vim.api.nvim_buf_is_valid(review.source) and vim.api.nvim_buf_get_changedtick(review.source) or nil
  if review.asking or not tick or review.tick == tick or reviews[review.job.id] ~= review then
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
    if err or not preview or preview == vim.NIL or reviews[review.job.id] ~= review then
      return
    end
    review.tick = preview.complete and review.job.state == "offered" and tick or nil
    show(review, preview)
  end, review.source)
end

---@param review pillion.Review
local function map(review)
  local function set(key, what, run)
    vim.keymap.set("n", key, run, { buffer = review.bufnr, nowait = true, desc = "Pillion: " .. what })
  end
  set(keys.accept, "accept the draft", function()
    require("pillion.verdict").accept(review.job.id)
  end)
  set(keys.reject, "reject the draft", function()
    require("pillion.verdict").reject(review.job.id)
  end)
  set(keys.close, "leave the draft for later", function()
    close(review)
  end)
end

--- Opens a job's review beside its document. The cursor stays where it is.
---@param job pillion.Job
---@return boolean opened false if the document isn't on screen
function M.open(job)
  if reviews[job.id] then
    return true
  end
  local source = vim.uri_to_bufnr(job.uri)
  local original = windows.showing(source)
  if not original or vim.fn.getcmdwintype() ~= "" then
    return false
  end
  local beside = review_beside(original)
  local saved = beside and beside.saved or {}
  for _, name in ipairs(beside and {} or WINDOW_OPTIONS) do
    saved[name] = vim.api.nvim_get_option_value(name, { scope = "local", win = original })
  end
  local file = vim.fs.basename(vim.uri_to_fname(job.uri))
  local bufnr = windows.scratch(("pillion://draft/%s/%s"):format(job.id, file), vim.bo[source].filetype)
  windows.set_lines(bufnr, vim.api.nvim_buf_get_lines(source, 0, -1, false))
  local window = vim.api.nvim_open_win(bufnr, false, { split = "right", win = original })
  for _, each in ipairs({ original, window }) do
    vim.api.nvim_win_call(each, vim.cmd.diffthis)
    vim.wo[each].foldenable = false
    vim.wo[each].cursorbind = false
  end
  vim.wo[original].winbar = "as it is now" -- the draft has one, and the lines of both are to stand side by side
  local review = {
    job = job,
    source = source,
    original = original,
    saved = saved,
    bufnr = bufnr,
    window = window,
    timer = assert(vim.uv.new_timer()),
    asking = false,
    placed = false,
  }
  reviews[job.id] = review
  map(review)
  winbar(review)
  vim.api.nvim_create_autocmd("WinClosed", {
    pattern = { tostring(window), tostring(original) },
    once = true,
    callback = function()
      vim.schedule(function()
        close(review)
      end)
    end,
  })
  review.timer:start(0, POLL_MS, vim.schedule_wrap(function()
    poll(review)
  end))
  return true
end

---@param id string
---@return boolean
function M.is_open(id)
  return reviews[id] ~= nil
end

--- Every review, the oldest job's first.
---@return pillion.Review[]
function M.on_screen()
  local found = {}
  for _, job in ipairs(require("pillion.jobs").open()) do
    table.insert(found, reviews[job.id])
  end
  return found
end

--- Opens a job's review if it should be on screen and never was.
---@param job pillion.Job
local function open_if_due(job)
  local due = job.state == "offered" or (job.review and job.state ~= "queued")
  if due and not job.reviewed and job.output ~= "prose" then
    job.reviewed = M.open(job)
  end
end

---@param job pillion.Job
local function update(job)
  local jobs = require("pillion.jobs")
  local review = reviews[job.id]
  if review then
    local offered_now = job.state == "offered" and review.job.state ~= "offered"
    review.job = job
    if jobs.is_over(job) then
      close(review)
      return
    end
    winbar(review)
    if offered_now then
      poll(review)
    end
  elseif not jobs.is_over(job) then
    open_if_due(job)
  end
end

---@param chosen { accept: string, reject: string, close: string }
function M.setup(chosen)
  keys = chosen
  require("pillion.jobs").on_change(update)
  -- A document that wasn't on screen may be now.
  vim.api.nvim_create_autocmd({ "BufWinEnter", "TabEnter", "CmdwinLeave" }, {
    group = vim.api.nvim_create_augroup("pillion.review", {}),
    callback = vim.schedule_wrap(function()
      vim.iter(require("pillion.jobs").open()):each(open_if_due)
    end),
  })
end

return M
