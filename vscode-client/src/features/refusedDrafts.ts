/** *Show Draft* of a refused edit: a document with the reasons at the top, and each draft below its reason. */

import { EventEmitter, Uri, languages, window, workspace } from "vscode";
import type { Disposable, TextDocumentContentProvider } from "vscode";

import type { Pillion } from "../pillion";
import type { Attempt, Refused } from "../protocol";
import { ANSWER_LANGUAGE } from "./answers";
import { attemptLines } from "./refusals";
import { fileName, plainTitle } from "./words";
import { errorText } from "../errorText";

export const REFUSED_SCHEME = "pillion-refused";
const KEPT = 20;

export class RefusedDrafts implements TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();

  readonly onDidChange = this.changed.event;
  // After the event: VS Code reads the event at the moment of the registration.
  private readonly registration = workspace.registerTextDocumentContentProvider(REFUSED_SCHEME, this);

  constructor(private readonly pillion: Pillion) {}

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  /** The words are a model's, so the document has a language in which nothing is a link. */
  async show(refused: Refused): Promise<void> {
    const name = plainTitle(refused.title).replace(/[\\/]/g, " ");
    const uri = Uri.from({ scheme: REFUSED_SCHEME, path: `/${refused.job}/Refused: ${name}` });
    this.remember(uri, await this.textOf(refused));
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(await languages.setTextDocumentLanguage(document, ANSWER_LANGUAGE), {
      preview: true,
    });
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  private remember(uri: Uri, text: string): void {
    this.texts.set(uri.toString(), text);
    for (const key of [...this.texts.keys()].slice(0, Math.max(0, this.texts.size - KEPT))) {
      this.texts.delete(key);
    }
    this.changed.fire(uri);
  }

  private async textOf(refused: Refused): Promise<string> {
    const attempts = refused.attempts ?? [];
    const last: Attempt = { endpoint: null, model: null, reason: refused.reason };
    const all = attempts.length > 0 ? attempts : [last];
    const texts = await Promise.all(
      // The last draft is the one that the job itself keeps.
      all.map((each, at) => this.read(each.text_file ?? (at === all.length - 1 ? refused.draft_file : undefined))),
    );
    return refusedText(refused, texts);
  }

  private async read(path: string | null | undefined): Promise<string | undefined> {
    if (path === null || path === undefined) {
      return undefined;
    }
    try {
      return new TextDecoder().decode(await workspace.fs.readFile(Uri.file(path)));
    } catch (error) {
      this.pillion.log.debug(`no draft at ${path}: ${errorText(error)}`);
      return undefined;
    }
  }
}

/** `drafts`: one for each attempt, if it is kept. */
export function refusedText(refused: Refused, drafts: readonly (string | undefined)[]): string {
  const reasons = attemptLines(refused);
  const head = `${plainTitle(refused.title)} in ${fileName(Uri.parse(refused.uri).path)} was refused; the file is as it was.`;
  const draftOf = (at: number): string => drafts[at]?.trimEnd() ?? "(No copy of this draft was kept.)";
  if (reasons.length === 1) {
    return `${[head, ...reasons].join("\n\n")}\n\n${RULE}\n${draftOf(0)}\n`;
  }
  const list = reasons.map((line, at) => `${String(at + 1)}. ${line}`).join("\n");
  const parts = reasons.map((line, at) => `${RULE}\nDraft ${String(at + 1)} — ${line}\n${RULE}\n${draftOf(at)}`);
  return `${head}\n\n${list}\n\n${parts.join("\n\n")}\n`;
}

const RULE = "─".repeat(60);
