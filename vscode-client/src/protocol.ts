/** The types of the server's messages and arguments besides LSP itself; see docs/protocol.md. */

import type { Diagnostic, Range } from "vscode-languageserver-protocol";

export type Tier = "SIMPLE" | "MODERATE" | "COMPLEX";

export type JobState =
  "queued" | "drafting" | "auditing" | "ready" | "applied" | "offered" | "refused" | "cancelled" | "failed";

/** A draft that was refused, and why. */
export interface Attempt {
  readonly endpoint: string | null;
  readonly model: string | null;
  readonly reason: string;
  /** The draft's text. */
  readonly text_file?: string;
}

/** The facts about a refusal, for messages and next steps. Older servers send less. */
interface Refusable {
  /** Oldest first. */
  readonly attempts?: readonly Attempt[] | null;
  /** The endpoint that a larger tier would use; null if none is larger than the ones that were tried. */
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
  readonly output: "code" | "comments" | "fields" | "names" | "tests" | "file" | "document" | "prose";
  readonly state: JobState;
  /** What the job is doing, in a user's words; empty when it is over. Older servers don't send it. */
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
  /** Whether the edit will be offered whatever the checks find. */
  readonly review: boolean;
  /** Why the edit was offered or refused, or why the job failed or was cancelled. */
  readonly reason?: string;
  /** The answer of an action that edits nothing. */
  readonly prose?: string;
  /** The cause of a failure, if it is known. */
  readonly about?: "engines" | "document";
  /** Where a draft is kept that did not become an edit. */
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
  /** The mistakes in the configuration, one sentence each. */
  readonly problems: readonly string[];
  /** Models that the embedded engines need and that aren't on this machine. Older servers don't send it. */
  readonly missing_models?: readonly string[];
  /** Which engines were found on this machine, if the user has named none. Older servers don't send it. */
  readonly found?: string | null;
  /** Longer documents have no actions. Older servers don't send it. */
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
  /** The lanes that try it first. Older servers don't send it. */
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
  /** The range that changes, in `text`. */
  readonly changed: Range;
  /** What can be accepted on its own; empty where the edit is made whole or not at all. Older servers don't send it. */
  readonly hunks?: readonly Hunk[];
}

export interface Hunk {
  readonly id: string;
  readonly changes: readonly HunkChange[];
  /** What comes along because it is needed, such as an import. Several hunks may bring the same. */
  readonly brings: readonly HunkChange[];
}

/** A change of neighbouring lines. */
export interface HunkChange {
  /** In the document. */
  readonly range: Range;
  readonly oldText: string;
  readonly newText: string;
  /** Where the new text is in the preview's text. */
  readonly written: Range;
}

/** One way to do the user's request. */
export interface Choice {
  readonly tier: Tier;
  readonly action: string;
  readonly title: string;
  readonly endpoint: string | null;
  readonly model: string | null;
  /** The endpoint that would audit it, if there is one. */
  readonly auditor: string | null;
}

/** The answer of `pillion.classify`. */
export interface Classification {
  readonly symbol: string | null;
  readonly reason: string;
  /** The index of the choice that the words ask for. */
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
  /** The document that it is for, and why it did not become an edit; empty if unknown. Older servers don't send it. */
  readonly uri?: string;
  readonly reason?: string;
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
  /** The drafts of servers that ended in the middle of a draft. */
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

/** A dismissed finding. If it was dismissed with an older server, only the id is known. */
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

/** The answer of `pillion.model` without an argument. */
export interface ModelChoices {
  /** A set’s name, or a model’s; null if nothing was chosen yet. */
  readonly chosen: string | null;
  readonly own_endpoints: boolean;
  readonly choices: readonly ModelChoice[];
}

export interface ModelChoice {
  readonly name: string;
  readonly about: string;
  readonly size_bytes: number;
  readonly missing_bytes: number;
  readonly memory_bytes: number;
  /** How fast it drafts, in words. */
  readonly speed: string;
  /** Why this machine can’t run it; empty if it can. */
  readonly unfit: string;
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
  | "pillion.applyDraft"
  | "pillion.dropDraft"
  | "pillion.retry"
  | "pillion.undo"
  | "pillion.fix"
  | "pillion.dismissed"
  | "pillion.undismiss"
  | "pillion.pull"
  | "pillion.model"
  | "pillion.reload"
  | "pillion.stats";

/** States after which there is no more news of a job. `offered` isn't one: it waits for the user. */
export const FINAL_STATES: ReadonlySet<JobState> = new Set(["applied", "refused", "cancelled", "failed"]);
