/** Pulls previews at a pace that loads neither the server nor the editor too much. */

const GAP_MS = 200;
/** A preview that took long (a large document) is asked for less often. */
const REST_PER_WORK = 4;

export interface PollerOptions<T> {
  readonly ask: () => Promise<T>;
  /** Returns how long the editor needs to rest after this answer, in milliseconds. */
  readonly take: (answer: T) => number;
  readonly fail: (error: unknown) => void;
  /** In milliseconds; any starting point. */
  readonly now?: () => number;
}

/** One request at a time, a rest after each, and always one after the last `request()`. */
export class Poller<T> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking = false;
  private wanted = false;
  private stopped = false;
  private restUntilMs = -Infinity;
  private readonly now: () => number;

  constructor(private readonly options: PollerOptions<T>) {
    this.now = options.now ?? Date.now;
  }

  request(): void {
    this.wanted = true;
    this.next();
  }

  dispose(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private next(): void {
    if (this.stopped || this.asking || !this.wanted || this.timer !== undefined) {
      return;
    }
    const waitMs = this.restUntilMs - this.now();
    if (waitMs > 0) {
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.next();
      }, waitMs);
      return;
    }
    this.wanted = false;
    void this.poll();
  }

  private async poll(): Promise<void> {
    this.asking = true;
    const startedMs = this.now();
    let restMs = 0;
    try {
      const answer = await this.options.ask();
      if (!this.stopped) {
        restMs = this.options.take(answer);
      }
    } catch (error) {
      if (!this.stopped) {
        this.options.fail(error);
      }
    } finally {
      this.asking = false;
      const tookMs = this.now() - startedMs;
      this.restUntilMs = startedMs + tookMs + Math.max(GAP_MS - tookMs, REST_PER_WORK * tookMs, restMs);
      this.next();
    }
  }
}
