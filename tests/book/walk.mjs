// node walk.mjs CHROMIUM "FLAG FLAG …" ORIGIN PATH …: opens pages and decks, two at a time, and prints, as JSON, what is
// wrong there: { problems: [...], slides: number }. Python starts it and judges the result.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const TABS = 2;
const [executablePath, flags, origin, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: flags.split(" ") });
const problems = [];
const waiting = [...paths];
let slides = 0;

await Promise.all(Array.from({ length: TABS }, async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  while (waiting.length) await visit(context, waiting.shift());
}));
await browser.close();
console.log(JSON.stringify({ problems: [...new Set(problems)].sort(), slides }));

async function visit(context, path) {
  const page = await context.newPage();
  const report = (what) => problems.push(`${path}: ${what}`);
  page.on("request", (r) => { if (!/^(data|blob):/.test(r.url()) && !r.url().startsWith(origin)) report(`asks ${r.url()}`); });
  page.on("response", (r) => { if (r.status() >= 400) report(`${r.status()} for ${r.url()}`); });
  page.on("console", (m) => { if (m.type() === "error") report(`console: ${m.text()}`); });
  page.on("pageerror", (e) => report(`script: ${e.message}`));
  await page.goto(`${origin}/${path}`, { waitUntil: "load" });
  await page.evaluate(() => window.MathJax?.startup?.promise.then(() => {}));

  if (await page.locator("mjx-merror, .problematic").count()) report("a formula or reference that was not understood");
  const mute = await page.$$eval("mjx-container:not(:has(mjx-assistive-mml))", (formulas) => formulas.length);
  if (mute) report(`${mute} formulas without MathML for screen readers`);
  for (const src of await page.$$eval("img:not([alt]), img[alt='']", (images) => images.map((i) => i.src)))
    report(`an image without alternative text: ${src}`);
  if (await page.evaluate(() => "Reveal" in window)) {
    const walked = await walkDeck(page, report); // on a line of its own: other decks add to the sum meanwhile
    slides += walked;
  } else {
    await inBothThemes(page, report);
    await onAPhone(page, report);
  }
  await page.close();
}

// The rules of WCAG 2, A and AA, that a program can check; in the dark those on colours. Formulas are left out: they are
// drawings with MathML, which is tested above.
async function inBothThemes(page, report) {
  await page.evaluate(AXE);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" }); // colours change at once
    const found = await page.evaluate(async (runOnly) => {
      const { violations } = await axe.run({ exclude: ["mjx-container"] }, { runOnly, resultTypes: ["violations"] });
      return violations.filter((v) => ["serious", "critical"].includes(v.impact))
        .map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(", ")}: ${v.nodes[0].failureSummary.split("\n").at(-1).trim()}`);
    }, colorScheme === "light" ? WCAG : ["color-contrast"]);
    for (const what of found) report(`${colorScheme}: ${what}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

// On a small screen, and on a wide one at 400 % (WCAG 1.4.10: 320 pixels), only formulas, tables and code may scroll
// sideways, each in itself.
async function onAPhone(page, report) {
  for (const screen of [360, 320]) {
    await page.setViewportSize({ width: screen, height: 740 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > screen) report(`is ${width} pixels wide on a screen of ${screen}`);
    for (const what of await page.evaluate(cutOffByTheScreen)) report(`on a screen of ${screen}: ${what} is cut off`);
  }
}

// What sticks out of the page to the right and lies in nothing that scrolls.
function cutOffByTheScreen() {
  const article = document.querySelector(".bd-article");
  const scrolls = (element) => element !== article
    && (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  return [...article?.querySelectorAll("*") ?? []]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest("mjx-assistive-mml"))
    .filter((element) => !scrolls(element.parentElement) && !element.parentElement.closest("svg"))
    .map((element) => `${element.tagName.toLowerCase()} “${element.textContent.trim().slice(0, 30)}”`).slice(0, 3);
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
