import type { Fact, Journey } from "../../api/shapes";
import { useFacts } from "../../api/useFacts";
import { useJson } from "../../api/useGet";
import { FactList } from "../../ui/FactList";
import { Bar, Nothing, Panel, Shown, Trouble } from "../../ui/parts";
import { Stages } from "../../ui/Stages";
import { count, words } from "../../ui/text";

const kept = 2_000;

/** Where everybody stands, and who moves where. */
export function JourneyPage() {
  const journey = useJson<Journey>("v1/journey");
  const live = useFacts("last=10000&kind=stage_changed", kept);
  const trouble = live.problem && !live.isOpen ? <Trouble problem={live.problem} /> : null;
  return (
    <div class="grid halves">
      <div>
        <Panel title="Stages" note={journey.value && `begins with ${words(journey.value.initial)}`}>
          <Shown answer={journey}>{(value) => <Stages journey={value} />}</Shown>
        </Panel>
        <Panel title="Ways" note={`of the last ${count(live.facts.length)} moves`}>
          {trouble ?? <Ways facts={live.facts} />}
        </Panel>
      </div>
      <Panel title="Latest moves" note="as they happen">
        {trouble ?? (live.facts.length === 0 ? <Nothing>None among the newest facts.</Nothing> : <FactList facts={live.facts.slice(0, 25)} />)}
      </Panel>
    </div>
  );
}

function Ways({ facts }: { facts: Fact[] }) {
  const ways = new Map<string, number>();
  for (const { from, to } of facts) ways.set(`${from} → ${to}`, (ways.get(`${from} → ${to}`) ?? 0) + 1);
  const rows = [...ways].sort((a, b) => b[1] - a[1]);
  if (rows.length === 0) return <Nothing>Nobody has moved lately.</Nothing>;
  return (
    <ul class="counts long">
      {rows.map(([way, moves]) => (
        <li key={way}>
          <span>{words(way)}</span>
          <Bar value={moves} most={rows[0]![1]} tone="stage" />
          <b>{count(moves)}</b>
        </li>
      ))}
    </ul>
  );
}
