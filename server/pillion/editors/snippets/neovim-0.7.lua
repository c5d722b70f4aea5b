-- Pillion in Neovim 0.7 to 0.11.1: the light bulb's menu, findings as diagnostics, hover.
local filetypes = {
  "python", "javascript", "javascriptreact", "typescript", "typescriptreact", "go", "rust", "java", "c", "cpp",
}
local client -- one server for all buffers
local capabilities = vim.lsp.protocol.make_client_capabilities()
capabilities.workspace.workspaceEdit.documentChanges = true
vim.api.nvim_create_autocmd("FileType", {
  pattern = filetypes,
  callback = function(event)
    if not client or vim.lsp.client_is_stopped(client) then
      client = vim.lsp.start_client({
        name = "pillion",
        cmd = { "@COMMAND@", "serve", "--stdio" },
        root_dir = vim.fn.getcwd(),
        capabilities = capabilities,
        flags = { debounce_text_changes = 20 },
        handlers = {
          -- An edit for another version of the document is refused, and the server makes it anew.
          ["workspace/applyEdit"] = function(err, params, context)
            for _, change in ipairs(params.edit.documentChanges or {}) do
              local bufnr = vim.uri_to_bufnr(change.textDocument.uri)
              if vim.lsp.util.buf_versions[bufnr] ~= change.textDocument.version then
                return { applied = false, failureReason = "the document changed" }
              end
              if not vim.bo[bufnr].modifiable then
                return { applied = false, failureReason = "this buffer can't be changed ('nomodifiable')" }
              end
            end
            return vim.lsp.handlers["workspace/applyEdit"](err, params, context)
          end,
        },
      })
    end
    if client then
      vim.lsp.buf_attach_client(event.buf, client)
    end
    vim.keymap.set({ "n", "v" }, "<leader>p", vim.lsp.buf.code_action, { buffer = event.buf })
    vim.keymap.set("n", "K", vim.lsp.buf.hover, { buffer = event.buf })
  end,
})
