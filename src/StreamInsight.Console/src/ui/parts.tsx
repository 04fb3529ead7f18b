import type { ComponentChildren } from "preact";
import type { Problem } from "../api/api";
import type { Answer } from "../api/useGet";
import { distance, instant } from "./text";

/** A box with a heading of its own. */
export function Panel({ title, note, wide, children }: { title: string; note?: ComponentChildren; wide?: boolean; children: ComponentChildren }) {
  return (
    <section class={wide ? "panel wide" : "panel"} aria-label={title}>
      <h2>
        {title} {note && <small>{note}</small>}
      </h2>
      {children}
    </section>
  );
}

/** What an answer holds, or why there is none; an old answer stays, and says that it is old. */
export function Shown<T>({ answer, children }: { answer: Answer<T>; children: (value: T) => ComponentChildren }) {
  if (answer.value === undefined) return answer.problem ? <Trouble problem={answer.problem} /> : <p class="quiet">…</p>;
  return (
    <>
      {answer.problem && <p class="quiet">Not the newest: {answer.problem.title}</p>}
      {children(answer.value)}
    </>
  );
}

/** In place of what could not be had. */
export function Trouble({ problem }: { problem: Problem }) {
  if (problem.isAbsent) return <p class="notice">This service does not offer it.</p>;
  return (
    <p class="notice" role="alert">
      <strong>{problem.title}</strong> {problem.detail}
    </p>
  );
}

export function Nothing({ children }: { children: ComponentChildren }) {
  return <p class="quiet">{children}</p>;
}

/** A bar that says how much of the most something is; the number stands beside it, so it is for the eye only. */
export function Bar({ value, most, tone = "" }: { value: number; most: number; tone?: string }) {
  const share = most > 0 ? Math.min(1, Math.max(value > 0 ? 0.01 : 0, value / most)) : 0;
  return (
    <span class={`bar ${tone}`} aria-hidden="true">
      <span style={{ width: `${100 * share}%` }} />
    </span>
  );
}

export function Badge({ tone, children }: { tone: "good" | "warn" | "bad" | "plain"; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** An instant; beside it how far it is from `now`, where that is known. */
export function Time({ at, now }: { at: string; now?: string }) {
  return (
    <time dateTime={at} title={at}>
      {instant(at)}
      {now && <span class="quiet"> {distance(at, now)}</span>}
    </time>
  );
}

export const customerLink = (id: string): string => `#/customers/${encodeURIComponent(id)}`;
export const segmentLink = (name: string): string => `#/segments/${encodeURIComponent(name)}`;

export function Customer({ id }: { id: string }) {
  return <a href={customerLink(id)}>{id}</a>;
}

/** A line of values, the newest right. */
export function Spark({ values, label }: { values: number[]; label: string }) {
  const most = Math.max(1, ...values);
  const points = values.map((value, i) => `${values.length > 1 ? (100 * i) / (values.length - 1) : 100},${28 - (26 * value) / most}`);
  return (
    <svg class="spark" viewBox="0 0 100 30" preserveAspectRatio="none" role="img" aria-label={label}>
      {points.length > 1 && <polygon points={`0,30 ${points.join(" ")} 100,30`} />}
      {points.length > 1 && <polyline points={points.join(" ")} />}
    </svg>
  );
}
