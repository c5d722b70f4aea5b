/** The dashboard's page. All foreign text in it is escaped. */

import type { Endpoint } from "../protocol";
import { lanesOf } from "./endpointItems";
import { plainTitle, speedText } from "./words";

/** The answer of `pillion.stats`, as far as the dashboard shows it. */
export interface Stats {
  readonly jobs: readonly {
    readonly tier: string;
    readonly action: string;
    readonly result: string;
    readonly count: number;
  }[];
  readonly findings: readonly { readonly source: string; readonly severity: string; readonly count: number }[];
  readonly dual_gpu: {
    readonly audited_jobs: number;
    readonly overlap_ratio: number;
    readonly audit_lag_tokens: number;
    readonly audit_tail_s: number;
  };
}

const STYLE = `
body { font: var(--vscode-font-size) var(--vscode-font-family); color: var(--vscode-foreground); padding: 0 1.5em; }
h2 { font-weight: 600; font-size: 1.1em; margin: 1.8em 0 .5em; }
table { border-collapse: collapse; width: 100%; max-width: 60em; }
th, td { text-align: left; padding: .3em 1.2em .3em 0; border-bottom: 1px solid var(--vscode-widget-border, transparent); }
th { font-weight: 400; color: var(--vscode-descriptionForeground); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.down { color: var(--vscode-errorForeground); }
p { color: var(--vscode-descriptionForeground); max-width: 60em; }`;

// The page is filled by messages, so that its scroll position stays.
const SCRIPT = `addEventListener("message", ({ data }) => { document.querySelector("main").innerHTML = data; });`;

export function page(nonce: string, body: string): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Pillion</title><style nonce="${nonce}">${STYLE}</style></head>
<body><main>${body}</main><script nonce="${nonce}">${SCRIPT}</script></body></html>`;
}

export function body(stats: Stats, endpoints: readonly Endpoint[]): string {
  return [
    section("Endpoints", endpointTable(endpoints)),
    section("Jobs", jobTable(stats.jobs)),
    section("Audit while drafting", auditTable(stats.dual_gpu)),
    section("Findings", findingTable(stats.findings)),
  ].join("");
}

export function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" };
  return text.replace(/[&<>"']/g, (character) => `&${names[character] ?? ""};`);
}

function endpointTable(endpoints: readonly Endpoint[]): string {
  const rows = endpoints.map((each) => {
    const { first, then } = lanesOf(each);
    return [
      escaped(each.name),
      each.state === "down" ? `<span class="down">down: ${escaped(each.reason ?? "")}</span>` : each.state,
      escaped(each.model),
      escaped(first || "–"),
      escaped(then || "–"),
      each.tokens_per_s === null ? "–" : speedText(each.tokens_per_s),
    ];
  });
  return table(["Name", "State", "Model", "First in", "Also in", "#Speed"], rows, "No endpoint is set up.");
}

function jobTable(jobs: Stats["jobs"]): string {
  const rows = jobs.map((each) => [
    escaped(each.tier),
    escaped(plainTitle(each.action)),
    escaped(each.result),
    String(each.count),
  ]);
  return table(["Tier", "Action", "Result", "#Count"], rows, "No job has ended yet.");
}

function auditTable(audit: Stats["dual_gpu"]): string {
  if (audit.audited_jobs === 0) {
    return "<p>No job was audited by a second engine yet.</p>";
  }
  const rows = [
    ["Audited jobs", String(audit.audited_jobs)],
    ["Overlap: both engines busy at once", `${String(Math.round(audit.overlap_ratio * 100))} %`],
    ["Lag: the draft was ahead by", `${audit.audit_lag_tokens.toFixed(1)} tokens`],
    ["Tail: the audit went on after the draft", `${audit.audit_tail_s.toFixed(2)} s`],
  ];
  return table(["Mean of all jobs", "#"], rows, "");
}

function findingTable(findings: Stats["findings"]): string {
  const rows = findings.map((each) => [escaped(each.source), escaped(each.severity), String(each.count)]);
  return table(["Found by", "Severity", "#Count"], rows, "Nothing was found yet.");
}

function section(title: string, content: string): string {
  return `<section><h2>${title}</h2>${content}</section>`;
}

/** A heading that begins with # belongs to a column of numbers. */
function table(headings: readonly string[], rows: readonly (readonly string[])[], none: string): string {
  if (rows.length === 0) {
    return `<p>${none}</p>`;
  }
  const kind = (column: number): string => (headings[column]?.startsWith("#") === true ? ' class="number"' : "");
  const head = headings.map((each, at) => `<th scope="col"${kind(at)}>${each.replace("#", "")}</th>`).join("");
  const lines = rows.map((row) => `<tr>${row.map((cell, at) => `<td${kind(at)}>${cell}</td>`).join("")}</tr>`);
  return `<table><thead><tr>${head}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
}
