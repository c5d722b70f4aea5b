/** At most one call in a while, and always one after the last request. */

export class Throttle {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastMs = -Infinity;

  constructor(
    private readonly gapMs: number,
    private readonly act: () => void,
  ) {}

  request(): void {
    if (this.timer !== undefined) {
      return;
    }
    const waitMs = Math.max(0, this.lastMs + this.gapMs - Date.now());
    if (waitMs === 0) {
      this.run();
    } else {
      this.timer = setTimeout(() => {
        this.run();
      }, waitMs);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private run(): void {
    this.timer = undefined;
    this.lastMs = Date.now();
    this.act();
  }
}
