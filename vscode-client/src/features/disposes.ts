/** The type that `context.subscriptions` takes: VS Code's `Disposable` is a class, which few classes here extend. */
export interface Disposes {
  dispose(): unknown;
}
