// Builds style sheets, scripts, fonts and icons into ../src/portal/static, each under a name that carries its hash,
// and writes assets.json, by which the pages find them. Run by `make assets`.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ICONS = [
  "accessibility", "armchair", "bell", "calendar-days", "camera-off", "check", "chevron-left", "chevron-right", "circle-alert",
  "circle-check", "clock", "euro", "footprints", "heart-pulse", "hourglass", "info", "languages", "list-checks", "log-in", "log-out", "map-pin",
  "moon", "printer", "scale", "search", "sun", "sun-moon", "ticket", "triangle-alert", "user", "user-check", "users",
  "wallet", "x",
];
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = here("../src/portal/static/");

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const built = await build({
  entryPoints: {
    main: here("css/main.css"),
    team: here("css/team.css"),
    portal: here("islands/portal.js"),
    attendance: here("islands/attendance.js"),
    calendar: here("islands/calendar.js"),
    duties: here("islands/duties.js"),
    attendance_worker: here("islands/attendance_worker.js"),
  },
  outdir: target,
  bundle: true,
  minify: true,
  metafile: true,
  format: "esm",
  target: ["chrome123", "firefox120", "safari17.5"],
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  legalComments: "none",
});
const assets = {};
for (const [output, { entryPoint, inputs }] of Object.entries(built.metafile.outputs)) {
  const source = entryPoint ?? Object.keys(inputs)[0];
  assets[basename(source)] = basename(output);
}
assets["icons.svg"] = await writeIcons();
await writeFile(`${target}assets.json`, JSON.stringify(assets, null, 1));

async function writeIcons() {
  const symbols = await Promise.all(ICONS.map(async (name) => {
    const svg = await readFile(here(`node_modules/lucide-static/icons/${name}.svg`), "utf8");
    const drawing = svg.replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "").replace(/\s+/g, " ").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${drawing}</symbol>`;
  }));
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  const name = `icons-${createHash("sha256").update(sprite).digest("hex").slice(0, 8)}.svg`;
  await writeFile(target + name, sprite);
  return name;
}
