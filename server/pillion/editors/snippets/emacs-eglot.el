(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((python-mode python-ts-mode
                  (js-mode :language-id "javascript") (js-ts-mode :language-id "javascript")
                  (js2-mode :language-id "javascript") (rjsx-mode :language-id "javascriptreact")
                  (typescript-mode :language-id "typescript") (typescript-ts-mode :language-id "typescript")
                  (tsx-ts-mode :language-id "typescriptreact")
                  go-mode go-ts-mode
                  rust-mode rust-ts-mode
                  java-mode java-ts-mode
                  c-mode c-ts-mode
                  (c++-mode :language-id "cpp") (c++-ts-mode :language-id "cpp"))
                 . ("@COMMAND@" "serve" "--stdio"))))
