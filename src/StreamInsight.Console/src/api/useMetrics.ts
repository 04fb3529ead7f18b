import { useEffect, useState } from "preact/hooks";
import type { Answer } from "./useGet";
import { useGet } from "./useGet";
import { Metrics, quantile } from "./metrics";

const everyMs = 2_000;
const kept = 60;
const latency = "streaminsight_end_to_end_latency_seconds";

interface Reading {
  atMs: number;
  metrics: Metrics;
}

export interface Figures {
  now: Metrics;
  /** Events a second, a value for every reading. */
  rates: number[];
  /** Seconds from an event to the delivery of its facts, over the readings kept; null = none was delivered. */
  p50: number | null;
  p99: number | null;
  /** How much a metric grew a second lately. */
  perSecond(name: string): number;
}

/** `/metrics`, read again and again, and what follows from several readings. */
export function useMetrics(): Answer<Figures> {
  const answer = useGet("metrics", everyMs, read);
  const [readings, setReadings] = useState<Reading[]>([]);
  useEffect(() => {
    const reading = answer.value;
    if (!reading) return;
    setReadings((before) => {
      // Counters that go back: the service was started again.
      const begins = before.length > 0 && events(reading.metrics) < events(before.at(-1)!.metrics);
      return [...(begins ? [] : before), reading].slice(-kept);
    });
  }, [answer.value]);
  const last = readings.at(-1);
  if (!last) return answer.problem ? { problem: answer.problem } : {};
  const first = readings[0]!;
  const value: Figures = {
    now: last.metrics,
    rates: readings.slice(1).map((reading, i) => rate(events, readings[i]!, reading)),
    p50: quantile(latency, 0.5, first.metrics, last.metrics),
    p99: quantile(latency, 0.99, first.metrics, last.metrics),
    perSecond: (name) => rate((metrics) => metrics.sum(name), readings.at(-4) ?? first, last),
  };
  return answer.problem ? { value, problem: answer.problem } : { value };
}

const read = async (answer: Response): Promise<Reading> => ({ metrics: new Metrics(await answer.text()), atMs: performance.now() });

const events = (metrics: Metrics): number => metrics.sum("streaminsight_events_total");

function rate(of: (metrics: Metrics) => number, from: Reading, to: Reading): number {
  const seconds = (to.atMs - from.atMs) / 1000;
  return seconds > 0 ? Math.max(0, of(to.metrics) - of(from.metrics)) / seconds : 0;
}
