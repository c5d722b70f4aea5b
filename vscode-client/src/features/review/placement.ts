/**
 * Decides where a review opens by itself. It never takes the focus: the next key may be for something else, such as
 * a terminal, and an extension can't know.
 */

const FRESH_MS = 2000;

export interface Situation {
  readonly nowMs: number;
  /** When the user started the job. */
  readonly startedAtMs: number;
  /** When the user last changed a document; -Infinity if never. */
  readonly typedAtMs: number;
  /** The active editor shows what the job is about. */
  readonly inSameEditor: boolean;
}

export function placement({ nowMs, startedAtMs, typedAtMs, inSameEditor }: Situation): "active" | "beside" {
  const expected = inSameEditor && nowMs - startedAtMs < FRESH_MS && typedAtMs < startedAtMs;
  return expected ? "active" : "beside";
}
