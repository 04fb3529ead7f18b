import { useState } from "preact/hooks";
import type { Facts } from "../../api/shapes";
import { useGet } from "../../api/useGet";
import { FactList } from "../../ui/FactList";
import { Nothing, Panel, Shown } from "../../ui/parts";

const page = 25;
const never = 86_400_000;

/** A customer's facts, the newest first; asked for again when there are more. */
export function FactsPanel({ customer, seq }: { customer: string; seq: number }) {
  const [limit, setLimit] = useState(page);
  // The number of facts is no parameter of the path; it makes it another question.
  const facts = useGet(`v1/customers/${encodeURIComponent(customer)}/facts?limit=${limit}#${seq}`, never, read);
  const [shown, setShown] = useState<Facts>();
  if (facts.value && facts.value !== shown) setShown(facts.value);
  return (
    <Panel title="Facts" note="the newest first" wide>
      <Shown answer={shown ? { ...facts, value: shown } : facts}>
        {(value) => (value.facts.length === 0 ? <Nothing>None are kept any more.</Nothing> : <FactList facts={value.facts} withCustomer={false} />)}
      </Shown>
      {shown?.next !== undefined && (
        <button type="button" onClick={() => setLimit(limit + 4 * page)}>
          More
        </button>
      )}
    </Panel>
  );
}

const read = async (answer: Response): Promise<Facts> => (await answer.json()) as Facts;
