/** The text of the status bar, made without the editor. */

import type { Pillion, ServerStatus } from "../pillion";
import type { Endpoint, Job, Refused } from "../protocol";
import { endpointLine } from "./endpointItems";
import { refusalText } from "./refusals";
import type { Refusals } from "./refusals";
import { counted, findingsText, plainTitle, shortened, speedText } from "./words";
import { withoutIcons } from "../harmless";

export type Severity = "none" | "warning" | "error";

export interface StatusText {
  readonly text: string;
  /** Plain words, a line for each thing. */
  readonly tooltip: string;
  readonly severity: Severity;
  /** For screen readers: no icons, no figures that change all the time. */
  readonly label: string;
}

/** The bar also needs room for other items: the full text is in the tooltip. */
const MOST_CHARACTERS = 60;
const BETWEEN = " · ";
const STARTING = "$(sync~spin) Pillion";

const SERVER_TEXTS: Readonly<Record<ServerStatus["state"], Omit<StatusText, "tooltip"> | null>> = {
  running: null,
  starting: { text: STARTING, severity: "none", label: "Pillion is starting" },
  asking: {
    text: "$(question) Pillion: may it install?",
    severity: "warning",
    label: "Pillion asks whether it may install its libraries",
  },
  restarting: { text: STARTING, severity: "warning", label: "Pillion is restarting" },
  stopped: { text: "$(error) Pillion stopped", severity: "error", label: "Pillion has stopped" },
  missing: { text: "$(error) Pillion: no server", severity: "error", label: "Pillion found no server" },
};

export interface Situation {
  readonly server: ServerStatus;
  /** The jobs that are not over. */
  readonly jobs: readonly Job[];
  readonly refused: readonly Refused[];
  /** How many of them the user hasn't looked at. */
  readonly unseen: number;
  readonly endpoints: readonly Endpoint[];
  readonly problems: readonly string[];
  /** Which engines were found on this machine; empty if the user's own are used. */
  readonly found: string;
}

export function situationOf(
  pillion: Pillion,
  jobs: readonly Job[],
  refusals: Pick<Refusals, "all" | "unseen">,
): Situation {
  const { server, endpoints, problems, found } = pillion;
  return { server, jobs, refused: refusals.all, unseen: refusals.unseen.length, endpoints, problems, found };
}

export function statusText({ server, jobs, refused, unseen, endpoints, problems, found }: Situation): StatusText {
  const ofServer = SERVER_TEXTS[server.state];
  if (ofServer !== null) {
    if (server.installable === true) {
      const label = "Pillion: not installed";
      return { text: `$(desktop-download) ${label}`, severity: "warning", label, tooltip: server.detail };
    }
    return { ...ofServer, tooltip: server.detail || ofServer.label };
  }
  const working = jobs.filter((job) => job.state !== "offered");
  const offered = jobs.filter((job) => job.state === "offered");
  const down = endpoints.filter((endpoint) => endpoint.state === "down");
  const up = endpoints.filter((endpoint) => endpoint.state !== "down");
  const lines = [
    ...working.map((job) => `${plainTitle(job.title)}: ${doing(job)}`),
    ...offered.map((job) => `${plainTitle(job.title)}${by(job)}: waits for your review`),
    ...down.map(endpointLine),
    ...refused.map((each) => `${plainTitle(each.title)} was refused: ${refusalText(each)}`),
    ...problems.map((problem) => `A mistake in your configuration: ${problem}`),
  ];
  return {
    ...headline({ working, offered, unseen, down, problems }),
    severity: down.length > 0 || problems.length > 0 ? "warning" : "none",
    tooltip: [
      ...(lines.length > 0 ? lines : ["Ready."]),
      ...(found === "" ? [] : [found]),
      ...up.map(endpointLine),
    ].join("\n"),
  };
}

interface News {
  readonly working: readonly Job[];
  readonly offered: readonly Job[];
  readonly unseen: number;
  readonly down: readonly Endpoint[];
  readonly problems: readonly string[];
}

/** Each text begins with the name: nothing else in the bar says that it is Pillion's. */
function headline({ working, offered, unseen, down, problems }: News): Pick<StatusText, "text" | "label"> {
  const first = working[0];
  const alert = down.length > 0 || problems.length > 0 ? "$(warning) " : "";
  if (working.length > 1) {
    const many = counted(working.length, "job");
    return { text: `${alert}$(sync~spin) Pillion: ${many}`, label: `Pillion works on ${many}` };
  }
  if (first !== undefined) {
    return {
      text: `${alert}$(sync~spin) Pillion: ${withoutIcons(fitted(doing(first)))}`,
      label: `Pillion: ${steadily(first)}`,
    };
  }
  if (down.length > 0) {
    const names = down.length === 1 ? (down[0]?.name ?? "") : counted(down.length, "endpoint");
    const text = withoutIcons(`${names} ${down.length === 1 ? "is" : "are"} down`);
    return { text: `$(warning) Pillion: ${text}`, label: `Pillion: ${text}` };
  }
  if (offered.length > 0 || unseen > 0) {
    const waiting = offered.length > 0 ? `${counted(offered.length, "draft")} to review` : "";
    const refused =
      unseen === 0 ? "" : waiting === "" ? `${counted(unseen, "draft")} refused` : `${String(unseen)} refused`;
    const text = `Pillion: ${[waiting, refused].filter(Boolean).join(", ")}`;
    return { text: `${alert}$(${waiting === "" ? "error" : "git-pull-request"}) ${text}`, label: text };
  }
  if (problems.length > 0) {
    const text = `Pillion: ${counted(problems.length, "mistake")} in your configuration`;
    return { text: `$(warning) ${text}`, label: text };
  }
  return { text: "$(check) Pillion", label: "Pillion is ready" };
}

/** The engine that drafted it may not be the one that is tried first. */
function by({ endpoint }: Job): string {
  return endpoint === null ? "" : ` (by ${endpoint})`;
}

/** Whole parts, if they have room without those in the midst: the figures of a moment go before what was found. */
function fitted(line: string): string {
  const parts = line.split(BETWEEN);
  while (parts.length > 2 && parts.join(BETWEEN).length > MOST_CHARACTERS) parts.splice(1, 1);
  return shortened(parts.join(BETWEEN), MOST_CHARACTERS);
}

function doing(job: Job): string {
  const said = (job.doing ?? "").trim();
  return said === "" ? guessed(job) : [said, findingsText(job)].filter(Boolean).join(" · ");
}

/** For a server that doesn't report what a job is doing. */
function guessed(job: Job): string {
  const audit = job.audit?.endpoint ?? null;
  const found = findingsText(job);
  const tail = found === "" ? "" : ` · ${found}`;
  if (job.state === "drafting" && job.endpoint !== null) {
    const speed = job.tokens_per_s > 0 ? ` ${speedText(job.tokens_per_s)}` : " drafts";
    return `${job.endpoint}${speed}${audit === null ? "" : ` · ${audit} audits`}${tail}`;
  }
  if (job.state === "auditing") {
    return `${audit ?? "Pillion"} audits${tail}`;
  }
  return job.state === "ready" ? `finishing${tail}` : `waiting for ${job.endpoint ?? "an endpoint"}`;
}

function steadily(job: Job): string {
  const what = plainTitle(job.title);
  if (job.state === "drafting" && job.endpoint !== null) {
    return `${what}, drafting on ${job.endpoint}`;
  }
  return job.state === "auditing" ? `${what}, auditing` : what;
}
