--- Reviews: a draft beside the original, as a diff that fills while the model writes.

local bar = require("pillion.bar")
local diff = require("pillion.diff")
local inplace = require("pillion.inplace")
local keys = require("pillion.keys")
local preview = require("pillion.preview")
local say = require("pillion.say")
local windows = require("pillion.windows")

local M = {}

-- How wide a window must be to be split into two.
local SIDE_BY_SIDE_FROM = 120

--- One review on screen.
---@class pillion.Review
---@field job pillion.Job
---@field source integer the document's buffer
---@field original integer its window
---@field saved table<string, any> that window's options
---@field bufnr integer the draft's buffer
---@field window integer its window
---@field timer uv.uv_timer_t
---@field shown fun(preview: table) shows the draft as it is now
---@field marks? integer[] what is drawn in the document, of a review in place
---@field asking boolean whether a preview is on its way
---@field tick? integer the original's changedtick at the last complete preview
---@field changed? lsp.Range what the draft changes, in its own text
---@field hunks? table[] the changes that are decided on their own, see `pillion.preview`
---@field placed boolean whether the window has been scrolled to what changed
---@field closed boolean
---@field group integer its autocommands

local reviews = {} ---@type table<string, pillion.Review>

--- The review for which this window shows the document, if there is one.
---@param window integer
---@return pillion.Review?
local function review_beside(window)
  return vim.iter(vim.tbl_values(reviews)):find(function(review)
    return review.original == window
  end)
end

--- Gives the original's window its options back. If the buffer isn't in it any more, its options can't be reached; they
--- are set when the buffer comes back.
---@param review pillion.Review
local function restore(review)
  local original, source = review.original, review.source
  if windows.shows(original, source) then
    diff.set(original, review.saved)
  elseif vim.api.nvim_win_is_valid(original) and vim.api.nvim_buf_is_valid(source) then
    vim.api.nvim_create_autocmd("BufWinEnter", {
      buffer = source,
      callback = function()
        if not windows.shows(original, source) then
          return not vim.api.nvim_win_is_valid(original)
        end
        if not review_beside(original) then
          diff.set(original, review.saved)
        end
        return true
      end,
    })
  end
end

--- Puts everything back as it was before the review.
---@param review pillion.Review
local function close(review)
  if not preview.leave(review) then
    return
  end
  reviews[review.job.id] = nil
  if windows.shows(review.window, review.bufnr) then
    vim.wo[review.window][0].diff = false -- else 'closeoff' ends the diff of the windows that are left
  end
  if not review_beside(review.original) then
    restore(review)
  end
  if not windows.close(review.window, review.bufnr) then
    -- The document's own window was closed, and this is the last one.
    local there = vim.api.nvim_buf_is_valid(review.source)
    vim.wo[review.window][0].winfixbuf = false
    vim.api.nvim_win_set_buf(review.window, there and review.source or vim.api.nvim_create_buf(true, false))
    diff.set(review.window, review.saved)
  end
  if windows.shows(review.original, review.source) then
    windows.fill(review.original)
  end
end

--- The document leaves its window: the review closes with it, and opens again when the document comes back.
---@param review pillion.Review
local function leave(review)
  diff.set(review.original, review.saved) -- now: Neovim remembers a buffer's options as they are when it goes
  vim.schedule(function()
    if not review.closed and vim.api.nvim_win_is_valid(review.original) then
      review.job.reviewed = false
      close(review)
    end
  end)
end

---@param review pillion.Review
local function map(review)
  local chosen = keys.chosen()
  keys.set(review.bufnr, chosen.accept, "accept the draft, or the change at the cursor", function()
    require("pillion.verdict").accept_change(review.job.id)
  end)
  keys.set(review.bufnr, chosen.reject, "reject the draft, or the change at the cursor", function()
    require("pillion.verdict").reject_change(review.job.id)
  end)
  keys.set(review.bufnr, chosen.close, "leave the draft for later", function()
    close(review)
  end)
end

--- Watches the windows and buffers of a review.
---@param review pillion.Review
local function watch(review)
  local later = vim.schedule_wrap(function()
    close(review)
  end)
  local function on(event, options)
    options.group = review.group
    vim.api.nvim_create_autocmd(event, options)
  end
  for _, bufnr in ipairs({ review.source, review.bufnr }) do
    on("CursorMoved", {
      buffer = bufnr,
      callback = function()
        if #(review.hunks or {}) > 1 then
          bar.show(review)
        end
      end,
    })
  end
  on("WinClosed", { pattern = { tostring(review.window), tostring(review.original) }, callback = later })
  on("BufWipeout", { buffer = review.bufnr, callback = later })
  on("BufWinLeave", {
    buffer = review.source,
    callback = function()
      if windows.shows(review.original, review.source) then
        leave(review)
      end
    end,
  })
  on("BufWinEnter", {
    callback = function()
      -- There is no event for a buffer that leaves a window while another window shows it.
      if vim.api.nvim_win_is_valid(review.original) and not windows.shows(review.original, review.source) then
        later()
      end
    end,
  })
end

--- Where a draft's window opens: two windows side by side need room for the lines of both.
---@param original integer
---@return "right"|"below"
local function side(original)
  return vim.api.nvim_win_get_width(original) >= SIDE_BY_SIDE_FROM and "right" or "below"
end

--- Opens a job's review beside its document. The cursor stays where it is.
---@param job pillion.Job
---@return boolean found false if the document isn't on screen
function M.open(job)
  if reviews[job.id] then
    return true
  end
  local small = inplace.of(job.id)
  if small then
    inplace.close(small)
  end
  local source = vim.uri_to_bufnr(job.uri)
  local original = windows.showing(source)
  if not original or vim.fn.getcmdwintype() ~= "" then
    return false
  end
  local file = vim.fs.basename(vim.uri_to_fname(job.uri))
  local bufnr = windows.scratch(("%s%s/%s"):format(keys.DRAFT, job.id, file), vim.bo[source].filetype, source)
  windows.set_lines(bufnr, vim.api.nvim_buf_get_lines(source, 0, -1, false))
  local opened, window = pcall(vim.api.nvim_open_win, bufnr, false, { split = side(original), win = original })
  if not opened then
    vim.api.nvim_buf_delete(bufnr, { force = true })
    say.to_user(job.title, "there is no room to show the draft", "", vim.log.levels.WARN)
    return true
  end
  local beside = review_beside(original)
  local review = {
    job = job,
    source = source,
    original = original,
    saved = beside and beside.saved or diff.options(original),
    bufnr = bufnr,
    window = window,
    asking = false,
    placed = false,
    closed = false,
    group = vim.api.nvim_create_augroup("pillion.review." .. job.id, {}),
  }
  diff.join(original)
  diff.join(window)
  vim.wo[window][0].winfixbuf = true
  reviews[job.id] = review
  map(review)
  bar.show(review) -- both get a line above, so that their lines are side by side
  watch(review)
  preview.follow(review, function(told)
    preview.show(review, told)
    bar.show(review)
  end)
  return true
end

--- How a job's draft is shown now, if it is.
---@param id string
---@return "beside"|"inplace"|nil
function M.shown(id)
  return reviews[id] and "beside" or inplace.of(id) and "inplace" or nil
end

--- Every review, the oldest job's first.
---@return pillion.Review[]
function M.on_screen()
  local found = {}
  for _, job in ipairs(require("pillion.jobs").open()) do
    table.insert(found, reviews[job.id] or inplace.of(job.id))
  end
  return found
end

--- Opens a job's review if it should be on screen and never was. Text that describes code is small, and is shown at its
--- place once it is complete.
---@param job pillion.Job
local function open_if_due(job)
  local offered = job.state == "offered"
  if job.reviewed or job.output == "prose" then
    return
  end
  if job.output == "fields" or job.output == "names" then
    job.reviewed = (offered and inplace.open(job, M.open)) or job.reviewed
  elseif offered or (job.review and job.state ~= "queued") then
    job.reviewed = M.open(job) or job.reviewed
  end
end

---@param job pillion.Job
local function update(job)
  local jobs = require("pillion.jobs")
  local review, small = reviews[job.id], inplace.of(job.id)
  if small then
    inplace.update(small, job)
  elseif review then
    local offered_now = job.state == "offered" and review.job.state ~= "offered"
    review.job = job
    if jobs.is_over(job) then
      close(review)
      return
    end
    bar.show(review)
    review.tick = nil -- after a decision on one change, the draft is another one
    if offered_now then
      preview.poll(review)
    end
  elseif not jobs.is_over(job) then
    open_if_due(job)
  end
end

function M.setup()
  inplace.setup()
  require("pillion.jobs").on_change(update)
  local group = vim.api.nvim_create_augroup("pillion.review", {})
  vim.api.nvim_create_autocmd("WinEnter", {
    group = group,
    callback = function()
      vim.iter(vim.tbl_values(reviews)):each(bar.show)
    end,
  })
  -- A document that wasn't on screen before may be on screen now.
  vim.api.nvim_create_autocmd({ "BufWinEnter", "TabEnter", "CmdwinLeave" }, {
    group = group,
    callback = vim.schedule_wrap(function()
      vim.iter(require("pillion.jobs").open()):each(open_if_due)
    end),
  })
end

return M
