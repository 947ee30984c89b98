// node walk.mjs CHROMIUM "FLAG FLAG …" ORIGIN PATH …: opens every page and every slide and prints, as JSON, what is
// wrong there: { problems: [...], slides: number }. Python starts it and judges the result.
import { chromium } from "playwright-core";

const [executablePath, flags, origin, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: flags.split(" ") });
const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
const problems = [];
const anchors = new Map(); // path -> ids of its elements
const links = []; // [from, path, fragment]
let slides = 0;

for (const path of paths) {
  const page = await context.newPage();
  const report = (what) => problems.push(`${path}: ${what}`);
  page.on("request", (r) => { if (!/^(data|blob):/.test(r.url()) && !r.url().startsWith(origin)) report(`asks ${r.url()}`); });
  page.on("response", (r) => { if (r.status() >= 400) report(`${r.status()} for ${r.url()}`); });
  page.on("console", (m) => { if (m.type() === "error") report(`console: ${m.text()}`); });
  page.on("pageerror", (e) => report(`script: ${e.message}`));
  await page.goto(`${origin}/${path}`, { waitUntil: "load" });
  await page.evaluate(() => window.MathJax?.startup?.promise.then(() => {}));

  const deck = await page.evaluate(() => "Reveal" in window);
  if (deck) slides += await walkDeck(page, report);
  else await onAPhone(page, report);
  if (await page.locator("mjx-merror, .problematic").count()) report("a formula or reference that was not understood");
  for (const src of await page.$$eval("img:not([alt]), img[alt='']", (images) => images.map((i) => i.src)))
    report(`an image without alternative text: ${src}`);

  anchors.set(path, new Set(await page.$$eval("[id]", (elements) => elements.map((e) => e.id))));
  for (const href of await page.$$eval("a[href]", (as) => as.map((a) => a.href))) {
    const url = new URL(href);
    const fragment = decodeURIComponent(url.hash.slice(1));
    if (url.origin === origin && !fragment.startsWith("/")) links.push([path, url.pathname.slice(1), fragment]);
  }
  await page.close();
}

for (const [from, to, fragment] of links) {
  if (!anchors.has(to)) problems.push(`${from}: links to ${to}, which does not exist`);
  else if (fragment && !anchors.get(to).has(fragment)) problems.push(`${from}: links to ${to}#${fragment}, which does not exist`);
}
await browser.close();
console.log(JSON.stringify({ problems: [...new Set(problems)], slides }));

// On a screen of 360 pixels, only formulas, tables and code may scroll sideways, each in itself.
async function onAPhone(page, report) {
  await page.setViewportSize({ width: 360, height: 740 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > 360) report(`is ${width} pixels wide on a screen of 360`);
}

async function walkDeck(page, report) {
  await page.evaluate(() => Reveal.configure({ transition: "none" }));
  const total = await page.evaluate(() => Reveal.getTotalSlides());
  for (let i = 0; i < total; i++) {
    await page.evaluate((index) => Reveal.slide(index), i);
    for (const what of await page.evaluate(cutOff)) report(`slide ${i + 1}: ${what}`);
  }
  return total;
}

// What of the slide in view lies outside the area of 1280 × 720, or is hidden by an element that scrolls.
function cutOff() {
  const area = document.querySelector(".reveal .slides").getBoundingClientRect();
  const found = [];
  for (const element of Reveal.getCurrentSlide().querySelectorAll("*")) {
    if (element.closest("aside.notes, mjx-assistive-mml") || element.parentElement.closest("svg")) continue;
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const name = `${element.tagName.toLowerCase()} “${element.textContent.trim().slice(0, 30)}”`;
    if (box.bottom > area.bottom + 1 || box.right > area.right + 1 || box.left < area.left - 1 || box.top < area.top - 1)
      found.push(`${name} is cut off`);
    const scrolls = getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
    if (scrolls && !element.closest("mjx-container")) found.push(`${name} scrolls`);
  }
  return found;
}
