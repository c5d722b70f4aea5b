/** When a server that crashed is started again. */

const WINDOW_MS = 180_000;
const MOST = 5;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** What to do about a crash. `first`: it is the first of its series, so the user is told. */
export type Verdict = { readonly restartInMs: number; readonly first: boolean } | "give up";

/** The crashes of the last three minutes. */
export class CrashSeries {
  #times: number[] = [];

  crashed(nowMs: number): Verdict {
    this.#times = [...this.#times.filter((time) => nowMs - time < WINDOW_MS), nowMs];
    const count = this.#times.length;
    if (count >= MOST) return "give up";
    return { restartInMs: Math.min(FIRST_DELAY_MS * 2 ** (count - 1), LONGEST_DELAY_MS), first: count === 1 };
  }

  /** The user has started the server: earlier crashes don't count. */
  forget(): void {
    this.#times = [];
  }
}
