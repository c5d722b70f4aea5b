/** What `context.subscriptions` takes: VS Code's `Disposable` is a class, and few of ours extend it. */
export interface Disposes {
  dispose(): unknown;
}
