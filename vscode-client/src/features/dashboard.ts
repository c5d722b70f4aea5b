/** *Show Dashboard*: the figures of the session's jobs. */

import { randomBytes } from "node:crypto";

import { ViewColumn, window } from "vscode";
import type { WebviewPanel } from "vscode";

import type { Pillion } from "../pillion";
import type { Engines } from "../protocol";
import { command } from "./attempt";
import { body, escaped, page } from "./dashboardHtml";
import type { Stats } from "./dashboardHtml";
import type { Disposes } from "./disposes";
import type { JobBook } from "./jobs";
import { Throttle } from "./throttle";
import { errorText } from "../errorText";

const GAP_MS = 1000;

export function registerDashboard(pillion: Pillion, jobs: JobBook): Disposes[] {
  const dashboard = new Dashboard(pillion, jobs);
  return [
    dashboard,
    command(pillion, "pillion.showDashboard", async () => {
      await dashboard.show();
    }),
  ];
}

class Dashboard implements Disposes {
  private panel: WebviewPanel | undefined;
  private readonly throttle: Throttle;
  private readonly subscriptions: Disposes[];

  constructor(
    private readonly pillion: Pillion,
    jobs: JobBook,
  ) {
    this.throttle = new Throttle(GAP_MS, () => void this.refresh());
    const refresh = (): void => {
      if (this.panel?.visible === true) {
        this.throttle.request();
      }
    };
    this.subscriptions = [jobs.onChange(refresh), pillion.onEndpoints(refresh), pillion.onServer(refresh)];
  }

  async show(): Promise<void> {
    if (this.panel !== undefined) {
      this.panel.reveal();
      return;
    }
    const panel = window.createWebviewPanel("pillion.dashboard", "Pillion Dashboard", ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [],
    });
    this.panel = panel;
    panel.onDidDispose(() => {
      this.panel = undefined;
    });
    let wasVisible = panel.visible;
    panel.onDidChangeViewState(() => {
      // A hidden page is dropped; a new one starts with the current state. The focus alone changes nothing.
      if (panel.visible && !wasVisible) {
        void this.fill(panel);
      }
      wasVisible = panel.visible;
    });
    await this.fill(panel);
  }

  dispose(): void {
    this.throttle.dispose();
    this.subscriptions.forEach((each) => void each.dispose());
    this.panel?.dispose();
  }

  private async fill(panel: WebviewPanel): Promise<void> {
    const content = await this.content();
    if (panel === this.panel) {
      panel.webview.html = page(randomBytes(16).toString("hex"), content);
    }
  }

  private async refresh(): Promise<void> {
    const content = await this.content();
    // Closed meanwhile, it has no page.
    if (this.panel?.visible === true) {
      await this.panel.webview.postMessage(content);
    }
  }

  private async content(): Promise<string> {
    try {
      const [stats, { endpoints }] = await Promise.all([
        this.pillion.execute<Stats>("pillion.stats"),
        this.pillion.execute<Engines>("pillion.endpoints"),
      ]);
      return body(stats, endpoints);
    } catch (error) {
      return `<p>${escaped(errorText(error))}</p>`;
    }
  }
}
