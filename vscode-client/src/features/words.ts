/** Numbers and names as people read them. */

import type { Job } from "../protocol";

/** “Implement area” of “Pillion: Implement area”. */
export function plainTitle(title: string): string {
  return title.replace(/^Pillion:\s*/, "");
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

/** “2 errors, 1 warning”, or "" if nothing was found. */
export function findingsText(job: Pick<Job, "findings" | "severities">): string {
  const { error = 0, warning = 0, information = 0 } = job.severities;
  const parts = [
    error > 0 ? counted(error, "error") : "",
    warning > 0 ? counted(warning, "warning") : "",
    information > 0 ? counted(information, "note") : "",
  ].filter(Boolean);
  if (parts.length > 0) {
    return parts.join(", ");
  }
  return job.findings > 0 ? counted(job.findings, "finding") : "";
}

/** Shortens words that are too long for one line. */
export function shortened(text: string, most: number): string {
  const words = text.replace(/\s+/g, " ").trim();
  return words.length > most ? `${words.slice(0, most - 1).trimEnd()}…` : words;
}

export function speedText(tokensPerS: number): string {
  return `${tokensPerS < 10 ? tokensPerS.toFixed(1) : String(Math.round(tokensPerS))} tokens/s`;
}

export function sizeText(bytes: number): string {
  if (bytes < 1000) {
    return counted(bytes, "byte");
  }
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const AGES: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
];

export function ageText(seconds: number): string {
  for (const [length, unit] of AGES) {
    if (seconds >= length) {
      return `${counted(Math.floor(seconds / length), unit)} ago`;
    }
  }
  return "just now";
}

/** The last part of a path or URI, on any system. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
