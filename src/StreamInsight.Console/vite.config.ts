import { defineConfig } from "vite";

// `npx vite` serves the sources and asks a service on this machine: `./insight demo` in another terminal.
const service = "http://127.0.0.1:8080";

export default defineConfig({
  // Relative, so that the console also works under a path of a reverse proxy.
  base: "./",
  server: { host: "127.0.0.1", proxy: { "/v1": service, "/metrics": service, "/health": service } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    assetsDir: "console",
    // The same names for every version: the server answers with a tag, and nothing old stays in output folders.
    rolldownOptions: { output: { entryFileNames: "console/app.js", assetFileNames: "console/app[extname]" } },
    license: { fileName: "console/licenses.md" },
    modulePreload: { polyfill: false },
  },
});
