/** What the HTTP API answers; see /openapi/v1.json. Times are ISO 8601 in UTC. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface Segment {
  name: string;
  members: number;
  entered: number;
  left: number;
}

export interface Segments {
  segments: Segment[];
}

export interface Members {
  segment: string;
  members: { customer: string; since: string }[];
  next?: string;
}

export interface Journey {
  initial: string;
  stages: { name: string; customers: number }[];
}

export interface Queues {
  queues: { name: string; customers: number }[];
}

export interface Queue {
  queue: string;
  state: { at: string; waiting: number | null; longest_wait_seconds: number | null; service_level: number | null; agents_free: number | null } | null;
  customers: { customer: string; score: number }[];
  next?: string;
}

export interface Health {
  status: string;
  problem?: string;
  model: string;
  customers: number;
  outbox?: number;
  paused?: boolean;
  sinks?: { name: string; up: boolean; waiting: number }[];
  partitions?: number[];
}

export interface Fact {
  id: string;
  customer: string;
  seq: number;
  at: string;
  kind: string;
  model: string;
  cause: string;
  segment?: string;
  from?: string;
  to?: string;
  trigger?: string;
  with?: Record<string, Json>;
  actions?: OfferedAction[];
  routing?: Routing | null;
}

export interface Facts {
  customer: string;
  facts: Fact[];
  next?: string;
}

export interface OfferedAction {
  action: string;
  channels: string[];
  score: number;
  explored: boolean;
  content?: Record<string, Json>;
}

export interface Routing {
  queue: string | null;
  score: number;
  reasons: string[];
  agent: string | null;
  skills: string[];
  valid_until: string;
}

export interface Profile {
  customer: string;
  at: string;
  seq: number;
  traits: Record<string, Json>;
  actions: OfferedAction[];
  routing: Routing | null;
}

export interface Condition {
  condition: string;
  reads: Record<string, Json>;
  holds: boolean;
  error: string | null;
  turns_at: string | null;
}

export interface ExplainedFeature {
  value: Json;
  mode: string;
  covered_from?: string | null;
  complete?: boolean;
  truncated?: boolean;
  capped?: boolean;
}

export interface ExplainedSegment {
  member: boolean;
  since?: string | null;
  stays_until?: string | null;
  waiting_since?: string | null;
  enters_at?: string | null;
  when: Condition | null;
  exit: Condition | null;
}

export interface ExplainedAction {
  rank: number | null;
  removed_by: string | null;
  change: string | null;
  opens_at: string | null;
  channels: string[];
  eligible: Condition | null;
  consent: Record<string, Condition | null>;
  caps: { channel: string | null; topic: string | null; max: number; count: number; window: string; frees_at: string | null }[];
  factors: { propensity: number; context: number; value: number; lever: number; score: number } | null;
  explored: boolean;
}

export interface Transition {
  from: string;
  to: string;
  when: Condition | null;
  not_before: string | null;
  closed: boolean;
}

export interface Explanation {
  customer: string;
  at: string;
  seq: number;
  features: Record<string, ExplainedFeature>;
  journey: { stage: string; previous: string | null; entered_at: string; open: Transition[] } | null;
  segments: Record<string, ExplainedSegment>;
  scores: Record<string, { value: Json; learned: boolean }>;
  actions: Record<string, ExplainedAction>;
  next_timer: string | null;
}
