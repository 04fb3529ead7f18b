import type { ExplainedFeature, Explanation, Json } from "../../api/shapes";
import { Bar, Nothing, Panel } from "../../ui/parts";
import { number, value, words } from "../../ui/text";

export function TraitsPanel({ traits }: { traits: Record<string, Json> }) {
  const all = Object.entries(traits);
  return (
    <Panel title="Traits" note="*** is personal data">
      {all.length === 0 ? (
        <Nothing>The model has none.</Nothing>
      ) : (
        <dl class="facts-of">
          {all.map(([name, trait]) => [
            <dt key={`${name} name`}>{name}</dt>,
            <dd key={name} data-trait={name}>
              {value(trait)}
            </dd>,
          ])}
        </dl>
      )}
    </Panel>
  );
}

export function ScoresPanel({ scores }: { scores: Explanation["scores"] }) {
  const all = Object.entries(scores);
  if (all.length === 0) return null;
  return (
    <Panel title="Scores">
      <ul class="counts long">
        {all.map(([name, score]) => (
          <li key={name}>
            <span>
              {words(name)} {score.learned && <small>learned</small>}
            </span>
            {typeof score.value === "number" ? <Bar value={score.value} most={1} tone="score" /> : <span />}
            <b>{typeof score.value === "number" ? number(score.value) : value(score.value)}</b>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function FeaturesPanel({ features }: { features: Record<string, ExplainedFeature> }) {
  const all = Object.entries(features);
  return (
    <Panel title="Features" note={`${all.length}, as of now`} wide>
      <dl class="facts-of columns">
        {all.map(([name, feature]) => (
          <div key={name} data-feature={name}>
            <dt>{name}</dt>
            <dd>
              {value(feature.value)} {notes(feature).map((note) => <small key={note}>{note}</small>)}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** What to know of a value before it is relied on; nothing of an exact and complete one. */
function notes(feature: ExplainedFeature): string[] {
  const all: string[] = [];
  if (feature.mode === "tiles") all.push("in tiles");
  if (feature.complete === false) all.push("window not full yet");
  if (feature.truncated) all.push("truncated");
  if (feature.capped) all.push("capped");
  return all;
}
