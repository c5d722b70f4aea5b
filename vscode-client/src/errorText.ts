/** A server's answer may be any value that was thrown; people get its words. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
