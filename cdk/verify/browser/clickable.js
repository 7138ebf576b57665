// Finds the element that a selector names once a person could click on it: it is
// shown, enabled, in view, and has stopped moving. Rejects after `limit` ms.
async (selector, limit) => {
  const deadline = performance.now() + limit;
  for (let before = ""; ; ) {
    const element = document.querySelector(selector);
    element?.scrollIntoView({ block: "nearest", behavior: "instant" });
    const { x, y, width, height } = element?.getBoundingClientRect() ?? { width: 0 };
    const place = [x, y, width, height].join();
    if (width && element.checkVisibility() && !element.matches(":disabled") && place === before) return element;
    if (performance.now() > deadline) throw new Error("nothing to click on");
    before = place;
    await new Promise((again) => setTimeout(again, 20));
  }
}
