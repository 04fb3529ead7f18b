import { useState } from "preact/hooks";
import type { Health, Journey, Segments } from "../../api/shapes";
import { useFacts } from "../../api/useFacts";
import { useJson } from "../../api/useGet";
import { useMetrics, type Figures } from "../../api/useMetrics";
import { FactList } from "../../ui/FactList";
import { Badge, Bar, Nothing, Panel, Shown, Spark, Trouble } from "../../ui/parts";
import { SegmentTable } from "../../ui/SegmentTable";
import { Stages } from "../../ui/Stages";
import { count, plural, rate, seconds, words } from "../../ui/text";

/** What goes on now. */
export function OverviewPage() {
  const metrics = useMetrics();
  const journey = useJson<Journey>("v1/journey");
  const segments = useJson<Segments>("v1/segments");
  return (
    <>
      <Shown answer={metrics}>{(figures) => <Tiles figures={figures} />}</Shown>
      <div class="grid aside">
        <div>
          <Panel title="Journey" note="customers by stage">
            <Shown answer={journey}>{(value) => <Stages journey={value} />}</Shown>
          </Panel>
          <Panel title="Facts" note={metrics.value && `${count(metrics.value.now.sum("streaminsight_facts_total"))} since the start`}>
            <Shown answer={metrics}>{(figures) => <Counts counts={figures.now.by("streaminsight_facts_total", "kind")} none="No facts yet." />}</Shown>
          </Panel>
          <Panel title="Refused" note="to dead letters, by reason">
            <Shown answer={metrics}>{(figures) => <Counts counts={figures.now.by("streaminsight_refused_events_total", "reason")} none="Nothing was refused." tone="warn" />}</Shown>
          </Panel>
          <Service />
        </div>
        <div>
          <Latest />
          <Panel title="Segments" note="entered − left = members">
            <Shown answer={segments}>{(value) => <SegmentTable segments={value.segments} />}</Shown>
          </Panel>
        </div>
      </div>
    </>
  );
}

function Tiles({ figures }: { figures: Figures }) {
  const { now, rates, p50, p99 } = figures;
  const partitions = now.sum("streaminsight_cluster_partitions");
  return (
    <>
      {partitions > 0 && (
        <p class="notice">
          One node of a cluster: figures of events, facts and refusals are those of its {count(now.sum("streaminsight_partitions"))} of {plural(partitions, "partition")}; journey and segments are everybody's.
        </p>
      )}
      <dl class="tiles">
        <div>
          <dt>Events a second</dt>
          <dd data-figure="rate">{rate(figures.perSecond("streaminsight_events_total"))}</dd>
          <Spark values={rates} label="Events a second over the last two minutes" />
        </div>
        <div>
          <dt>Customers</dt>
          <dd data-figure="customers">{count(now.sum("streaminsight_customers"))}</dd>
          <small>{count(now.sum("streaminsight_events_total"))} events taken since the start</small>
        </div>
        <div>
          <dt>Facts a second</dt>
          <dd>{rate(figures.perSecond("streaminsight_facts_total"))}</dd>
          <small>{count(now.sum("streaminsight_timers_fired_total"))} timers fired</small>
        </div>
        <div>
          <dt>Latency, event to delivery</dt>
          <dd>{p50 === null ? "–" : `≤ ${seconds(p50)}`}</dd>
          <small>{p99 === null ? "nothing was delivered lately" : `half of them; 99 % ≤ ${seconds(p99)}; by the service's clock`}</small>
        </div>
      </dl>
    </>
  );
}

function Counts({ counts, none, tone = "" }: { counts: Map<string, number>; none: string; tone?: string }) {
  const rows = [...counts].filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
  const most = rows[0]?.[1] ?? 0;
  if (rows.length === 0) return <Nothing>{none}</Nothing>;
  return (
    <ul class="counts">
      {rows.map(([name, n]) => (
        <li key={name} data-count={name}>
          <span>{words(name)}</span>
          <Bar value={n} most={most} tone={tone} />
          <b>{count(n)}</b>
        </li>
      ))}
    </ul>
  );
}

/** How the service itself stands. */
function Service() {
  const health = useJson<Health>("health/ready");
  return (
    <Panel title="Service" note={health.value?.model}>
      <Shown answer={health}>
        {(value) => (
          <ul class="plain">
            <li>
              <Badge tone={value.status === "ready" ? "good" : "bad"}>{value.status}</Badge> {value.problem}
              {value.paused && <Badge tone="warn">events wait: the outbox is full</Badge>}
            </li>
            {value.outbox !== undefined && <li>{plural(value.outbox, "fact")} committed and not taken by every sink yet</li>}
            {value.sinks?.map((sink) => (
              <li key={sink.name}>
                <Badge tone={sink.up ? "good" : "bad"}>{sink.up ? "up" : "down"}</Badge> {sink.name}
                {sink.waiting > 0 && <span class="quiet"> {plural(sink.waiting, "fact waits", "facts wait")}</span>}
              </li>
            ))}
            {value.sinks?.length === 0 && <li class="quiet">No sinks: facts are read by HTTP only.</li>}
            {value.partitions && <li>Partitions: {value.partitions.join(", ") || "none, it stands by"}</li>}
          </ul>
        )}
      </Shown>
    </Panel>
  );
}

/** Enough to see what happens, and few enough to see the segments below. */
const shown = 12;

const kinds = ["trigger", "segment_entered", "segment_left", "stage_changed", "actions_changed", "routing_changed", "merged", "erased"];

function Latest() {
  const [kind, setKind] = useState("");
  const [isHeld, setHeld] = useState(false);
  const live = useFacts(`last=200${kind && `&kind=${kind}`}`, shown, isHeld);
  const state = live.isOpen ? <Badge tone={isHeld ? "warn" : "good"}>{isHeld ? "held" : "live"}</Badge> : live.problem ? null : <Badge tone="warn">opening</Badge>;
  return (
    <Panel title="Latest facts" note={state}>
      {live.problem && !live.isOpen ? <Trouble problem={live.problem} /> : null}
      {!live.problem?.isAbsent && (
        <>
          <div class="tools">
            <label>
              Kind{" "}
              <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
                <option value="">all</option>
                {kinds.map((name) => (
                  <option key={name} value={name}>
                    {words(name)}
                  </option>
                ))}
              </select>
            </label>
            <button type="button" aria-pressed={isHeld} onClick={() => setHeld(!isHeld)}>
              {isHeld ? "Go on" : "Hold"}
            </button>
          </div>
          {live.gap && <p class="notice">Some facts are missing here: {live.gap}.</p>}
          {live.facts.length === 0 ? <Nothing>None yet.</Nothing> : <FactList facts={live.facts} />}
        </>
      )}
    </Panel>
  );
}
