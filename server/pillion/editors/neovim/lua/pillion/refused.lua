--- `:PillionRefused`: the refused jobs, why they were refused, and what to do about it, as long as the server runs.

local choose = require("pillion.choose")
local floats = require("pillion.floats")
local requests = require("pillion.requests")
local say = require("pillion.say")
local windows = require("pillion.windows")

local M = {}

--- A job whose drafts were refused, as `pillion.drafts` describes it, and its server.
---@class pillion.Refusal
---@field job string
---@field title string
---@field reason string
---@field attempts pillion.Attempt[]
---@field larger? string
---@field larger_tier? string
---@field draft_file? string
---@field client vim.lsp.Client

local seen = {} ---@type table<string, boolean> the jobs whose refusal the user has looked at

---@param value any
---@return any
local function given(value)
  return value ~= vim.NIL and value or nil
end

--- The reason of a refusal, without the words that say that it is a refusal.
---@param reason any
---@return string
local function plain(reason)
  local words = type(reason) == "string" and reason or ""
  return (words:gsub("^the edit was refused: ", ""):gsub("%c+", " "))
end

---@param refusal pillion.Refusal
---@param own? { instruction?: string, tier?: string }
local function retry(refusal, own)
  local argument = vim.tbl_extend("force", { job = refusal.job }, own or {})
  requests.execute(refusal.client, "pillion.retry", { argument })
end

---@param refusal pillion.Refusal
local function retry_with_a_word(refusal)
  vim.ui.input({ prompt = "What should it mind? " }, function(words)
    if words and vim.trim(words) ~= "" then
      retry(refusal, { instruction = words })
    end
  end)
end

---@param title string
---@param reason string
---@param path string
local function show_draft(title, reason, path)
  local text = windows.file_lines(path)
  if not text then
    say.short("Pillion: " .. path .. " can't be read.", nil, vim.log.levels.WARN)
    return
  end
  floats.show(title, vim.list_extend({ "Refused: " .. reason, "" }, text), "markdown")
end

--- What the user can do, as rows of a menu. Each attempt has a row with the reason of its refusal; it opens the draft.
---@param refusal pillion.Refusal
---@return { label: string, run: fun() }[]
local function rows_for(refusal)
  local rows = {}
  local function add(label, run)
    table.insert(rows, { label = label, run = run })
  end
  add("Try again", function()
    retry(refusal)
  end)
  add("Try again with a word…", function()
    retry_with_a_word(refusal)
  end)
  if refusal.larger then
    add(("Try the large model: %s"):format(refusal.larger), function()
      retry(refusal, { tier = refusal.larger_tier })
    end)
  end
  if refusal.draft_file then
    add("Show the draft", function()
      show_draft(refusal.title, refusal.reason, refusal.draft_file)
    end)
  end
  for number, attempt in ipairs(refusal.attempts) do
    local path = given(attempt.text_file) or (number == #refusal.attempts and refusal.draft_file or nil)
    local by = given(attempt.endpoint) and (", %s"):format(attempt.endpoint) or ""
    add(("Draft %d%s: %s"):format(number, by, plain(attempt.reason)), function()
      if path then
        show_draft(("%s, draft %d%s"):format(refusal.title, number, by), plain(attempt.reason), path)
      else
        floats.show(("%s, draft %d%s"):format(refusal.title, number, by), { plain(attempt.reason) }, "")
      end
    end)
  end
  return rows
end

---@param refusal pillion.Refusal
local function decide(refusal)
  seen[refusal.job] = true
  choose.one(rows_for(refusal), ("%s, refused: %s"):format(refusal.title, refusal.reason), function(row)
    return row.label
  end, function(row)
    row.run()
  end)
end

---@param answers { client: vim.lsp.Client, result: any }[]
---@return pillion.Refusal[] newest first, of each server
local function refusals_in(answers)
  local found = {}
  for _, answer in ipairs(answers) do
    for _, each in ipairs(answer.result.refused or {}) do
      local refusal = { client = answer.client, job = each.job, title = each.title, reason = plain(each.reason) }
      refusal.attempts = given(each.attempts) or {}
      refusal.larger, refusal.larger_tier = given(each.larger), given(each.larger_tier)
      refusal.draft_file = given(each.draft_file)
      table.insert(found, refusal)
    end
  end
  return found
end

--- Lists the jobs that were refused in this session, and what to do about each.
function M.list()
  requests.execute_everywhere("pillion.drafts", {}, function(answers)
    local found = refusals_in(answers)
    if #found == 0 then
      say.short("Pillion: nothing was refused in this session.")
    elseif #found == 1 then
      decide(found[1])
    else
      choose.one(found, "Pillion: what was refused, newest first", function(refusal)
        return ("%s: %s"):format((refusal.title:gsub("^Pillion: ", "")), refusal.reason)
      end, decide)
    end
  end)
end

---@param job pillion.Job
---@return boolean whether a check refused it: what the user rejects has no reason
function M.is_refused(job)
  return job.state == "refused" and (job.reason or "") ~= ""
end

---@param job pillion.Job
---@return boolean whether nobody has looked at why it was refused
function M.is_news(job)
  return M.is_refused(job) and not seen[job.id]
end

function M.setup()
  seen = {}
end

return M
