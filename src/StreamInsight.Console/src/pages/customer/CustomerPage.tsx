import type { Explanation, Journey, Profile } from "../../api/shapes";
import { useFacts } from "../../api/useFacts";
import { useJson } from "../../api/useGet";
import { Customer, Nothing, Panel, Shown, Time, Trouble } from "../../ui/parts";
import { plural } from "../../ui/text";
import { ActionsPanel } from "./ActionsPanel";
import { FactsPanel } from "./FactsPanel";
import { JourneyPanel } from "./JourneyPanel";
import { RoutingPanel } from "./RoutingPanel";
import { SegmentsPanel } from "./SegmentsPanel";
import { FeaturesPanel, ScoresPanel, TraitsPanel } from "./ValuePanels";

/** One customer: how it stands, why, and what would change that. */
export function CustomerPage({ of }: { of?: string | undefined }) {
  return of === undefined ? <Lately /> : <One key={of} id={of} />;
}

/** Before somebody is asked for: whom something happened to last. */
function Lately() {
  const live = useFacts("last=500", 300);
  const customers = [...new Set(live.facts.map((fact) => fact.customer))].slice(0, 40);
  return (
    <Panel title="Lately" note="customers with the newest facts">
      <Nothing>Give a customer's id above: every id that leads to a customer finds it.</Nothing>
      {live.problem && !live.isOpen && <Trouble problem={live.problem} />}
      <ul class="chips">
        {customers.map((id) => (
          <li key={id}>
            <Customer id={id} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function One({ id }: { id: string }) {
  const path = `v1/customers/${encodeURIComponent(id)}`;
  const profile = useJson<Profile>(path);
  // Only of whom there is: a question about nobody is one error, not two.
  const explanation = useJson<Explanation>(profile.value ? `${path}/explain` : null);
  const journey = useJson<Journey>(explanation.value?.journey ? "v1/journey" : null, 10_000);
  if (profile.problem && !profile.value) return <Trouble problem={profile.problem} />;
  return (
    <Shown answer={profile}>
      {(known) => (
        <Shown answer={explanation}>
          {(why) => (
            <>
              <p class="lead">
                {known.customer !== id && <>This id leads to {known.customer}. </>}
                {plural(known.seq, "fact")} so far. As of <Time at={why.at} />
                {why.next_timer && (
                  <>
                    ; if nothing happens, looked at again at the latest <Time at={why.next_timer} now={why.at} />
                  </>
                )}
                .
              </p>
              <div class="grid">
                <div>
                  <RoutingPanel routing={known.routing} now={why.at} />
                  <ActionsPanel actions={why.actions} now={why.at} />
                </div>
                <div>
                  {why.journey && <JourneyPanel journey={why.journey} stages={journey.value?.stages.map((stage) => stage.name) ?? []} now={why.at} />}
                  <ScoresPanel scores={why.scores} />
                  <TraitsPanel traits={known.traits} />
                </div>
                <div>
                  <SegmentsPanel segments={why.segments} now={why.at} />
                </div>
                <FeaturesPanel features={why.features} />
                <FactsPanel customer={known.customer} seq={known.seq} />
              </div>
            </>
          )}
        </Shown>
      )}
    </Shown>
  );
}
