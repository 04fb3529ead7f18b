import { ask, isReached, Problem } from "./api";
import { otherKey } from "./key";
import type { Fact } from "./shapes";
import { delay, seen } from "./waiting";

/** The service sends something at least every 15 s; a connection that is silent for longer is dead. */
const longestSilenceMs = 40_000;
const firstPauseMs = 500;
const longestPauseMs = 5_000;

export interface StreamReader {
  /** Facts as they are committed, with their place in the stream. */
  facts(facts: Fact[]): void;
  /** Facts between are not kept any more. */
  gap(reason: string): void;
  /** Whether it flows; a problem that `isAbsent` is the last that is heard. */
  state(isOpen: boolean, problem?: Problem): void;
}

/**
 * Reads `/v1/facts/stream` until cancelled, and resumes after the last fact it has seen whenever the connection ends. By fetch: the browser's EventSource
 * sends no key. While nobody looks at the tab it is closed: a browser has few connections for all tabs of a service together.
 */
export async function readFacts(query: string, reader: StreamReader, cancel: AbortSignal): Promise<void> {
  let last: string | null = null;
  let pause = firstPauseMs;
  while (!cancel.aborted) {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    const look = () => document.hidden && stop();
    cancel.addEventListener("abort", stop);
    document.addEventListener("visibilitychange", look);
    try {
      await seen(attempt.signal);
      const answer: Response = await ask(`v1/facts/stream?${query}`, attempt.signal, last === null ? {} : { "Last-Event-ID": last });
      reader.state(true);
      pause = firstPauseMs;
      for await (const event of events(answer.body!, stop)) {
        if (event.id !== "") last = event.id;
        if (event.kind === "gap") reader.gap((JSON.parse(event.data) as { reason: string }).reason);
        else if (event.data !== "") reader.facts([JSON.parse(event.data) as Fact]);
      }
      reader.state(false);
    } catch (error) {
      if (cancel.aborted) return;
      if (document.hidden) continue;
      const problem = error instanceof Problem ? error : new Problem(0, "The stream was cut off.", "It is opened again.");
      reader.state(false, problem);
      if (problem.isAbsent) return;
      if (problem.status === 401) await otherKey(cancel);
      if (problem.status === 0) isReached.value = false;
      pause = Math.max(pause, problem.waitMs);
    } finally {
      cancel.removeEventListener("abort", stop);
      document.removeEventListener("visibilitychange", look);
    }
    await delay(pause, cancel);
    pause = Math.min(2 * pause, longestPauseMs);
  }
}

/** Server-sent events of a body; `silent` is called when nothing has come for too long. */
async function* events(body: ReadableStream<Uint8Array>, silent: () => void): AsyncGenerator<{ id: string; kind: string; data: string }> {
  const text = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  while (true) {
    const watch = setTimeout(silent, longestSilenceMs);
    const { done, value } = await text.read().finally(() => clearTimeout(watch));
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop()!;
    for (const block of blocks) {
      const event = { id: "", kind: "", data: "" };
      for (const line of block.split("\n")) {
        if (line.startsWith("id: ")) event.id = line.slice(4);
        else if (line.startsWith("event: ")) event.kind = line.slice(7);
        else if (line.startsWith("data: ")) event.data += line.slice(6);
      }
      yield event;
    }
  }
}
