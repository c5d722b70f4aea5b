/** What the language server says and takes besides LSP itself. The server's side is described in docs/protocol.md. */

import type { Diagnostic, Range } from "vscode-languageserver-protocol";

export type Tier = "SIMPLE" | "MODERATE" | "COMPLEX";

export type JobState =
  "queued" | "drafting" | "auditing" | "ready" | "applied" | "offered" | "refused" | "cancelled" | "failed";

/** A draft that was turned down, and what for. */
export interface Attempt {
  readonly endpoint: string | null;
  readonly model: string | null;
  readonly reason: string;
  /** The draft's text. */
  readonly text_file?: string;
}

/** What there is to say and to do after a refusal. Older servers tell less. */
interface Refusable {
  /** Oldest first. */
  readonly attempts?: readonly Attempt[] | null;
  /** The endpoint that a larger tier would use; null if none is larger than what was tried. */
  readonly larger?: string | null;
  readonly larger_tier?: Tier | null;
}

/** The lines of the document that an edit changed, as it is after the edit. */
export interface Applied {
  readonly lines: number;
  readonly ranges: readonly Range[];
  readonly version: number | null;
  /** Whether `pillion.undo` can take it back. */
  readonly undo: boolean;
}

/** `pillion/job`: how far a job is. */
export interface Job extends Refusable {
  readonly id: string;
  readonly action: string;
  /** `prose` is an answer; the others become an edit. */
  readonly output: "code" | "fields" | "prose";
  readonly state: JobState;
  /** What is going on, in a user's words; empty when it is over. Older servers don't say. */
  readonly doing?: string;
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
  /** What a failed one failed for, if that is known. */
  readonly about?: "engines" | "document";
  /** Where a draft that became no edit is kept. */
  readonly draft_file?: string;
  /** On `applied`. */
  readonly applied?: Applied;
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
  /** Longer documents have no actions. Older servers don't say. */
  readonly max_document_lines?: number;
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
  /** The lanes in which it is asked first. Older servers don't say. */
  readonly first_in?: readonly string[];
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

/** A draft that is kept as a file. */
export interface KeptDraft {
  readonly path: string;
  readonly action: string;
  readonly symbol: string;
  readonly bytes: number;
  readonly modified_at: number;
}

/** An edit that was refused. */
export interface Refused extends Refusable {
  readonly job: string;
  readonly uri: string;
  readonly title: string;
  readonly reason: string;
  /** Where its draft is kept. */
  readonly draft_file?: string | null;
}

/** The answer of `pillion.drafts`. */
export interface Drafts {
  readonly drafts: readonly KeptDraft[];
  /** In this session, newest first. */
  readonly refused?: readonly Refused[];
  /** What a server that ended in mid-draft left behind. */
  readonly unfinished?: readonly KeptDraft[];
  readonly offered: readonly {
    readonly job: string;
    readonly uri: string;
    readonly title: string;
    readonly reason: string;
  }[];
}

/** The answer of `pillion.dismiss`. */
export interface Dismissal {
  readonly dismissed: readonly string[];
  readonly message: string;
}

/** A finding that the user doesn't want to see. Of those dismissed with an older server only the id is known. */
export interface DismissedFinding {
  readonly id: string;
  readonly file?: string | null;
  readonly line?: number | null;
  /** The line as it was. */
  readonly text?: string | null;
  readonly message?: string | null;
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
  | "pillion.retry"
  | "pillion.undo"
  | "pillion.fix"
  | "pillion.dismissed"
  | "pillion.undismiss"
  | "pillion.pull"
  | "pillion.reload"
  | "pillion.stats";

/** States after which a job tells nothing more. `offered` isn't one: it waits for the user. */
export const FINAL_STATES: ReadonlySet<JobState> = new Set(["applied", "refused", "cancelled", "failed"]);
