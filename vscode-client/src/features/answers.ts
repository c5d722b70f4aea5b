/**
 * Answers in words stream into a read-only document beside the code.
 *
 * It is an ordinary editor with a language of its own, not a Markdown preview or a webview: it follows the stream
 * without losing the place, screen readers and search work in it, and nothing in a model's words can lead or load
 * anywhere, because no link provider knows that language and links are switched off for it (package.json).
 */

import { EventEmitter, Uri, ViewColumn, languages, window, workspace } from "vscode";
import type { Disposable, TextDocumentContentProvider } from "vscode";

import type { Pillion } from "../pillion";
import type { DraftDelta, Job } from "../protocol";
import { attempt } from "./attempt";
import { isOver } from "./jobs";
import type { JobBook } from "./jobs";
import { withoutThoughts } from "./prose";
import { Throttle } from "./throttle";
import { plainTitle } from "./words";

export const ANSWER_SCHEME = "pillion-answer";
/** No link provider knows it, so nothing in such a document leads or runs anything. */
export const ANSWER_LANGUAGE = "pillion-answer";
const GAP_MS = 100;

interface Answer {
  readonly uri: Uri;
  job: Job;
  raw: string;
  shown: boolean;
  readonly refresh: Throttle;
}

export class Answers implements TextDocumentContentProvider, Disposable {
  private readonly answers = new Map<string, Answer>();
  private readonly closed = new Set<string>();
  private readonly changed = new EventEmitter<Uri>();
  private readonly subscriptions: Disposable[];

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly pillion: Pillion,
    private readonly jobs: JobBook,
  ) {
    this.subscriptions = [
      workspace.registerTextDocumentContentProvider(ANSWER_SCHEME, this),
      pillion.onDraft((delta) => {
        this.take(delta);
      }),
      jobs.onChange(({ job }) => {
        this.follow(job);
      }),
      workspace.onDidCloseTextDocument((document) => {
        this.forget(document.uri);
      }),
    ];
  }

  provideTextDocumentContent(uri: Uri): string {
    const answer = [...this.answers.values()].find((each) => each.uri.toString() === uri.toString());
    return answer === undefined ? "" : textOf(answer);
  }

  dispose(): void {
    this.subscriptions.forEach((each) => void each.dispose());
    this.answers.forEach((each) => {
      each.refresh.dispose();
    });
    this.changed.dispose();
  }

  private take({ id, text }: DraftDelta): void {
    const job = this.jobs.get(id);
    if (job === undefined || this.closed.has(id) || job.output !== "prose") {
      return;
    }
    const answer = this.answerOf(job);
    answer.raw += text;
    answer.refresh.request();
    this.show(answer);
  }

  private follow(job: Job): void {
    const known = this.answers.get(job.id);
    if (this.closed.has(job.id) || (known === undefined && job.prose === undefined)) {
      return;
    }
    const answer = known ?? this.answerOf(job);
    if (job.endpoint !== answer.job.endpoint) {
      // Another endpoint starts over.
      answer.raw = "";
    }
    answer.job = job;
    answer.refresh.request();
    if (job.prose !== undefined) {
      this.show(answer);
    }
  }

  private answerOf(job: Job): Answer {
    const known = this.answers.get(job.id);
    if (known !== undefined) {
      return known;
    }
    const name = plainTitle(job.title).replace(/[\\/]/g, " ");
    const uri = Uri.from({ scheme: ANSWER_SCHEME, path: `/${job.id}/${name}` });
    const refresh = new Throttle(GAP_MS, () => {
      this.changed.fire(uri);
    });
    const answer = { uri, job, raw: "", shown: false, refresh };
    this.answers.set(job.id, answer);
    return answer;
  }

  /** Once for each answer. */
  private show(answer: Answer): void {
    if (answer.shown) {
      return;
    }
    answer.shown = true;
    void attempt(this.pillion, "showing an answer", async () => {
      const document = await workspace.openTextDocument(answer.uri);
      await languages.setTextDocumentLanguage(document, ANSWER_LANGUAGE);
      const shown = window.visibleTextEditors.find((each) => each.document.uri.scheme === ANSWER_SCHEME);
      await window.showTextDocument(document, {
        viewColumn: shown?.viewColumn ?? ViewColumn.Beside,
        preserveFocus: true,
        // A second answer takes the first one's tab, but not while that is still being written.
        preview: [...this.answers.values()].every((each) => each === answer || isOver(each.job)),
      });
    });
  }

  private forget(uri: Uri): void {
    // Setting the language closes and opens a document, too; then it is still listed.
    if (uri.scheme !== ANSWER_SCHEME || workspace.textDocuments.some((each) => each.uri.toString() === uri.toString())) {
      return;
    }
    for (const [id, answer] of this.answers) {
      if (answer.uri.toString() === uri.toString()) {
        answer.refresh.dispose();
        this.answers.delete(id);
        this.closed.add(id);
      }
    }
  }
}

function textOf({ job, raw }: Answer): string {
  // What streamed is exact; the server's last word has marks that keep Markdown viewers from following links.
  const { text, thinking } = withoutThoughts(raw === "" ? (job.prose ?? "") : raw);
  // Who cancelled it needs no reason, but the text may be a part only.
  const why = job.reason ?? (job.state === "cancelled" ? "cancelled" : undefined);
  const ended = why === undefined ? "" : `\n\n— ${why}`;
  if (text === "" && ended === "") {
    return thinking ? `${job.endpoint ?? "The model"} is thinking…\n` : `Waiting for ${job.endpoint ?? "an endpoint"}…\n`;
  }
  return `${text.trimEnd()}${ended}\n`;
}
