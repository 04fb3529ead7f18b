import { useKey, key } from "../../api/key";
import { useStore } from "../../store";

/** In place of a page, when the service wants a key. */
export function KeyPage() {
  const carried = useStore(key);
  return (
    <form
      class="panel key"
      aria-label="Key"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget).get("key");
        if (typeof given === "string") useKey(given.trim() || null);
      }}
    >
      <h2>This service asks for a key</h2>
      {carried !== null && (
        <p class="notice" role="alert">
          <strong>It does not accept the key it was given.</strong> A write key does not read.
        </p>
      )}
      <p>
        Give a <b>read</b> or <b>admin</b> key of its configuration. It is kept in this tab until the tab is closed, and sent to this service only.
      </p>
      <label>
        Key <input name="key" type="password" autocomplete="off" required autofocus />
      </label>
      <button>Use it</button>
    </form>
  );
}
