--- What there is to look at, of all servers: drafts, endpoints, the log.

local requests = require("pillion.requests")
local windows = require("pillion.windows")

local M = {}

--- Shows a job's draft for review; its document is opened if it isn't on screen.
---@param job table id, uri, title
local function review(job)
  local review_module, jobs = require("pillion.review"), require("pillion.jobs")
  local known = jobs.get(job.id)
  if not known then
    vim.notify("Pillion: that draft isn't on offer any more.")
    return
  end
  if not windows.showing(vim.uri_to_bufnr(job.uri)) then
    windows.edit(vim.uri_to_fname(job.uri))
  end
  review_module.open(known)
end

--- A kept draft as text; a model wrote it, so it isn't opened as a file with plugins and modelines.
---@param path string
local function read(path)
  local read_well, lines = pcall(vim.fn.readfile, path)
  if read_well then
    windows.show(vim.fs.basename(path), lines, "markdown")
  else
    vim.notify("Pillion: " .. path .. " can't be read.", vim.log.levels.WARN)
  end
end

--- Lists what is on offer and the drafts that were kept, and opens the one that is chosen.
function M.drafts()
  requests.execute_everywhere("pillion.drafts", function(answers)
    local rows, kept = {}, {}
    for _, answer in ipairs(answers) do
      for _, offer in ipairs(answer.result.offered) do
        local job = { id = offer.job, uri = offer.uri, title = offer.title }
        table.insert(rows, { label = "on offer: " .. offer.title, open = review, argument = job })
      end
      -- They all keep their drafts in the same place.
      kept = answer.result.drafts
    end
    for _, draft in ipairs(kept) do
      local age = os.date("%Y-%m-%d %H:%M", math.floor(draft.modified_at))
      local label = vim.trim(("kept: %s %s"):format(draft.action, draft.symbol)) .. ", " .. age
      table.insert(rows, { label = label, open = read, argument = draft.path })
    end
    if #rows == 0 then
      vim.notify("Pillion has no drafts.")
      return
    end
    local options = {
      prompt = "Pillion: drafts",
      kind = "pillion",
      format_item = function(row)
        return row.label
      end,
    }
    vim.ui.select(rows, options, function(row)
      if row then
        row.open(row.argument)
      end
    end)
  end)
end

---@param endpoint table
---@return string[]
local function describe(endpoint)
  local function given(value)
    return value ~= vim.NIL and value or nil
  end
  local rate = given(endpoint.tokens_per_s) and (" · %.0f tokens/s"):format(endpoint.tokens_per_s) or ""
  local lines = {
    ("# %s: %s%s"):format(endpoint.name, endpoint.state, rate),
    ("%s · %s · %s"):format(endpoint.model, endpoint.protocol, given(endpoint.url) or endpoint.location),
    "for " .. (#endpoint.lanes > 0 and table.concat(endpoint.lanes, ", ") or "nothing: no lane names it"),
  }
  if given(endpoint.reason) then
    table.insert(lines, endpoint.reason)
  end
  table.insert(lines, "")
  return vim.tbl_map(function(line)
    return (line:gsub("%c", " "))
  end, lines)
end

--- Shows the endpoints and how they do.
function M.endpoints()
  requests.execute_everywhere("pillion.endpoints", function(answers)
    local lines = {}
    for _, answer in ipairs(answers) do
      if #answers > 1 then
        local project = answer.client.root_dir or "files of no project"
        vim.list_extend(lines, { (project:gsub("%c", " ")), "" })
      end
      for _, endpoint in ipairs(answer.result.endpoints) do
        vim.list_extend(lines, describe(endpoint))
      end
    end
    windows.show("Pillion's endpoints", lines, "markdown")
  end)
end

--- Shows what the server has logged in this session.
function M.log()
  local lines = { "Neovim's own log, with the server's stderr: " .. vim.lsp.log.get_filename(), "" }
  for _, entry in ipairs(require("pillion.log").lines) do
    vim.list_extend(lines, windows.lines_of(entry))
  end
  windows.show("Pillion's log", lines, "")
end

return M
