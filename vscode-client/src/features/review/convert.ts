/** Converts LSP's values into VS Code's own objects. */

import { Diagnostic, DiagnosticSeverity, Range } from "vscode";
import type { Diagnostic as LspDiagnostic, Range as LspRange } from "vscode-languageserver-protocol";

const SEVERITIES: readonly DiagnosticSeverity[] = [
  DiagnosticSeverity.Warning,
  DiagnosticSeverity.Error,
  DiagnosticSeverity.Warning,
  DiagnosticSeverity.Information,
  DiagnosticSeverity.Hint,
];

export function rangeOf({ start, end }: LspRange): Range {
  return new Range(start.line, start.character, end.line, end.character);
}

export function diagnosticOf(given: LspDiagnostic): Diagnostic {
  const message = typeof given.message === "string" ? given.message : given.message.value;
  const severity = SEVERITIES[given.severity ?? 0] ?? DiagnosticSeverity.Warning;
  const made = new Diagnostic(rangeOf(given.range), message, severity);
  made.source = given.source ?? "pillion";
  if (given.code !== undefined) {
    made.code = given.code;
  }
  return made;
}
