// node offline.mjs CHROMIUM "FLAG FLAG …" FOLDER: opens the unpacked zip from the disk and prints, as JSON, what happens.
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, flags, folder] = process.argv.slice(2);
const root = pathToFileURL(folder).href;
const browser = await chromium.launch({ executablePath, args: flags.split(" ") });
const context = await browser.newContext();
const seen = { errors: [] };
context.on("console", (m) => { if (m.type() === "error") seen.errors.push(`${m.page().url().slice(root.length)}: ${m.text()}`); });
context.on("weberror", (e) => seen.errors.push(`${e.page().url().slice(root.length)}: ${e.error().message}`));
const page = await context.newPage();

await page.goto(`${root}/index.html`);
await page.click("a[hreflang=ja]");
await page.click("article a[href*='06_backpropagation']");
await page.waitForURL(/06_backpropagation/);
await page.evaluate(() => MathJax.startup.promise.then(() => {}));
seen.page = page.url().slice(root.length);
seen.formulas = await page.locator("mjx-container svg").count();
seen.pictures = await page.$$eval("article img", (images) => images.every((i) => i.complete && i.naturalWidth > 0));

const [deck] = await Promise.all([context.waitForEvent("page"), page.click("a.btn-deck")]);
await deck.waitForFunction(() => window.Reveal?.isReady());
seen.deck = deck.url().slice(root.length);
const [speaker] = await Promise.all([context.waitForEvent("page"), deck.keyboard.press("s")]);
await deck.keyboard.press("ArrowRight");
await speaker.locator(".speaker-controls-notes .value p").first().waitFor();
seen.notes = (await speaker.locator(".speaker-controls-notes .value").textContent()).length;

const before = seen.errors.length;
await page.keyboard.press("Control+k");
await page.keyboard.type("計算グラフ");
await page.keyboard.press("Enter");
await page.waitForSelector("#search-results li a", { state: "attached" });
seen.hits = await page.$$eval("#search-results li a", (links) => links.map((a) => a.href));
seen.hits = seen.hits.map((url) => url.slice(root.length).replace(/\?.*/, ""));
seen.summaries = await page.locator("#search-results li p.context").count();
seen.searchErrors = seen.errors.splice(before);

await browser.close();
console.log(JSON.stringify(seen));
