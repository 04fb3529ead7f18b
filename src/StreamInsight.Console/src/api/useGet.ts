import { useEffect, useState } from "preact/hooks";
import { useStore } from "../store";
import { ask, Problem } from "./api";
import { key } from "./key";
import { delay, seen } from "./waiting";

/** What is known of an answer: the newest one, and what is wrong with asking now. Both may be there. */
export interface Answer<T> {
  value?: T;
  problem?: Problem;
}

/** Asks for a path now and, while somebody looks at the page, again and again; `read` has to be the same function at every call. Null = nothing to ask. */
export function useGet<T>(path: string | null, everyMs: number, read: (answer: Response) => Promise<T>): Answer<T> {
  const carried = useStore(key);
  const [answer, setAnswer] = useState<Answer<T> & { path?: string | null }>({});
  useEffect(() => {
    const ending = new AbortController();
    void (async () => {
      while (path !== null && !ending.signal.aborted) {
        let pause = everyMs;
        try {
          const value = await read(await ask(path, ending.signal));
          if (ending.signal.aborted) return;
          setAnswer({ path, value });
        } catch (error) {
          if (ending.signal.aborted) return;
          const problem = error instanceof Problem ? error : new Problem(0, "The answer was cut off.", "It is asked for again.");
          setAnswer((before) => (before.path === path && before.value !== undefined ? { path, value: before.value, problem } : { path, problem }));
          // Another key asks anew; what is not there is not asked for twice.
          if (problem.status === 401 || problem.status === 404 || problem.status === 501) return;
          pause = Math.max(pause, problem.waitMs);
        }
        await delay(pause, ending.signal);
        await seen(ending.signal);
      }
    })();
    return () => ending.abort();
  }, [path, everyMs, read, carried]);
  return answer.path === path ? answer : {};
}

export function useJson<T>(path: string | null, everyMs = 2_000): Answer<T> {
  return useGet(path, everyMs, json as (answer: Response) => Promise<T>);
}

const json = (answer: Response): Promise<unknown> => answer.json();
