"""What is shown of a submission: harmless, and still readable."""

import json
import shutil
import subprocess

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook

from grader.sanitize import TAGS, clean, csv_cell, harmless, markdown2html

# Known ways to make HTML run; each would call bite(), or ask another host for something.
VECTORS = [
    "<script>bite()</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>bite()</scr</script>ipt>",
    "<img src=x onerror=bite()>",
    "<img src='x' onerror='bite()' / >",
    "<IMG SRC=\"java&#x09;script:bite();\">",
    "<img src=`javascript:bite()`>",
    "<img src=//evil.example/x.png>",
    "<img srcset='//evil.example/x.png 1x'>",
    "<img src='data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YmFk'>",
    "<img src=\"data:image/png;base64,x\" onload=bite()>",
    "<image src=x onerror=bite()>",
    "<svg onload=bite()>",
    "<svg/onload=bite()>",
    "<svg><script>bite()</script></svg>",
    "<svg><a xlink:href='javascript:bite()'><text>x</text></a></svg>",
    "<svg><animate onbegin=bite() attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=bite()></style>",
    "<math><mtext><table><mglyph><style><img src=x onerror=bite()>",
    "<math href='javascript:bite()'>x</math>",
    "<noscript><p title='</noscript><img src=x onerror=bite()>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=bite()>",
    "<a href='javascript:bite()'>x</a>",
    "<a href=' &#14; javascript:bite()'>x</a>",
    "<a href='JaVaScRiPt:bite()'>x</a>",
    "<a href='java\nscript:bite()'>x</a>",
    "<a href='data:text/html,<script>bite()</script>'>x</a>",
    "<a href='vbscript:bite()'>x</a>",
    "<a href='//evil.example' ping='//evil.example'>x</a>",
    "<a href='#' style='position:fixed;inset:0'>x</a>",
    "<a href='#x' target=_blank onclick=bite()>x</a>",
    "<body onload=bite()>",
    "<iframe src='javascript:bite()'></iframe>",
    "<iframe srcdoc='<script>bite()</script>'></iframe>",
    "<object data='javascript:bite()'></object>",
    "<embed src='javascript:bite()'>",
    "<base href='//evil.example/'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:bite()'>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style=\"background:url(//evil.example/x)\">x</div>",
    "<p style='width: expression(bite())'>x</p>",
    "<table background='//evil.example/x'><tr><td background='//evil.example/x'>x</td></tr></table>",
    "<form action='//evil.example'><input name=score><button formaction='javascript:bite()'>x</button></form>",
    "<input autofocus onfocus=bite()>",
    "<select onfocus=bite() autofocus></select>",
    "<details open ontoggle=bite()><summary>x</summary></details>",
    "<video><source onerror=bite()></video>",
    "<video poster='javascript:bite()' src='//evil.example/x'></video>",
    "<audio src=x onerror=bite()></audio>",
    "<marquee onstart=bite()>x</marquee>",
    "<template><script>bite()</script></template>",
    "<div id=score class='score manual'>x</div>",
    "<p onmouseover=bite()>x</p>",
    "<p/onclick=bite()>x</p>",
    "<p\x00onclick=bite()>x</p>",
    "<p title='\"><img src=x onerror=bite()>'>x</p>",
    "<!--><img src=x onerror=bite()>-->",
    "<!-- --!><img src=x onerror=bite()> -->",
    "<![CDATA[<img src=x onerror=bite()>]]>",
    "<?xml version='1.0'?><img src=x onerror=bite()>",
    "</textarea><script>bite()</script>",
    "</pre></div></body></html><script>bite()</script>",
    "\u003cimg src=x onerror=bite()\u003e",
    "<img src=x onerror=bite()",
    "<<img src=x onerror=bite()>>",
    "<a href='https://example.org' onclick='bite()'>x</a>",
]  # fmt: skip
ATTRIBUTES = {"href", "src", "alt", "title", "class", "align", "colspan", "rowspan"}


PICTURE = "data:image/png;base64,"


def assert_inert(html: str) -> None:
    """Whatever is left as HTML is of the harmless kinds."""
    for tag in BeautifulSoup(html, "html.parser").find_all():
        assert_harmless(
            tag.name, {n: " ".join(v) if n == "class" else v for n, v in tag.attrs.items()}
        )


def assert_harmless(name: str, attributes: dict[str, str]) -> None:
    assert name in TAGS
    assert attributes.keys() <= ATTRIBUTES
    assert attributes.get("href", "#").startswith(("https://", "http://", "mailto:", "#"))
    assert attributes.get("src", PICTURE).startswith(PICTURE)
    assert not {"score", "manual"} & set(attributes.get("class", "").split())


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_that_runs_comes_through(vector):
    assert_inert(clean(vector))
    assert_inert(markdown2html({}, vector))
    assert_inert(markdown2html({}, f"text\n\n* {vector}\n"))
    assert_inert(clean(clean(vector)))  # nbconvert cleans what we have cleaned


def test_the_vectors_are_not_inert_as_they_are():
    def is_inert(vector):
        try:
            assert_inert(f"<div>{vector}</div>")
        except AssertionError:
            return False
        return True

    inert = list(filter(is_inert, VECTORS))
    assert len(inert) <= 7, inert  # some need a context, such as an attribute, to come alive


PAGE = """<!DOCTYPE html><meta charset=utf-8>
<script>function bite() { document.documentElement.setAttribute("bitten", "") }</script>
<main>%s</main>
<script>addEventListener("load", () => {
  const found = [...document.querySelectorAll("main *")].map(
    e => [e.localName, Object.fromEntries([...e.attributes].map(a => [a.name, a.value]))]);
  document.body.innerHTML = "";
  document.body.textContent = JSON.stringify(found);
})</script>"""


@pytest.fixture
def browser(tmp_path):
    """A real browser: its view of a page as lists of tags and attributes, and whether anything ran."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed")

    def view(content):
        (tmp_path / "page.html").write_text(PAGE % content, encoding="utf-8")
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                   f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000",
                   (tmp_path / "page.html").as_uri()]  # fmt: skip
        dom = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=120
        ).stdout
        page = BeautifulSoup(dom, "html.parser")
        return json.loads(page.body.get_text()), page.html.has_attr("bitten")

    return view


@pytest.mark.browser
def test_a_browser_runs_nothing_of_it(browser):
    """What a parser of ours takes for text, a browser could take for a tag."""
    found, bitten = browser("".join(f"<div>{clean(vector)}</div>" for vector in VECTORS))
    assert not bitten
    assert len(found) >= len(VECTORS)
    for name, attributes in found:
        assert_harmless(name, attributes)


@pytest.mark.browser
@pytest.mark.parametrize(
    "vector", ["<img src=x onerror=bite()>", "<details open ontoggle=bite()>x</details>"]
)
def test_a_browser_runs_it_as_it_is(browser, vector):
    assert browser(vector)[1]


MARKDOWN = [
    "[x](javascript:bite())",
    "[x](JavaScript&#58;bite())",
    "[x]( javascript:bite())",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://evil.example/x.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](x\"onerror=\"bite())",
    "[x]: javascript:bite()\n\n[x]",
    "<javascript:bite()>",
    "```html\" onclick=\"bite()\n<script>bite()</script>\n```",
    "`<script>bite()</script>`",
    "$$</p><script>bite()</script>$$",
    "$<img src=x onerror=bite()>$",
    "\\(<svg onload=bite()>\\)",
    "| <img src=x onerror=bite()> |\n|---|\n| <script>bite()</script> |",
    "> " * 2000 + "deep",
    "![](attachment:missing.png)",
]  # fmt: skip


@pytest.mark.parametrize("source", MARKDOWN)
def test_markdown_becomes_inert_html(source):
    assert_inert(markdown2html({}, source))


def test_an_attachment_is_a_picture_or_nothing():
    cell = {"attachments": {"a.png": {"image/svg+xml": "PHN2Zz4="}, "b.png": {"image/png": "iVBO"}}}
    assert_inert(markdown2html({"cell": cell}, "![](attachment:a.png)"))
    assert 'src="data:image/png;base64,iVBO"' in markdown2html(
        {"cell": cell}, "![](attachment:b.png)"
    )


def test_what_students_write_is_still_there():
    html = markdown2html(
        {},
        "## Why\n\n1. **bold** `code` $a < b$\n\n[link](https://example.org)\n\n```python\nx = 1\n```",
    )
    page = BeautifulSoup(html, "html.parser")
    assert page.find("h2").text.startswith("Why")
    assert page.find("strong").text == "bold"
    assert page.find("a", href="https://example.org").text == "link"
    assert "$a < b$" in page.text
    assert "x = 1" in page.find("pre").text


OUTPUT = {"output_type": "display_data", "metadata": {}}
HOSTILE = "<img src=x onerror=bite()>"


def shown(**data):
    """A display's data by kind (text_html for text/html), made harmless."""
    bundle = {kind.replace("_", "/", 1): text for kind, text in data.items()}
    outputs = harmless([OUTPUT | {"data": bundle}])
    nbformat.validate(new_notebook(cells=[new_code_cell("", outputs=outputs)]))
    return outputs[0]["data"]


@pytest.mark.parametrize(
    "kind",
    ["application/javascript", "application/json", "image/svg+xml", "text/vnd.mermaid", "application/pdf",
     "application/vnd.jupyter.widget-view+json", "application/vnd.plotly.v1+json", "text/javascript",
     "application/x-latex", "text/jsx", "text/htm"],
)  # fmt: skip
def test_displays_that_could_run_are_left_out_with_a_note(kind):
    (output,) = harmless([OUTPUT | {"data": {kind: HOSTILE}}])
    assert output["data"] == {
        "text/plain": f"[Left out, not shown in a graded notebook: {kind}. / "
        f"採点済みノートブックでは表示されません: {kind}]"
    }
    (output,) = harmless([OUTPUT | {"data": {kind: HOSTILE, "text/plain": "instead"}}])
    assert output["data"] == {"text/plain": "instead"}


def test_html_is_cleaned_and_markdown_becomes_clean_html():
    assert_inert(shown(text_html=f"<table><tr><td>1</td></tr></table>{HOSTILE}")["text/html"])
    assert "<td>1</td>" in shown(text_html="<table><tr><td>1</td></tr></table>")["text/html"]
    data = shown(text_markdown=f"**bold** {HOSTILE}")
    assert_inert(data["text/html"])
    assert "<strong>bold</strong>" in data["text/html"]
    assert "text/markdown" not in data


def test_pictures_are_kept_if_they_are_base64():
    assert shown(image_png="iVBO\nRw==") == {"image/png": "iVBO\nRw=="}
    assert "image/png" not in shown(image_png='x" onerror="bite()')


def test_text_and_errors_are_kept_as_they_are():
    """Whoever shows them escapes them; a note of colour must survive."""
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": f"\x1b[31mred\x1b[0m {HOSTILE}"},
        {"output_type": "error", "ename": "E", "evalue": HOSTILE, "traceback": [HOSTILE]},
        OUTPUT | {"data": {"text/plain": HOSTILE, "text/latex": "$x$"}},
    ]
    assert harmless(outputs) == outputs
    assert harmless([OUTPUT | {"data": {}}])[0]["data"]["text/plain"].startswith(
        "[Left out, not shown"
    )


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\u3000=1",
     '=HYPERLINK("//evil.example","x")'],
)  # fmt: skip
def test_formulas_become_text_in_a_spreadsheet(text):
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "ada", "2027-04-30", "a=b", "山田", "1.5", "x -1"])
def test_other_cells_stay(text):
    assert csv_cell(text) == text
