/** What the language server says and takes besides LSP itself. The server's side is described in docs/protocol.md. */

import type { Diagnostic, Range } from "vscode-languageserver-protocol";

export type Tier = "SIMPLE" | "MODERATE" | "COMPLEX";

export type JobState =
  | "queued"
  | "drafting"
  | "auditing"
  | "ready"
  | "applied"
  | "offered"
  | "refused"
  | "cancelled"
  | "failed";

/** `pillion/job`: how far a job is. */
export interface Job {
  readonly id: string;
  readonly action: string;
  /** `prose` is an answer; the others become an edit. */
  readonly output: "code" | "fields" | "prose";
  readonly state: JobState;
  readonly tier: Tier;
  readonly uri: string;
  /** For people: “Pillion: Implement area”. */
  readonly title: string;
  readonly endpoint: string | null;
  readonly tokens: number;
  readonly tokens_per_s: number;
  readonly findings: number;
  readonly severities: { readonly error?: number; readonly warning?: number; readonly information?: number };
  /** Whether the edit will be offered whatever is found. */
  readonly review: boolean;
  /** Why it was offered, refused or cancelled, or failed. */
  readonly reason?: string;
  /** The answer of an action that edits nothing. */
  readonly prose?: string;
  /** Where a draft that became no edit is kept. */
  readonly draft_file?: string;
  readonly audit?: {
    readonly endpoint: string | null;
    readonly tokens: number;
    readonly tokens_per_s: number;
    readonly units: number;
  };
}

/** `pillion/draft`: the model's words as they come. */
export interface DraftDelta {
  readonly id: string;
  readonly text: string;
}

/** What `pillion/endpoints` and the command `pillion.endpoints` give. */
export interface Engines {
  readonly endpoints: readonly Endpoint[];
  /** What is wrong with the configuration, a sentence each. */
  readonly problems: readonly string[];
  /** Models that the embedded engines need and that aren't on this machine. Older servers don't say. */
  readonly missing_models?: readonly string[];
}

/** An engine as the server sees it. */
export interface Endpoint {
  readonly name: string;
  readonly protocol: "ollama" | "openai" | "embedded";
  readonly model: string;
  readonly location: "local" | "cloud";
  readonly url: string | null;
  readonly api_key_env: string | null;
  readonly lanes: readonly string[];
  readonly state: "idle" | "working" | "down";
  readonly reason: string | null;
  readonly tokens_per_s: number | null;
}

/** The answer of `pillion.preview`. */
export interface Preview {
  readonly job: string;
  readonly uri: string;
  readonly version: number;
  /** The whole document as it would be. */
  readonly text: string;
  readonly complete: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** What changes, in `text`. */
  readonly changed: Range;
}

/** One way to do what was asked for. */
export interface Choice {
  readonly tier: Tier;
  readonly action: string;
  readonly title: string;
  readonly endpoint: string | null;
  readonly model: string | null;
  /** The endpoint that would audit it, if one would. */
  readonly auditor: string | null;
}

/** The answer of `pillion.classify`. */
export interface Classification {
  readonly symbol: string | null;
  readonly reason: string;
  /** The index of the one that the words ask for. */
  readonly choice: number;
  readonly choices: readonly Choice[];
}

/** The answer of `pillion.drafts`. */
export interface Drafts {
  readonly drafts: readonly {
    readonly path: string;
    readonly action: string;
    readonly symbol: string;
    readonly bytes: number;
    readonly modified_at: number;
  }[];
  readonly offered: readonly {
    readonly job: string;
    readonly uri: string;
    readonly title: string;
    readonly reason: string;
  }[];
}

/** The answer of `pillion.pull`. */
export interface Pulled {
  readonly state: "here" | "pulled" | "cancelled" | "failed";
  readonly reason?: string;
}

export type ServerCommand =
  | "pillion.run"
  | "pillion.cancel"
  | "pillion.accept"
  | "pillion.reject"
  | "pillion.preview"
  | "pillion.classify"
  | "pillion.endpoints"
  | "pillion.drafts"
  | "pillion.pull"
  | "pillion.reload"
  | "pillion.stats";

/** States after which a job tells nothing more. `offered` isn't one: it waits for the user. */
export const FINAL_STATES: ReadonlySet<JobState> = new Set(["applied", "refused", "cancelled", "failed"]);
