"""A notebook open in JupyterLab, driven as a person would: menus, keyboard, cells.

Responsibility: everything that knows JupyterLab's page. Tests ask in their own words.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Locator, Page, expect

IDLE = re.compile(r"ipykernel.*\| Idle")
RESET = re.compile("Đặt lại|Reset")
FAILED = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr']"
PATIENCE = 180_000  # milliseconds; a machine may have much else to do
expect.set_options(timeout=PATIENCE)
T = TypeVar("T")


@dataclass
class Opened:
    """A notebook in the browser."""

    page: Page
    stem: str

    @property
    def body(self) -> Locator:
        """The notebook itself."""
        return self.page.locator(".jp-Notebook")

    def expected(self, read: Callable[[], T], holds: Callable[[T], bool]) -> T:
        """What is read from the page once it is as expected; the page follows what is done to it after a while.

        Raises
        ------
        AssertionError
            If it is not in time.
        """
        end = time.monotonic() + PATIENCE / 1000
        while not holds(found := read()):
            assert time.monotonic() < end, f"not as expected: {str(found)[:2000]}"
            self.page.wait_for_timeout(50)
        return found

    def wait_until_idle(self) -> None:
        """Wait for the status bar: the toolbar's sign is ready too early, and what is run then is lost."""
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text(IDLE)

    def menu(self, *path: str) -> None:
        """Choose an entry of the main menu."""
        first, *rest = path
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{first}$")).click()
        for each in rest:
            self.page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{each}$")).click()

    def run_all(self) -> None:
        """Run every cell from the menu, in a fresh kernel's order, and wait for the last one."""
        before = self.count()
        self.menu("Run", "Run All Cells")
        self.page.wait_for_function(
            """([before, failed]) => {
                const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(e => e.innerText);
                const numbers = prompts.map(text => parseInt(text.replace(/[^0-9]/g, '')));
                return document.querySelector(failed) || numbers.every(each => each > before);
            }""",
            arg=[before, FAILED],
            timeout=PATIENCE,
        )
        self.wait_until_idle()

    def count(self) -> int:
        """Highest number of an executed cell."""
        prompts = self.body.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
        return max((int(number) for each in prompts for number in re.findall(r"\d+", each)), default=0)

    def errors(self) -> list[str]:
        """Texts of cells that failed, and of widgets that cannot be shown."""
        failed = self.body.locator(FAILED).all_inner_texts()
        text = self.body.inner_text()
        return failed + re.findall(r"Error displaying widget.*|Loading widget.*|Failed to load .*", text)

    def pictures(self) -> list[dict[str, Any]]:
        """Charts of the cells: their bytes, alt text and decoded size; those of panels are left out."""
        found = self.body.locator(".jp-OutputArea-output.jp-RenderedHTMLCommon img").evaluate_all(
            """images => Promise.all(images.map(async image => {
                await image.decode();
                const box = image.getBoundingClientRect();
                return {src: image.src, alt: image.alt, width: image.naturalWidth, height: image.naturalHeight,
                        shown: box.width, room: image.closest('.jp-OutputArea-output').getBoundingClientRect().width};
            }))"""
        )
        return [each | {"png": base64.b64decode(each["src"].partition("base64,")[2])} for each in found]

    def overflowing(self) -> list[str]:
        """Outputs that are wider than their place, and lines of code that run out of sight."""
        return self.body.locator(".jp-OutputArea-output, .cm-scroller").evaluate_all(
            """found => found.filter(each => each.scrollWidth > each.clientWidth + 1)
                            .map(each => each.innerText.slice(0, 80))"""
        )

    @property
    def panels(self) -> Locator:
        """Pictures of the panels on the page."""
        return self.body.locator(".widget-vbox img")

    def panel_says(self) -> str:
        """What the panel says: labels and values of its controls, its sentences, its picture's alt text."""
        panel = self.body.locator(".widget-vbox").first
        return panel.inner_text() + (panel.locator("img").get_attribute("alt") or "")

    def panel_settled(self) -> str:
        """What the panel says once it is complete: its parts come one by one."""
        expect(self.body.get_by_role("button", name=RESET)).to_be_visible()
        said: list[str] = []

        def read() -> bool:
            self.page.wait_for_timeout(300)
            said.append(self.panel_says())
            return said[-1] == said[-2] if len(said) > 1 else False

        self.expected(read, bool)
        return said[-1]

    def reset_panel(self) -> None:
        """Press the button that brings the controls back."""
        self.body.get_by_role("button", name=RESET).click()

    def press_on_control(self, key: str) -> float:
        """Press a key on the panel's first control; milliseconds until another picture is decoded."""
        control = self.body.locator(".widget-vbox .noUi-handle").first
        control.scroll_into_view_if_needed()
        control.focus()
        self.page.evaluate(
            """PATIENCE => {
                const panel = document.querySelector('.jp-Notebook .widget-vbox');
                const before = panel.querySelector('img')?.src;
                window.redrawn = new Promise((done, fail) => {
                    setTimeout(() => fail(new Error('the panel has not been redrawn')), PATIENCE);
                    const start = new Promise(pressed => addEventListener(
                        'keydown', event => pressed(event.timeStamp), {capture: true, once: true}));
                    const watch = new MutationObserver(async () => {
                        const image = panel.querySelector('img');
                        if (!image || image.src === before) return;
                        watch.disconnect();
                        await image.decode();
                        const shown = performance.now();
                        done(shown - await start);
                    });
                    watch.observe(panel, {subtree: true, childList: true, attributes: true});
                });
            }""",
            PATIENCE,
        )
        self.page.keyboard.press(key)
        return float(self.page.evaluate("() => window.redrawn"))

    @property
    def tables(self) -> Locator:
        """Tables that can be sorted and filtered."""
        return self.body.locator(".dt-container")

    def sort(self, column: str, table: int) -> None:
        """Click the header of a column; its cells say when the table is sorted."""
        found = self.tables.nth(table)
        found.locator(".dt-search input").click()  # the click that activates a cell may move what it was meant for
        expect(self.body.locator(".jp-CodeCell.jp-mod-active .dt-container")).to_have_count(1)
        found.locator("th", has_text=column).locator(".dt-column-order").click()

    def column(self, column: str, table: int) -> Locator:
        """Cells of a column, from top to bottom."""
        found = self.tables.nth(table)
        heads = found.locator("thead th")
        expect(heads.filter(has_text=column)).to_be_visible()
        return found.locator(f"tbody tr td:nth-child({heads.all_inner_texts().index(column) + 1})")

    def filter(self, text: str, table: int) -> None:
        """Type into the search field of a table."""
        self.tables.nth(table).locator(".dt-search input").press_sequentially(text)

    def shoot(self, path: Path, width: int, height: int) -> None:
        """Picture of the whole notebook at a width of the window."""
        self.page.set_viewport_size({"width": width, "height": height})
        cells = self.body.locator(".jp-Cell")
        top, bottom = (cells.nth(each).evaluate("e => e.getBoundingClientRect().bottom") for each in (0, -1))
        self.page.set_viewport_size({"width": width, "height": int(bottom - top) + 600})
        self.page.locator(".jp-WindowedPanel-outer").evaluate_all("all => all.forEach(each => each.scrollTop = 0)")
        self.page.wait_for_timeout(400)
        self.page.screenshot(path=path)

    def replace_line(self, old: str, new: str) -> None:
        """Click a line of code and type another in its stead."""
        self.body.locator(".cm-line", has_text=old).first.click()
        for key in ("Home", "Shift+End", "Delete"):
            self.page.keyboard.press(key)
        self.page.keyboard.insert_text(new)
        expect(self.body.locator(".cm-line", has_text=new)).to_have_count(1)

    def save(self) -> None:
        """Save by keyboard and wait until nothing is unsaved."""
        self.page.keyboard.press("Control+s")
        expect(self.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)
