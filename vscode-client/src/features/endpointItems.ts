/** The endpoints in words: as rows of a list, and a line each. */

import type { Endpoint } from "../protocol";
import { speedText } from "./words";
import { withoutIcons } from "../harmless";

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
  const place =
    endpoint.location === "cloud" ? "cloud" : endpoint.protocol === "embedded" ? "in Pillion itself" : "local";
  const why = endpoint.state === "down" && endpoint.reason !== null ? `${endpoint.reason} — ` : "";
  const where = endpoint.url === null ? "" : ` · ${endpoint.url}`;
  return {
    label: `${ICONS[endpoint.state]} ${withoutIcons(endpoint.name)}`,
    description: withoutIcons([endpoint.state, endpoint.model, speedOf(endpoint)].filter(Boolean).join(" · ")),
    detail: withoutIcons(`${why}${lanesText(endpoint)} · ${place}${where}`),
  };
}

/** “gpu0 is idle · qwen2.5:7b · 45 tokens/s · first in moderate, complex”. */
export function endpointLine(endpoint: Endpoint): string {
  const state = endpoint.state === "down" && endpoint.reason ? `down: ${endpoint.reason}` : endpoint.state;
  return [`${endpoint.name} is ${state}`, endpoint.model, speedOf(endpoint), lanesText(endpoint)]
    .filter(Boolean)
    .join(" · ");
}

/** The lanes that try the endpoint first, and the lanes that try others first. */
export function lanesOf({ lanes, first_in: first = [] }: Endpoint): { readonly first: string; readonly then: string } {
  return { first: first.join(", "), then: lanes.filter((lane) => !first.includes(lane)).join(", ") };
}

function lanesText(endpoint: Endpoint): string {
  if (endpoint.lanes.length === 0) {
    return "is used for nothing";
  }
  if (endpoint.first_in === undefined) {
    return `does ${endpoint.lanes.join(", ")}`;
  }
  const { first, then } = lanesOf(endpoint);
  return [first && `first in ${first}`, then && `then in ${then}`].filter(Boolean).join(" · ");
}

function speedOf({ tokens_per_s: speed }: Endpoint): string {
  return speed === null ? "" : speedText(speed);
}
