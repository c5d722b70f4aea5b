/** The right side of a review: the document as it would be, and its findings. */

import { EventEmitter, Uri, languages, workspace } from "vscode";
import type { Disposable, TextDocumentContentProvider } from "vscode";

import type { Job, Preview } from "../../protocol";
import { fileName } from "../words";
import { diagnosticOf } from "./convert";
import { stageOf } from "./texts";

export const DRAFT_SCHEME = "pillion-draft";

/** `pillion-draft:/<job>/<file name>`; the query is there because an open tab can't be given another title. */
export function draftUri(job: Pick<Job, "id" | "uri" | "state">): Uri {
  const stage = stageOf(job);
  const path = `/${job.id}/${fileName(Uri.parse(job.uri).path)}`;
  return Uri.from({ scheme: DRAFT_SCHEME, path, query: stage === "drafting" || stage === "waiting" ? "" : stage });
}

/** The job of a draft's document. */
export function jobIdOf(uri: Uri): string | undefined {
  return uri.scheme === DRAFT_SCHEME ? uri.path.split("/")[1] : undefined;
}

export class DraftDocuments implements TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly diagnostics = languages.createDiagnosticCollection("pillion-draft");
  private readonly changed = new EventEmitter<Uri>();

  readonly onDidChange = this.changed.event;
  // After the event: VS Code reads the event at the moment of the registration.
  private readonly registration = workspace.registerTextDocumentContentProvider(DRAFT_SCHEME, this);

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  /** Does nothing if there is no preview yet. */
  set(uri: Uri, preview: Preview | undefined): void {
    if (preview === undefined) {
      return;
    }
    const key = uri.toString();
    const before = this.texts.get(key);
    if (before !== preview.text) {
      this.texts.set(key, preview.text);
      this.changed.fire(uri);
    }
    this.diagnostics.set(uri, preview.diagnostics.map(diagnosticOf));
  }

  drop(uri: Uri): void {
    this.texts.delete(uri.toString());
    this.diagnostics.delete(uri);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
    this.diagnostics.dispose();
  }
}
