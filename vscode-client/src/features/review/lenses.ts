/** Accept and Reject above the changed lines. Only drafts have them, so other documents cost nothing. */

import { CodeLens, EventEmitter, Range, languages } from "vscode";
import type { CodeLensProvider, Command, Disposable, TextDocument } from "vscode";

import { DRAFT_SCHEME, jobIdOf } from "./draftDocuments";
import { lensTexts } from "./texts";
import type { LensText, ReviewWords } from "./texts";

export function commandOf({ title, command, hunk, finding, ways, tooltip }: LensText, job: string): Command {
  const words = hunk === undefined ? [job, finding, ways] : [job, hunk];
  return { title, command, arguments: words, ...(tooltip === undefined ? {} : { tooltip }) };
}

export interface Reviewed extends ReviewWords {
  /** The first line that the draft changes. */
  readonly line: number;
}

export class Lenses implements CodeLensProvider, Disposable {
  private readonly changed = new EventEmitter<void>();
  private shown = "";

  readonly onDidChangeCodeLenses = this.changed.event;
  // After the event: VS Code reads the event at the moment of the registration.
  private readonly registration = languages.registerCodeLensProvider({ scheme: DRAFT_SCHEME }, this);

  constructor(private readonly find: (jobId: string) => Reviewed | undefined) {}

  provideCodeLenses(document: TextDocument): CodeLens[] {
    const id = jobIdOf(document.uri);
    const reviewed = id === undefined ? undefined : this.find(id);
    if (reviewed === undefined) {
      return [];
    }
    const line = Math.min(reviewed.line, document.lineCount - 1);
    const range = new Range(line, 0, line, 0);
    return lensTexts(reviewed).map((text) => new CodeLens(range, commandOf(text, reviewed.job.id)));
  }

  /** Redraws only lenses whose text has changed: lenses that are replaced many times a second flicker. */
  refresh(reviewed: Reviewed): void {
    const now = JSON.stringify([reviewed.job.id, reviewed.line, lensTexts(reviewed)]);
    if (now !== this.shown) {
      this.shown = now;
      this.changed.fire();
    }
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
