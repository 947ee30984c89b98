// node visit.mjs CHROMIUM "FLAG FLAG …" ORIGIN QUERIES: does what a reader does and prints, as JSON, what comes of it.
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const UNIT = "06_backpropagation.html";
const [executablePath, flags, origin, queries] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: flags.split(" ") });
const page = await browser.newPage();
const place = (url) => new URL(url).href.slice(origin.length).replace(/\?.*/, "");
const seen = {};

// the language switch, half-way down a page
await page.goto(`${origin}/ja/${UNIT}`);
await page.evaluate(() => MathJax.startup.promise.then(() => {
  document.getElementById("sec-06-affine").scrollIntoView({ behavior: "instant" });
}));
const button = await page.locator("a.btn-language").boundingBox();
await page.mouse.click(button.x + 5, button.y + 5); // page.click() would scroll first
await page.waitForURL(/\/en\//);
seen.switched = place(page.url());

// what a page offers for download
seen.downloads = await page.$$eval(".dropdown-downloads a", (links) => links.map((a) => a.href));
seen.downloads = seen.downloads.map(place);

// from a page to its deck, which opens in a tab of its own, and to the speaker's view
const context = page.context();
const [deck] = await Promise.all([context.waitForEvent("page"), page.click("a.btn-deck")]);
await deck.waitForFunction(() => window.Reveal?.isReady());
seen.deck = place(deck.url());
await deck.keyboard.press("ArrowRight");
seen.slide = await deck.evaluate(() => Reveal.getIndices().h);
const [speaker] = await Promise.all([context.waitForEvent("page"), deck.keyboard.press("s")]);
await speaker.locator(".speaker-controls-notes .value p").first().waitFor();
seen.notes = await speaker.locator(".speaker-controls-notes .value").textContent();

// the search, typed after Ctrl+K
seen.hits = {};
for (const [language, query] of JSON.parse(queries)) {
  await page.goto(`${origin}/${language}/index.html`);
  await page.keyboard.press("Control+k");
  await page.keyboard.type(query);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#search-results li a", { state: "attached" });
  await page.waitForFunction(() => { // hits come one by one: until half a second brings no more
    const before = window.hits;
    window.hits = document.querySelectorAll("#search-results li").length;
    return window.hits === before;
  }, null, { polling: 500 });
  seen.hits[query] = (await page.$$eval("#search-results li a", (links) => links.map((a) => a.href))).map(place);
}

// the keyboard alone: the first stop leads past the navigation; Enter opens a hint
await page.goto(`${origin}/en/${UNIT}`);
await page.keyboard.press("Tab");
seen.first = await page.evaluate(() => document.activeElement.getAttribute("href"));
await page.locator("details.hint summary").first().focus();
await page.keyboard.press("Enter");
seen.opened = await page.locator("details.hint").first().evaluate((hint) => hint.open);
await page.keyboard.press("Tab");
seen.outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);

// what a first visit loads, gzipped as servers send it; the fonts among it
seen.kilobytes = {};
for (const first of ["en/index.html", `ja/${UNIT}`]) {
  const fresh = await browser.newPage();
  const answers = [];
  fresh.on("response", (r) => answers.push(r));
  await fresh.goto(`${origin}/${first}`, { waitUntil: "networkidle" });
  const sizes = await Promise.all(answers.map(async (r) => gzipSync(await r.body()).length));
  seen.kilobytes[first] = sizes.reduce((sum, size) => sum + size, 0) / 1000;
  seen.fonts = answers.filter((r) => r.request().resourceType() === "font").map((r) => place(r.url()).split("/").at(-1));
  await fresh.close();
}

// before scripts run, on a phone
const plain = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
await plain.goto(`${origin}/ja/${UNIT}`);
const top = await plain.locator("article h1").boundingBox();
const paragraphs = await plain.locator("article section > p").all();
const visible = await Promise.all(paragraphs.map((paragraph) => paragraph.isVisible()));
seen.plain = { top: top.y, paragraphs: paragraphs.length, visible: visible.filter(Boolean).length };

await browser.close();
console.log(JSON.stringify(seen));
