// What stands in the theme's templates in English.
const JAPANESE = {
  ".primary-toggle": "本の目次", ".secondary-toggle": "このページの目次", "nav.bd-links": "本の目次", "nav[aria-label=Page]": "ページ内",
};

document.addEventListener("DOMContentLoaded", () => {
  switchLanguageWithinTheSection();
  nameWhatTheThemeLeavesNameless();
});

// The language switch leads to the section that is being read: both languages give their sections the same labels.
function switchLanguageWithinTheSection() {
  const link = document.querySelector("a.btn-language");
  if (!link) return;
  link.removeAttribute("target"); // the theme opens links of the header in a new tab
  const labels = [...document.querySelectorAll("[id^='sec-']")];
  link.addEventListener("click", () => {
    const passed = labels.filter((label) => label.getBoundingClientRect().top < innerHeight / 3);
    link.hash = passed.length ? passed.at(-1).id : "";
  });
}

// For screen readers and voice control: a control is called what is written on it.
function nameWhatTheThemeLeavesNameless() {
  for (const control of document.querySelectorAll(".search-button-field, details.hide > summary")) control.removeAttribute("aria-label");
  for (const summary of document.querySelectorAll(".bd-links summary"))
    summary.setAttribute("aria-label", summary.closest("li").querySelector("a").textContent.trim());
  if (document.documentElement.lang === "ja") {
    for (const [selector, name] of Object.entries(JAPANESE))
      for (const element of document.querySelectorAll(selector)) {
        element.setAttribute("aria-label", name);
        if (element.title) element.title = name;
      }
  }
  // Docutils calls the bibliography a list and its entries something else.
  for (const list of document.querySelectorAll(".citation-list[role=list]")) list.removeAttribute("role");
  // Files are downloaded, not opened in a new tab.
  for (const link of document.querySelectorAll(".dropdown-downloads a")) link.removeAttribute("target");
}
