import type { ExplainedSegment } from "../../api/shapes";
import { Badge, Nothing, Panel, segmentLink, Time } from "../../ui/parts";
import { Condition } from "./Condition";

/** The segments a customer is in, and those it is not in; each tells why. */
export function SegmentsPanel({ segments, now }: { segments: Record<string, ExplainedSegment>; now: string }) {
  const all = Object.entries(segments);
  const inside = all.filter(([, segment]) => segment.member);
  const outside = all.filter(([, segment]) => !segment.member);
  return (
    <Panel title="Segments" note={`in ${inside.length} of ${all.length}`}>
      {inside.length === 0 && <Nothing>It is in none.</Nothing>}
      {inside.map(([name, segment]) => (
        <Why key={name} name={name} segment={segment} now={now} />
      ))}
      {outside.length > 0 && (
        <details class="group">
          <summary>Not in {outside.length}, and why</summary>
          {outside.map(([name, segment]) => (
            <Why key={name} name={name} segment={segment} now={now} />
          ))}
        </details>
      )}
    </Panel>
  );
}

function Why({ name, segment, now }: { name: string; segment: ExplainedSegment; now: string }) {
  return (
    <details class="why" data-segment={name} data-member={segment.member}>
      <summary>
        <b>{name}</b> {segment.since && <Time at={segment.since} now={now} />}
        {segment.waiting_since && <Badge tone="warn">waits</Badge>}
      </summary>
      {segment.stays_until && (
        <p>
          Stays at least until <Time at={segment.stays_until} now={now} />.
        </p>
      )}
      {segment.waiting_since && segment.enters_at && (
        <p>
          Its condition holds since <Time at={segment.waiting_since} now={now} />; it enters at <Time at={segment.enters_at} now={now} /> if that still holds then.
        </p>
      )}
      <Condition name="enters when" condition={segment.when} now={now} />
      <Condition name="leaves when" condition={segment.exit} now={now} />
      {segment.member && !segment.exit && <p class="quiet">It leaves when that no longer holds.</p>}
      <p>
        <a href={segmentLink(name)}>All members</a>
      </p>
    </details>
  );
}
