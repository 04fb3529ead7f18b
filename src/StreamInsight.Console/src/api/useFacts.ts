import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "./api";
import type { Fact } from "./shapes";
import { readFacts } from "./stream";

/** Between two drawings facts are gathered: a page is read by people. */
const drawEveryMs = 250;

export interface LiveFacts {
  /** Newest first. */
  facts: Fact[];
  isOpen: boolean;
  problem?: Problem | undefined;
  /** Why something is missing between. */
  gap?: string;
}

/** The newest facts of the stream, at most `keep`. While `isHeld` they are gathered and not shown. */
export function useFacts(query: string, keep: number, isHeld = false): LiveFacts {
  const [live, setLive] = useState<LiveFacts>({ facts: [], isOpen: false });
  const held = useRef(isHeld);
  held.current = isHeld;
  useEffect(() => {
    setLive({ facts: [], isOpen: false });
    const ending = new AbortController();
    let waiting: Fact[] = [];
    const draw = setInterval(() => {
      if (waiting.length === 0 || held.current) return;
      const news = waiting.reverse();
      waiting = [];
      setLive((before) => ({ ...before, facts: [...news, ...before.facts].slice(0, keep) }));
    }, drawEveryMs);
    void readFacts(query, {
      facts: (facts) => {
        waiting = [...waiting, ...facts].slice(-keep);
      },
      gap: (gap) => setLive((before) => ({ ...before, gap })),
      state: (isOpen, problem) => setLive((before) => ({ ...before, isOpen, problem })),
    }, ending.signal);
    return () => {
      clearInterval(draw);
      ending.abort();
    };
  }, [query, keep]);
  return live;
}
