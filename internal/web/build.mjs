// Bundles the console's scripts into static/vendor, where the Go program embeds them.
import { build } from "esbuild";

await build({
  entryPoints: ["src/console.js", "src/preview.js"],
  outdir: "static/vendor",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  legalComments: "linked",
  logLevel: "info",
});
