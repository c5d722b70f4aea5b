(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection '("@COMMAND@" "serve" "--stdio"))
    :activation-fn (lsp-activate-on "python" "javascript" "javascriptreact" "typescript" "typescriptreact"
                                    "go" "rust" "java" "c" "cpp")
    :add-on? t ; beside the language's own server, not in its place
    :server-id 'pillion)))
