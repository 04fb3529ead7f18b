import type { Segment } from "../api/shapes";
import { Bar, segmentLink } from "./parts";
import { count } from "./text";

/** Segments in the model's order. Entered − left = members, at all times. */
export function SegmentTable({ segments, current }: { segments: Segment[]; current?: string | undefined }) {
  const most = Math.max(0, ...segments.map((segment) => segment.members));
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>segment</th>
            <th class="n">members</th>
            <th class="roomy" aria-hidden="true" />
            <th class="n">entered</th>
            <th class="n">left</th>
          </tr>
        </thead>
        <tbody>
          {segments.map((segment) => (
            <tr key={segment.name} data-segment={segment.name} class={segment.name === current ? "current" : ""}>
              <th scope="row">
                <a href={segmentLink(segment.name)} aria-current={segment.name === current ? "true" : undefined}>
                  {segment.name}
                </a>
              </th>
              <td class="n strong">{count(segment.members)}</td>
              <td class="roomy barcell">
                <Bar value={segment.members} most={most} />
              </td>
              <td class="n entered">+{count(segment.entered)}</td>
              <td class="n left">−{count(segment.left)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
