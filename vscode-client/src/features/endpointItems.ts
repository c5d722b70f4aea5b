/** The endpoints as rows of a list. */

import type { Endpoint } from "../protocol";
import { speedText, withoutIcons } from "./words";

export interface Row {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

const ICONS: Readonly<Record<Endpoint["state"], string>> = {
  idle: "$(circle-outline)",
  working: "$(sync~spin)",
  down: "$(warning)",
};

export function endpointRow(endpoint: Endpoint): Row {
  const speed = endpoint.tokens_per_s === null ? "" : ` · ${speedText(endpoint.tokens_per_s)}`;
  const place = endpoint.location === "cloud" ? "cloud" : endpoint.protocol === "embedded" ? "in Pillion itself" : "local";
  const lanes = endpoint.lanes.length > 0 ? `does ${endpoint.lanes.join(", ")}` : "is used for nothing";
  const why = endpoint.state === "down" && endpoint.reason !== null ? `${endpoint.reason} — ` : "";
  const where = endpoint.url === null ? "" : ` · ${endpoint.url}`;
  return {
    label: `${ICONS[endpoint.state]} ${withoutIcons(endpoint.name)}`,
    description: withoutIcons(`${endpoint.state} · ${endpoint.model}${speed}`),
    detail: withoutIcons(`${why}${lanes} · ${place}${where}`),
  };
}
