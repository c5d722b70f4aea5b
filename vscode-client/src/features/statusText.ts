/** What the status bar says, worked out without the editor. */

import type { ServerStatus } from "../pillion";
import type { Endpoint, Job } from "../protocol";
import { counted, findingsText, plainTitle, speedText, withoutIcons } from "./words";

export type Severity = "none" | "warning" | "error";

export interface StatusText {
  readonly text: string;
  /** Plain words, a line for each thing. */
  readonly tooltip: string;
  readonly severity: Severity;
  /** For screen readers: no icons, no figures that change all the time. */
  readonly label: string;
}

const STARTING = "$(sync~spin) Pillion";

const SERVER_TEXTS: Readonly<Record<ServerStatus["state"], Omit<StatusText, "tooltip"> | null>> = {
  running: null,
  starting: { text: STARTING, severity: "none", label: "Pillion is starting" },
  asking: { text: "$(question) Pillion: may it install?", severity: "warning", label: "Pillion asks whether it may install its libraries" },
  restarting: { text: STARTING, severity: "warning", label: "Pillion is restarting" },
  stopped: { text: "$(error) Pillion stopped", severity: "error", label: "Pillion has stopped" },
  missing: { text: "$(error) Pillion: no server", severity: "error", label: "Pillion found no server" },
};

/** `jobs` are those that are not over. */
export function statusText(
  server: ServerStatus,
  jobs: readonly Job[],
  endpoints: readonly Endpoint[],
  problems: readonly string[],
): StatusText {
  const ofServer = SERVER_TEXTS[server.state];
  if (ofServer !== null) {
    return { ...ofServer, tooltip: server.detail || ofServer.label };
  }
  const working = jobs.filter((job) => job.state !== "offered");
  const offered = jobs.filter((job) => job.state === "offered");
  const down = endpoints.filter((endpoint) => endpoint.state === "down");
  const tooltip = [
    ...working.map((job) => `${plainTitle(job.title)}: ${doing(job)}`),
    ...offered.map((job) => `${plainTitle(job.title)}: waits for your review`),
    ...down.map((endpoint) => `${endpoint.name} is down${endpoint.reason ? `: ${endpoint.reason}` : ""}`),
    ...problems.map((problem) => `A mistake in your configuration: ${problem}`),
  ];
  return {
    ...headline(working, offered, down, problems),
    severity: down.length > 0 || problems.length > 0 ? "warning" : "none",
    tooltip: tooltip.length > 0 ? tooltip.join("\n") : `Ready. ${server.detail}`.trim(),
  };
}

function headline(
  working: readonly Job[],
  offered: readonly Job[],
  down: readonly Endpoint[],
  problems: readonly string[],
): Pick<StatusText, "text" | "label"> {
  const first = working[0];
  const alert = down.length > 0 || problems.length > 0 ? "$(warning) " : "";
  if (working.length > 1) {
    const many = counted(working.length, "job");
    return { text: `${alert}$(sync~spin) Pillion: ${many}`, label: `Pillion works on ${many}` };
  }
  if (first !== undefined) {
    return { text: `${alert}$(sync~spin) ${withoutIcons(doing(first))}`, label: `Pillion: ${steadily(first)}` };
  }
  if (down.length > 0) {
    const names = down.length === 1 ? (down[0]?.name ?? "") : counted(down.length, "endpoint");
    const text = withoutIcons(`${names} ${down.length === 1 ? "is" : "are"} down`);
    return { text: `$(warning) ${text}`, label: `Pillion: ${text}` };
  }
  if (offered.length > 0) {
    const text = `${counted(offered.length, "draft")} to review`;
    return { text: `${alert}$(git-pull-request) ${text}`, label: `Pillion: ${text}` };
  }
  if (problems.length > 0) {
    const text = `Pillion: ${counted(problems.length, "mistake")} in your configuration`;
    return { text: `$(warning) ${text}`, label: text };
  }
  return { text: "$(check) Pillion", label: "Pillion is ready" };
}

function doing(job: Job): string {
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
