import { useState } from "preact/hooks";
import type { Members } from "../../api/shapes";
import { useJson } from "../../api/useGet";
import { Customer, Nothing, Panel, Shown, Time } from "../../ui/parts";

/** Members by id, a page at a time. */
export function MemberList({ segment }: { segment: string }) {
  const [before, setBefore] = useState<string[]>([]);
  const from = before.at(-1);
  const members = useJson<Members>(`v1/segments/${encodeURIComponent(segment)}/members?limit=50${from ? `&${from}` : ""}`, 5_000);
  const next = members.value?.next;
  return (
    <Panel title="Members" note="by id">
      <Shown answer={members}>
        {(value) =>
          value.members.length === 0 ? (
            <Nothing>Nobody is in it.</Nothing>
          ) : (
            <ul class="rows" data-list="members">
              {value.members.map((member) => (
                <li key={member.customer}>
                  <Customer id={member.customer} /> <Time at={member.since} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <div class="tools">
        <button type="button" disabled={before.length === 0} onClick={() => setBefore(before.slice(0, -1))}>
          Back
        </button>
        <button type="button" disabled={!next} onClick={() => next && setBefore([...before, next])}>
          More
        </button>
      </div>
    </Panel>
  );
}
