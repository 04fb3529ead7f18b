import type { Segments } from "../../api/shapes";
import { useFacts } from "../../api/useFacts";
import { useJson } from "../../api/useGet";
import { Customer, Nothing, Panel, Shown, Time, Trouble } from "../../ui/parts";
import { SegmentTable } from "../../ui/SegmentTable";
import { MemberList } from "./MemberList";

/** All segments, and one of them: who is in it and who came last. */
export function SegmentsPage({ of }: { of?: string | undefined }) {
  const segments = useJson<Segments>("v1/segments");
  return (
    <div class="grid halves">
      <Panel title="Segments" note="entered − left = members">
        <Shown answer={segments}>{(value) => <SegmentTable segments={value.segments} current={of} />}</Shown>
      </Panel>
      {of === undefined ? (
        <Panel title="Members">
          <Nothing>Choose a segment to see who is in it.</Nothing>
        </Panel>
      ) : (
        <div key={of}>
          <Newest segment={of} />
          <MemberList segment={of} />
        </div>
      )}
    </div>
  );
}

function Newest({ segment }: { segment: string }) {
  const live = useFacts(`last=10000&kind=segment_entered&segment=${encodeURIComponent(segment)}`, 12);
  return (
    <Panel title="Newest entries" note="as they happen">
      {live.problem && !live.isOpen ? <Trouble problem={live.problem} /> : null}
      {live.facts.length === 0 && !live.problem ? <Nothing>None among the newest facts.</Nothing> : null}
      <ul class="rows">
        {live.facts.map((fact) => (
          <li key={fact.id} data-fact={fact.id}>
            <Customer id={fact.customer} /> <Time at={fact.at} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
