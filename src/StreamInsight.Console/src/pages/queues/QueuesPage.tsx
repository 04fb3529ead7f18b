import type { Queue, Queues } from "../../api/shapes";
import { useJson } from "../../api/useGet";
import { Bar, Customer, Nothing, Panel, Shown, Time } from "../../ui/parts";
import { count, number, seconds } from "../../ui/text";

/** Who is for which queue, the highest score first: the list for outbound calls and call-backs. */
export function QueuesPage({ of }: { of?: string | undefined }) {
  const queues = useJson<Queues>("v1/queues");
  const name = of ?? queues.value?.queues[0]?.name;
  return (
    <Shown answer={queues}>
      {({ queues }) =>
        queues.length === 0 ? (
          <Nothing>Nobody is routed to a queue.</Nothing>
        ) : (
          <>
            <nav class="tabs" aria-label="Queues">
              {queues.map((queue) => (
                <a key={queue.name} href={`#/queues/${encodeURIComponent(queue.name)}`} aria-current={queue.name === name ? "true" : undefined}>
                  {queue.name} <small>{count(queue.customers)}</small>
                </a>
              ))}
            </nav>
            {name !== undefined && <CallList key={name} name={name} />}
          </>
        )
      }
    </Shown>
  );
}

function CallList({ name }: { name: string }) {
  const queue = useJson<Queue>(`v1/queues/${encodeURIComponent(name)}?limit=100`);
  return (
    <Panel title={`Call list of ${name}`} note="the highest score first">
      <Shown answer={queue}>
        {(value) => (
          <>
            <Standing state={value.state} />
            {value.customers.length === 0 ? (
              <Nothing>Nobody is in it.</Nothing>
            ) : (
              <ol class="calls" data-list="calls">
                {value.customers.map(({ customer, score }) => (
                  <li key={customer}>
                    <Customer id={customer} />
                    <Bar value={score} most={1000} tone="score" />
                    <b>{number(score)}</b>
                  </li>
                ))}
              </ol>
            )}
            {value.next && <p class="quiet">There are more; /v1/queues/{name} gives them page by page.</p>}
          </>
        )}
      </Shown>
    </Panel>
  );
}

function Standing({ state }: { state: Queue["state"] }) {
  if (!state) return <Nothing>Nobody has told how this queue stands (PUT /v1/queues/…/state).</Nothing>;
  return (
    <dl class="facts-of">
      <dt>waiting</dt>
      <dd>{state.waiting === null ? "–" : count(state.waiting)}</dd>
      <dt>longest wait</dt>
      <dd>{state.longest_wait_seconds === null ? "–" : seconds(state.longest_wait_seconds)}</dd>
      <dt>service level</dt>
      <dd>{state.service_level === null ? "–" : `${number(100 * state.service_level)} %`}</dd>
      <dt>agents free</dt>
      <dd>{state.agents_free === null ? "–" : count(state.agents_free)}</dd>
      <dt>told</dt>
      <dd>
        <Time at={state.at} />
      </dd>
    </dl>
  );
}
