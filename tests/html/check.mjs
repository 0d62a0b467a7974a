// A page of HTML in a real Chromium: what axe finds, whether anything in a name runs or loads, whether filter and sort work.
//
//   node tests/html/check.mjs PAGE.html...      with puppeteer-core and axe-core from npm beside it or in NODE_MODULES
//
// It is no part of the Rust tests: `.ci/run` calls it where there is a Chromium and a node.
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const modules = process.env.NODE_MODULES ?? join(process.cwd(), "node_modules");
const require = createRequire(join(resolve(modules), "x.js"));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const faults = [];
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  userDataDir: mkdtempSync(join(tmpdir(), "html-check-")),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
for (const file of process.argv.slice(2)) {
  const fault = (text) => faults.push(`${file}: ${text}`);
  const page = await browser.newPage();
  page.on("dialog", (dialog) => { fault(`a name runs: ${dialog.message()}`); dialog.dismiss(); });
  page.on("pageerror", (error) => fault(`script fails: ${error.message}`));
  page.on("console", (line) => { if (line.type() === "error") fault(`console: ${line.text()}`); });
  page.on("request", (request) => { if (!request.url().startsWith("file:")) fault(`loads ${request.url()}`); });
  for (const [scheme, width] of [["light", 1280], ["dark", 1280], ["light", 390]]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport({ width, height: 900 });
    await page.goto(`file://${resolve(file)}`, { waitUntil: "load" });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) fault(`${width} pixels wide, it is ${wide} too wide`);
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    for (const one of found.violations) fault(`${scheme} ${width}: ${one.id} (${one.impact}): ${one.nodes[0].html.slice(0, 200)}`);
  }
  const rows = await page.evaluate(async () => {
    const table = document.getElementById("matrix");
    if (!table) return null;
    const head = table.querySelector("th button");
    head.click();
    const sorted = table.querySelector("th").getAttribute("aria-sort");
    const text = document.getElementById("filter-text");
    text.value = "no such cluster anywhere";
    text.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => setTimeout(done, 300));
    return [sorted, table.querySelectorAll("tbody tr:not([hidden])").length];
  });
  if (rows && (rows[0] !== "ascending" || rows[1] !== 0)) fault(`filter and sort do not work: ${rows}`);
  await page.setJavaScriptEnabled(false);
  await page.goto(`file://${resolve(file)}`);
  await page.close();
}
await browser.close();
for (const fault of faults) console.error(fault);
console.log(`${process.argv.length - 2} pages, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
