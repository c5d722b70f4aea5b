/** Where a review opens. Who is typing keeps the focus. */

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

export interface Placement {
  readonly column: "active" | "beside";
  readonly preserveFocus: boolean;
}

export function placement({ nowMs, startedAtMs, typedAtMs, inSameEditor }: Situation): Placement {
  const expected = inSameEditor && nowMs - startedAtMs < FRESH_MS && typedAtMs < startedAtMs;
  return expected ? { column: "active", preserveFocus: false } : { column: "beside", preserveFocus: true };
}
