/**
 * Zooms the diagram of layers and operations, `.dp-anatomy`: by its buttons, by + - 0 on it, and by
 * the wheel with Ctrl, which is also a pinch on a touchpad. The zoom is kept on the page, since
 * Streamlit replaces the diagram when shapes arrive.
 */
{
  const LEAST = 0.2;
  const MOST = 3;
  const STEP = 1.25;
  const KEYS = new Map([
    ['+', 'in'],
    ['=', 'in'],
    ['-', 'out'],
    ['0', 'whole'],
  ]);
  let zoom = 1;

  /**
   * Zooms so that what is at (x, y) of the diagram's view stays there.
   * @param {HTMLElement} diagram @param {number} wanted @param {number} x @param {number} y
   */
  function zoomTo(diagram, wanted, x = 0, y = 0) {
    const before = zoom;
    zoom = Math.min(MOST, Math.max(LEAST, wanted));
    const { scrollLeft, scrollTop } = diagram;
    document.documentElement.style.setProperty('--dp-zoom', zoom.toFixed(3));
    diagram.scrollLeft = ((scrollLeft + x) * zoom) / before - x;
    diagram.scrollTop = ((scrollTop + y) * zoom) / before - y;
  }

  /** @param {HTMLElement} diagram @param {string | undefined} how  in, out, actual or whole */
  function act(diagram, how) {
    if (how === 'in') zoomTo(diagram, zoom * STEP);
    else if (how === 'out') zoomTo(diagram, zoom / STEP);
    else if (how === 'actual') zoomTo(diagram, 1);
    else zoomTo(diagram, Math.min(1, (zoom * diagram.clientHeight) / diagram.scrollHeight));
    const said = document.getElementById('dp-said');
    if (said) said.textContent = `Zoom ${Math.round(100 * zoom)} %`;
  }

  /** @param {Event} event @param {string} selector @returns {HTMLElement | null} */
  function under(event, selector) {
    const { target } = event;
    return target instanceof Element ? target.closest(selector) : null;
  }

  document.addEventListener('click', (event) => {
    const button = under(event, '.dp-zoom button');
    const diagram = button?.closest('.dp-diagram')?.querySelector('.dp-anatomy');
    if (diagram instanceof HTMLElement) act(diagram, button?.dataset.zoom);
  });

  document.addEventListener('keydown', (event) => {
    const how = KEYS.get(event.key);
    const diagram = under(event, '.dp-anatomy');
    if (!diagram || !how || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(diagram, how);
  });

  /** @param {WheelEvent} event */
  function wheel(event) {
    const diagram = under(event, '.dp-anatomy');
    if (!diagram || !event.ctrlKey) return;
    event.preventDefault();
    const { left, top } = diagram.getBoundingClientRect();
    const by = Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) / 400);
    zoomTo(diagram, zoom * by, event.clientX - left, event.clientY - top);
  }

  // A listener that may hold the wheel up is on diagrams alone: on the page it would slow all scrolling.
  document.addEventListener('pointerover', (event) => {
    under(event, '.dp-anatomy')?.addEventListener('wheel', wheel, { passive: false });
  });
}
