import type { Explanation } from "../../api/shapes";
import { Badge, Panel, Time } from "../../ui/parts";
import { words } from "../../ui/text";
import { Condition } from "./Condition";

interface Props {
  journey: NonNullable<Explanation["journey"]>;
  /** All stages in the model's order; empty = not known yet. */
  stages: string[];
  now: string;
}

/** Where a customer is on its journey, and where it could go next. */
export function JourneyPanel({ journey, stages, now }: Props) {
  return (
    <Panel title="Journey">
      <ol class="path">
        {stages.map((stage) => (
          <li key={stage} aria-current={stage === journey.stage ? "step" : undefined} class={stage === journey.previous ? "previous" : ""}>
            {words(stage)}
          </li>
        ))}
      </ol>
      <p>
        <b data-figure="stage">{words(journey.stage)}</b> since <Time at={journey.entered_at} now={now} />
        {journey.previous !== null && <>, before that {words(journey.previous)}</>}
      </p>
      {journey.open.map((transition) => (
        <details class="why" key={`${transition.from} ${transition.to}`}>
          <summary>
            → <b>{words(transition.to)}</b> {transition.closed && <Badge tone="plain">closed until something happens</Badge>}
          </summary>
          {transition.not_before !== null && (
            <p>
              Not before <Time at={transition.not_before} now={now} />.
            </p>
          )}
          <Condition name="when" condition={transition.when} now={now} />
        </details>
      ))}
    </Panel>
  );
}
