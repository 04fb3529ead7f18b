import type { Condition as Explained } from "../../api/shapes";
import { Badge, Time } from "../../ui/parts";
import { value } from "../../ui/text";

/** A condition of the model: what it says, what it read, whether it holds, and when that turns if nothing happens. */
export function Condition({ name, condition, now }: { name: string; condition: Explained | null; now: string }) {
  if (!condition) return null;
  const reads = Object.entries(condition.reads);
  return (
    <div class="condition">
      <div>
        <span class="quiet">{name}</span> <code>{condition.condition}</code>
      </div>
      {reads.length > 0 && (
        <div class="reads">
          {reads.map(([path, read]) => (
            <span key={path}>
              <code>{path}</code> = <b>{value(read)}</b>
            </span>
          ))}
        </div>
      )}
      <div>
        <Badge tone={condition.holds ? "good" : "plain"}>{condition.holds ? "holds" : "does not hold"}</Badge>{" "}
        <span class="quiet">
          {condition.error !== null && `${condition.error}; `}
          {condition.turns_at === null ? "stays so if nothing happens" : "if nothing happens, turns "}
          {condition.turns_at !== null && <Time at={condition.turns_at} now={now} />}
        </span>
      </div>
    </div>
  );
}
