import type { Journey } from "../api/shapes";
import { Bar } from "./parts";
import { count, words } from "./text";

/** The journey's stages in order, with who is in them. */
export function Stages({ journey }: { journey: Journey }) {
  const most = Math.max(...journey.stages.map((stage) => stage.customers));
  return (
    <ol class="stages">
      {journey.stages.map((stage) => (
        <li key={stage.name} data-stage={stage.name}>
          <span>{words(stage.name)}</span>
          <Bar value={stage.customers} most={most} tone="stage" />
          <b>{count(stage.customers)}</b>
        </li>
      ))}
    </ol>
  );
}
