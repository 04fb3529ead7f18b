import type { Routing } from "../../api/shapes";
import { Badge, Bar, Nothing, Panel, Time } from "../../ui/parts";
import { number, words } from "../../ui/text";

/** What a router reads when this customer calls. */
export function RoutingPanel({ routing, now }: { routing: Routing | null; now: string }) {
  if (!routing)
    return (
      <Panel title="Routing" note={<Badge tone="plain">none</Badge>}>
        <Nothing>There is no record: a call is routed as it would be without StreamInsight.</Nothing>
      </Panel>
    );
  const isFresh = Date.parse(routing.valid_until) > Date.parse(now);
  return (
    <Panel title="Routing" note={<Badge tone={isFresh ? "good" : "warn"}>{isFresh ? "fresh" : "stale"}</Badge>}>
      <p class="headline">
        <b data-figure="score">{number(routing.score)}</b> of 1000 <Bar value={routing.score} most={1000} tone="score" />
      </p>
      <dl class="facts-of">
        <dt>queue</dt>
        <dd>{routing.queue === null ? "–" : <a href={`#/queues/${encodeURIComponent(routing.queue)}`}>{routing.queue}</a>}</dd>
        <dt>reasons</dt>
        <dd>{routing.reasons.map(words).join(", ") || "none"}</dd>
        <dt>agent</dt>
        <dd>{routing.agent ?? "any"}</dd>
        <dt>skills</dt>
        <dd>{routing.skills.join(", ") || "none"}</dd>
        <dt>valid until</dt>
        <dd>
          <Time at={routing.valid_until} now={now} />
        </dd>
      </dl>
      {!isFresh && <p class="quiet">It has not changed since. The copy in Redis, where there is one, is written again before it goes stale for as long as it holds.</p>}
    </Panel>
  );
}
