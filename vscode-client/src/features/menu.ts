/** *Show Menu*: the menu of the status bar item. */

import { QuickPickItemKind, commands, window } from "vscode";
import type { Disposable, QuickPickItem } from "vscode";

import type { Pillion, ServerStatus } from "../pillion";
import type { Job, Refused } from "../protocol";
import type { AppliedEdits, Undoable } from "./applied";
import { command } from "./attempt";
import type { JobBook } from "./jobs";
import { refusalText } from "./refusals";
import type { Refusals } from "./refusals";
import type { RefusedMenu } from "./refusedMenu";
import type { Reviews } from "./review/reviews";
import { situationOf, statusText } from "./statusText";
import { plainTitle } from "./words";
import { withoutIcons } from "../harmless";

interface MenuItem extends QuickPickItem {
  readonly run: () => PromiseLike<unknown>;
}

type CommandRow = readonly [icon: string, label: string, command: string];

/** The rows while there is a server, or while one starts. */
const OF_SERVER: readonly CommandRow[] = [
  ["comment", "Ask Pillion…", "pillion.askPillion"],
  ["files", "Show Drafts", "pillion.showDrafts"],
  ["eye-closed", "Dismissed Findings…", "pillion.showDismissed"],
  ["server", "Show Endpoints", "pillion.showEndpoints"],
  ["dashboard", "Show Dashboard", "pillion.showDashboard"],
];
const ALWAYS: readonly CommandRow[] = [
  ["output", "Show Log", "pillion.showLog"],
  ["debug-restart", "Restart Server", "pillion.restartServer"],
  ["settings-gear", "Open Settings", "pillion.openSettings"],
  ["gear", "Open Configuration File", "pillion.openConfiguration"],
];
const OF_ENGINES: readonly CommandRow[] = [
  ["key", "Set API Key…", "pillion.setApiKey"],
  ["circuit-board", "Choose the Embedded Models…", "pillion.chooseModels"],
  ["cloud-download", "Download the Embedded Model", "pillion.downloadModel"],
];
const INSTALL: CommandRow = ["desktop-download", "Install Pillion’s Libraries", "pillion.restartServer"];

const QUESTION: MenuItem = {
  label: "$(question) Answer Pillion’s Question",
  run: () => commands.executeCommand("notifications.showList"),
};

/** The data for the rows, and their targets. */
interface Sources {
  readonly jobs: JobBook;
  readonly reviews: Reviews;
  readonly refusals: Refusals;
  readonly refusedMenu: RefusedMenu;
  readonly applied: Pick<AppliedEdits, "undoable">;
}

export function registerMenu(
  pillion: Pillion,
  { jobs, reviews, refusals, refusedMenu, applied }: Sources,
): Disposable[] {
  return [
    command(pillion, "pillion.showMenu", async () => {
      const open = jobs.open;
      const refused = refusals.all;
      const working = open.filter((job) => job.state !== "offered");
      const items = [
        ...(pillion.server.state === "asking" ? [QUESTION] : []),
        ...open.filter((job) => job.state === "offered").map((job) => reviewItem(job, reviews)),
        ...refused.map((each) => refusedItem(each, refusedMenu)),
        ...(working.length > 0 ? [cancelItem(working)] : []),
        ...(applied.undoable === undefined ? [] : [undoItem(applied.undoable)]),
        ...(open.length + refused.length > 0 || applied.undoable !== undefined ? [separator()] : []),
        ...rowsFor(pillion.server).map(commandItem),
      ];
      const { tooltip } = statusText(situationOf(pillion, open, refusals));
      const chosen = await window.showQuickPick<MenuItem>(items, {
        title: "Pillion",
        placeHolder: tooltip.split("\n")[0] ?? "",
      });
      await chosen?.run();
    }),
  ];
}

/** Without a server: first the rows that lead to one. */
function rowsFor({ state, installable }: ServerStatus): CommandRow[] {
  const none = state === "missing" || state === "stopped";
  if (!none) {
    return [...OF_SERVER, ...ALWAYS, ...OF_ENGINES];
  }
  return installable === true ? [INSTALL, ...ALWAYS.filter(([, , id]) => id !== INSTALL[2])] : [...ALWAYS];
}

function commandItem([icon, label, id]: CommandRow): MenuItem {
  return { label: `$(${icon}) ${label}`, run: () => commands.executeCommand(id) };
}

function undoItem({ title, undo }: Undoable): MenuItem {
  return { label: `$(discard) Undo: ${withoutIcons(title)}`, description: "what you typed since stays", run: undo };
}

function reviewItem(job: Job, reviews: Reviews): MenuItem {
  return {
    label: `$(git-pull-request) Review: ${withoutIcons(plainTitle(job.title))}`,
    description: withoutIcons(job.reason ?? ""),
    run: () => reviews.show(job.id),
  };
}

function refusedItem(refused: Refused, refusedMenu: RefusedMenu): MenuItem {
  return {
    label: `$(error) Refused: ${withoutIcons(plainTitle(refused.title))}`,
    description: withoutIcons(refusalText(refused)),
    run: () => refusedMenu.open(refused),
  };
}

function cancelItem(working: readonly Job[]): MenuItem {
  return {
    label: "$(circle-slash) Cancel All Jobs",
    description: withoutIcons(working.map((job) => plainTitle(job.title)).join(", ")),
    run: () => commands.executeCommand("pillion.cancelAll"),
  };
}

function separator(): MenuItem {
  return { label: "", kind: QuickPickItemKind.Separator, run: () => Promise.resolve() };
}
