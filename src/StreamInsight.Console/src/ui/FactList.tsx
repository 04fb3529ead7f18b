import type { Fact } from "../api/shapes";
import { Customer, segmentLink, Time } from "./parts";
import { value, words } from "./text";

/** Facts as a table, in the order given. */
export function FactList({ facts, withCustomer = true }: { facts: Fact[]; withCustomer?: boolean }) {
  return (
    <div class="scroll">
      <table class="facts">
        <thead>
          <tr>
            <th>at</th>
            {withCustomer && <th>customer</th>}
            <th>what</th>
            <th class="roomy">by</th>
          </tr>
        </thead>
        <tbody>
          {facts.map((fact) => (
            <tr key={fact.id} data-fact={fact.id}>
              <td class="nowrap">
                <Time at={fact.at} />
              </td>
              {withCustomer && (
                <td>
                  <Customer id={fact.customer} />
                </td>
              )}
              <td>
                <What fact={fact} />
              </td>
              <td class="roomy nowrap quiet">{fact.cause.startsWith("event:") ? "an event" : fact.cause}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function What({ fact }: { fact: Fact }) {
  switch (fact.kind) {
    case "segment_entered":
    case "segment_left":
      return (
        <>
          <span class={`kind ${fact.kind}`}>{fact.kind === "segment_entered" ? "entered" : "left"}</span> <a href={segmentLink(fact.segment!)}>{fact.segment}</a>
        </>
      );
    case "stage_changed":
      return (
        <>
          <span class="kind">stage</span> {words(fact.from!)} → {words(fact.to!)}
        </>
      );
    case "trigger":
      return (
        <>
          <span class="kind trigger">trigger</span> {words(fact.trigger!)} <span class="quiet">{value(fact.with)}</span>
        </>
      );
    case "actions_changed":
      return (
        <>
          <span class="kind">actions</span> {fact.actions!.length === 0 ? "none" : fact.actions!.map((action) => words(action.action)).join(", ")}
        </>
      );
    case "routing_changed":
      return (
        <>
          <span class="kind">routing</span> {fact.routing ? `${fact.routing.queue ?? "no queue"}, score ${value(fact.routing.score)}` : "none"}
        </>
      );
    case "merged":
      return (
        <>
          <span class="kind">merged</span> with {fact.from}
        </>
      );
    default:
      return <span class="kind">{words(fact.kind)}</span>;
  }
}
