/** Pip's progress in a user's words: which library, and how far. The log has all of pip's output. */

/** About how many libraries there are, with all dependencies. A test compares it with an environment. */
export const ABOUT = 38;

// pip first fetches everything, which takes most of the time, and installs everything at the end.
const MADE_PERCENT = 10;
const FETCHED_PERCENT = 90;
const NAME = /^[A-Za-z0-9][\w.-]{0,59}/;

export interface Step {
  readonly message: string;
  /** The progress so far. */
  readonly percent: number;
}

export class InstallSteps {
  readonly #names = new Set<string>();

  /** The first step, before pip says anything. */
  readonly first: Step = { message: "making a folder for them…", percent: 0 };

  /** The step that a line of pip's output reports; undefined if it reports none. */
  next(line: string): Step | undefined {
    const words = line.trim();
    const name = named(words, "Collecting ");
    if (name !== undefined) {
      this.#names.add(name);
      return { message: `${name} (${this.#count()})…`, percent: this.#fetched() };
    }
    const built = named(words, "Building wheel for ");
    if (built !== undefined) return { message: `building ${built}…`, percent: this.#fetched() };
    const placed = after(words, "Installing collected packages: ");
    if (placed === undefined) return undefined;
    const count = placed.split(",").length;
    return {
      message: `putting ${count === 1 ? "one library" : `${String(count)} libraries`} in place…`,
      percent: FETCHED_PERCENT,
    };
  }

  #count(): string {
    const found = this.#names.size;
    return found > ABOUT ? String(found) : `${String(found)} of about ${String(ABOUT)}`;
  }

  #fetched(): number {
    const part = Math.min(1, this.#names.size / ABOUT);
    return Math.round(MADE_PERCENT + part * (FETCHED_PERCENT - MADE_PERCENT));
  }
}

function named(words: string, beginning: string): string | undefined {
  return NAME.exec(after(words, beginning) ?? "")?.[0];
}

function after(words: string, beginning: string): string | undefined {
  return words.startsWith(beginning) ? words.slice(beginning.length) : undefined;
}
