import type { ExplainedAction } from "../../api/shapes";
import { Badge, Nothing, Panel, Time } from "../../ui/parts";
import { number, words } from "../../ui/text";
import { Condition } from "./Condition";

/** Next best actions in their order, and those that are not offered with what would change that. */
export function ActionsPanel({ actions, now }: { actions: Record<string, ExplainedAction>; now: string }) {
  const all = Object.entries(actions);
  if (all.length === 0) return null;
  const offered = all.filter(([, action]) => action.rank !== null).sort((a, b) => a[1].rank! - b[1].rank!);
  const removed = all.filter(([, action]) => action.rank === null);
  return (
    <Panel title="Next best actions" note={`${offered.length} of ${all.length}`}>
      {offered.length === 0 && <Nothing>None is offered now.</Nothing>}
      {offered.map(([name, action]) => (
        <Why key={name} name={name} action={action} now={now} />
      ))}
      {removed.length > 0 && (
        <details class="group">
          <summary>Not offered: {removed.length}, and why not</summary>
          {removed.map(([name, action]) => (
            <Why key={name} name={name} action={action} now={now} />
          ))}
        </details>
      )}
    </Panel>
  );
}

function Why({ name, action, now }: { name: string; action: ExplainedAction; now: string }) {
  return (
    <details class="why" data-action={name}>
      <summary>
        {action.rank !== null && <span class="rank">{action.rank}</span>} <b>{words(name)}</b>{" "}
        {action.rank !== null ? (
          <span class="quiet">
            on {action.channels.join(", ")}
            {action.explored && ", drawn by lot"}
          </span>
        ) : (
          <Badge tone="plain">{words(action.removed_by ?? "not offered")}</Badge>
        )}
      </summary>
      {action.change !== null && (
        <p>
          To be offered: <code>{action.change}</code>
          {action.opens_at !== null && (
            <>
              , at <Time at={action.opens_at} now={now} /> if nothing happens
            </>
          )}
        </p>
      )}
      {action.factors && (
        <p>
          Score <b>{number(action.factors.score)}</b> from propensity {number(action.factors.propensity)}, context {number(action.factors.context)}, value {number(action.factors.value)}, lever {number(action.factors.lever)}.
        </p>
      )}
      <Condition name="eligible when" condition={action.eligible} now={now} />
      {Object.entries(action.consent).map(([channel, consent]) => (
        <Condition key={channel} name={`consent for ${channel}`} condition={consent} now={now} />
      ))}
      {action.caps.length > 0 && (
        <ul class="plain">
          {action.caps.map((cap, i) => (
            <li key={i}>
              {cap.count} of {cap.max} contacts within {cap.window}
              {cap.channel !== null && ` on ${cap.channel}`}
              {cap.topic !== null && ` about ${cap.topic}`}
              {cap.frees_at !== null && (
                <>
                  ; one ceases to count <Time at={cap.frees_at} now={now} />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
