/** What a server tells of: a job that drafts, and an endpoint. */

import type { Endpoint, Job } from "../../src/protocol";

export const JOB: Job = {
  id: "1",
  action: "implement",
  output: "code",
  state: "drafting",
  tier: "COMPLEX",
  uri: "file:///w/shop.py",
  title: "Pillion: Implement area",
  endpoint: "gpu0",
  tokens: 120,
  tokens_per_s: 45.2,
  findings: 0,
  severities: {},
  review: false,
};
export const UP: Endpoint = {
  name: "gpu0",
  protocol: "ollama",
  model: "m",
  location: "local",
  url: null,
  api_key_env: null,
  lanes: [],
  state: "idle",
  reason: null,
  tokens_per_s: null,
};
