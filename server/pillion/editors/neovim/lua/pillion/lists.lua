--- Lists from all servers: drafts, the log.

local choose = require("pillion.choose")
local floats = require("pillion.floats")
local requests = require("pillion.requests")
local say = require("pillion.say")
local windows = require("pillion.windows")

local M = {}

--- Shows a job's draft for review; its document is opened if it isn't on screen.
---@param job table id, uri, title
local function review(job)
  local review_module, jobs = require("pillion.review"), require("pillion.jobs")
  local known = jobs.get(job.id)
  if not known then
    say.short("Pillion: that draft isn't on offer any more.")
    return
  end
  if not windows.showing(vim.uri_to_bufnr(job.uri)) then
    windows.edit(vim.uri_to_fname(job.uri))
  end
  review_module.open(known)
end

--- A kept draft as text; a model wrote it, so it isn't opened as a file with plugins and modelines.
---@param draft table see `pillion.drafts`
local function read(draft)
  local lines = windows.file_lines(draft.path)
  if lines then
    floats.show(vim.fs.basename(draft.path), lines, "markdown")
  else
    say.short("Pillion: " .. draft.path .. " can't be read.", nil, vim.log.levels.WARN)
  end
end

--- Has the server make a kept draft's edit, in its document, which is opened if it isn't on screen.
---@param draft table
local function apply(draft)
  if draft.uri == nil or draft.uri == "" then
    say.short("Pillion: the draft doesn't say which file it is for.", nil, vim.log.levels.WARN)
    return
  end
  local bufnr = vim.uri_to_bufnr(draft.uri)
  if not windows.showing(bufnr) then
    windows.edit(vim.uri_to_fname(draft.uri))
  end
  require("pillion.ready").with_client(bufnr, function(client)
    requests.execute(client, "pillion.applyDraft", { { path = draft.path } })
  end)
end

--- Deletes a kept draft, if the user is sure.
---@param draft table
local function drop(draft)
  choose.one({ "No, keep it", "Yes, delete it" }, "Pillion: delete this draft?", tostring, function(answer)
    if vim.startswith(answer, "Yes") then
      requests.execute(nil, "pillion.dropDraft", { { path = draft.path } })
    end
  end)
end

local WAYS = {
  { label = "Read it", run = read },
  { label = "Apply it where its symbol is now", run = apply },
  { label = "Delete it", run = drop },
}

--- Asks what to do with a kept draft.
---@param draft table
local function act_on(draft)
  choose.one(WAYS, vim.trim(("Pillion: %s %s"):format(draft.action, draft.symbol)), function(way)
    return way.label
  end, function(way)
    way.run(draft)
  end)
end

---@param draft table see `pillion.drafts`
---@param what string
---@return table row
local function row_of(draft, what)
  local age = type(draft.modified_at) == "number" and os.date(", %Y-%m-%d %H:%M", math.floor(draft.modified_at)) or ""
  local label = vim.trim(("%s: %s %s"):format(what, draft.action, draft.symbol)) .. age
  return { label = label, open = act_on, argument = draft }
end

--- The drafts to open: those that wait for the user, those of a server that ended, those that were kept.
---@param answers { client: vim.lsp.Client, result: table }[]
---@return table[]
local function rows_in(answers)
  local rows, unfinished, kept = {}, {}, {}
  for _, answer in ipairs(answers) do
    for _, offer in ipairs(answer.result.offered) do
      local job = { id = offer.job, uri = offer.uri, title = offer.title }
      table.insert(rows, { label = "on offer: " .. offer.title, open = review, argument = job })
    end
    -- All servers keep their drafts in the same place.
    unfinished, kept = answer.result.unfinished or {}, answer.result.drafts
  end
  for _, draft in ipairs(unfinished) do
    table.insert(rows, row_of(draft, "unfinished"))
  end
  for _, draft in ipairs(kept) do
    table.insert(rows, row_of(draft, "kept"))
  end
  return rows
end

--- Lists the edits on offer and the kept drafts, and opens the chosen one.
function M.drafts()
  requests.execute_everywhere("pillion.drafts", {}, function(answers)
    local rows = rows_in(answers)
    if #rows == 0 then
      say.short("Pillion has no drafts.")
      return
    end
    choose.one(rows, "Pillion: drafts", function(row)
      return row.label
    end, function(row)
      row.open(row.argument)
    end)
  end)
end

--- Shows the server's log of this session.
function M.log()
  local lines = { "Neovim's own log, with the server's stderr: " .. vim.lsp.log.get_filename(), "" }
  for _, entry in ipairs(require("pillion.log").lines) do
    vim.list_extend(lines, windows.lines_of(entry))
  end
  floats.show("Pillion's log", lines, "")
end

return M
