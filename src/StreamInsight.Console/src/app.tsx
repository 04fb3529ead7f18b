import { useEffect, useRef, useState } from "preact/hooks";
import { isReached } from "./api/api";
import { key, keyRefused, useKey } from "./api/key";
import { CustomerPage } from "./pages/customer/CustomerPage";
import { JourneyPage } from "./pages/journey/JourneyPage";
import { KeyPage } from "./pages/key/KeyPage";
import { ModelPage } from "./pages/model/ModelPage";
import { OverviewPage } from "./pages/overview/OverviewPage";
import { QueuesPage } from "./pages/queues/QueuesPage";
import { SegmentsPage } from "./pages/segments/SegmentsPage";
import { useStore } from "./store";
import { customerLink } from "./ui/parts";

const pages = [
  { at: "", name: "Overview", Page: OverviewPage },
  { at: "customers", name: "Customers", Page: CustomerPage },
  { at: "segments", name: "Segments", Page: SegmentsPage },
  { at: "journey", name: "Journey", Page: JourneyPage },
  { at: "queues", name: "Queues", Page: QueuesPage },
  { at: "model", name: "Model", Page: ModelPage },
];

/** The frame of every page. The address behind # says which page, and of what: `#/customers/u1`. */
export function App() {
  const [at = "", of] = useHash();
  const refused = useStore(keyRefused);
  const { name, Page } = pages.find((page) => page.at === at) ?? pages[0]!;
  const heading = useRef<HTMLHeadingElement>(null);
  const drawn = useRef(false);
  useEffect(() => {
    document.title = `${of ?? name} · StreamInsight`;
    // Who moves by keyboard or ear goes on from the new page, not from the link that led there.
    if (drawn.current) heading.current?.focus();
    drawn.current = true;
  }, [name, of]);
  return (
    <>
      <header>
        <a class="brand" href="#/">
          <img src="./console/icon.svg" alt="" width="22" height="22" /> StreamInsight
        </a>
        <nav aria-label="Pages">
          {pages.map((page) => (
            <a key={page.at} href={`#/${page.at}`} aria-current={page.name === name ? "page" : undefined}>
              {page.name}
            </a>
          ))}
        </nav>
        <Search />
        <Standing />
      </header>
      <main>
        <h1 ref={heading} tabIndex={-1}>
          {name}
          {of !== undefined && !refused && <span class="of"> {of}</span>}
        </h1>
        {refused ? <KeyPage /> : <Page key={name} of={of} />}
      </main>
    </>
  );
}

function Search() {
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const id = new FormData(event.currentTarget).get("customer");
        if (typeof id === "string" && id !== "") location.hash = customerLink(id);
      }}
    >
      <input name="customer" type="search" aria-label="Customer id" placeholder="Customer id" autocomplete="off" spellcheck={false} required />
      <button>Find</button>
    </form>
  );
}

/** Whether the service answers, and the way to forget the key. */
function Standing() {
  const reached = useStore(isReached);
  const carried = useStore(key);
  return (
    <div class="standing">
      <span class={reached ? "dot good" : "dot bad"} role="status">
        {reached ? "connected" : "no answer, trying again"}
      </span>
      {carried !== null && (
        <button type="button" onClick={() => useKey(null)}>
          Forget key
        </button>
      )}
    </div>
  );
}

function useHash(): string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return hash.replace(/^#?\/?/, "").split("/").filter((part) => part !== "").map(unescaped);
}

/** An address typed by hand may have a % that escapes nothing. */
function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
