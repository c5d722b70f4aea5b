/** The status bar item. */

import { StatusBarAlignment, ThemeColor, window } from "vscode";
import type { Event } from "vscode";

import type { Pillion } from "../pillion";
import type { Disposes } from "./disposes";
import type { JobBook } from "./jobs";
import type { Refusals } from "./refusals";
import { situationOf, statusText } from "./statusText";
import type { Severity } from "./statusText";
import { Throttle } from "./throttle";

const GAP_MS = 200;

const BACKGROUNDS: Readonly<Record<Severity, string | null>> = {
  none: null,
  warning: "statusBarItem.warningBackground",
  error: "statusBarItem.errorBackground",
};

export function registerStatus(pillion: Pillion, jobs: JobBook, refusals: Refusals): Disposes[] {
  const item = window.createStatusBarItem("pillion.status", StatusBarAlignment.Right, 100);
  item.name = "Pillion";
  item.command = "pillion.showMenu";
  const throttle = new Throttle(GAP_MS, () => {
    const shown = statusText(situationOf(pillion, jobs.open, refusals));
    const color = BACKGROUNDS[shown.severity];
    item.text = shown.text;
    item.tooltip = shown.tooltip;
    item.backgroundColor = color === null ? undefined : new ThemeColor(color);
    item.accessibilityInformation = { label: shown.label, role: "button" };
  });
  const update = (): void => {
    throttle.request();
  };
  update();
  item.show();
  const sources = [pillion.onServer, pillion.onEndpoints, jobs.onChange, refusals.onChange];
  return [item, throttle, ...sources.map((source: Event<unknown>) => source(update))];
}
