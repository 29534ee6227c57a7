/**
 * What a page's visit shows of its accessibility beside axe's rules; every part gives a list of
 * sentences, empty for none. Streamlit's dataframes are canvases with a table inside for screen
 * readers: their cells are no controls.
 */
(() => {
  const SMALLEST = 24; // pixels, WCAG 2.2's 2.5.8
  const CONTROLS =
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=tab], [tabindex]';
  const GROUPS = '[role=radiogroup], [role=tablist], [role=group][aria-label]';
  const MARK = 'data-tab-stop';

  const isShown = (each) =>
    each.checkVisibility({ visibilityProperty: true }) &&
    !each.closest('[inert], [aria-hidden=true], canvas') &&
    !each.disabled;
  const shown = (selector) => [...document.querySelectorAll(selector)].filter(isShown);
  const told = (each) => each.outerHTML.replace(/\s+/g, ' ').slice(0, 160);

  /** Where a finger meets a control: a box that is ticked by its label, a slider by its thumb. */
  const target = (each) => {
    const meets = each.tagName === 'INPUT' && each.closest('label');
    if (meets) return meets;
    return each.type === 'range' ? each.parentElement.parentElement : each;
  };
  /** Links that are seen only while they have the focus. */
  const isHidden = (each) => each.getBoundingClientRect().width <= 1;
  const isInSentence = (each) =>
    each.tagName === 'A' && getComputedStyle(each).display === 'inline' && each.closest('p, li');

  /** Targets below 24 pixels whose circle of 24 pixels touches another target. */
  const small = () => {
    const all = [
      ...new Set(
        shown(CONTROLS)
          .filter((each) => each.tabIndex >= 0)
          .map(target),
      ),
    ].filter((each) => !isHidden(each));
    const boxes = new Map(all.map((each) => [each, each.getBoundingClientRect()]));
    const isSmall = ({ width, height }) => width < SMALLEST - 0.5 || height < SMALLEST - 0.5;
    const crowded = (each) => {
      const box = boxes.get(each);
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      return all.some((other) => {
        if (other === each || other.contains(each) || each.contains(other)) return false;
        const { left, right, top, bottom } = boxes.get(other);
        const [dx, dy] = [Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom)];
        return Math.hypot(dx, dy) < SMALLEST / 2;
      });
    };
    return all
      .filter((each) => isSmall(boxes.get(each)) && !isInSentence(each) && crowded(each))
      .map(
        (each) =>
          `${Math.round(boxes.get(each).width)}x${Math.round(boxes.get(each).height)}: ${told(each)}`,
      );
  };

  /** Pictures, charts and tables without words. */
  const wordless = () =>
    [
      ...shown('img').filter((each) => !each.alt && each.role !== 'presentation'),
      ...shown('table').filter(
        (each) => !each.caption?.textContent && !each.ariaLabel && !each.closest('[aria-label]'),
      ),
      ...shown('.vega-embed, canvas:not(.dp-pad *)').filter((each) => {
        const chart = each.closest(
          '[data-testid=stVegaLiteChart], [data-testid=stDataFrame], [aria-label], [role=img]',
        );
        return !chart || (!chart.ariaLabel && !chart.querySelector('[aria-label], [alt]'));
      }),
      ...shown('progress, meter, video').filter((each) => !each.ariaLabel && !each.labels?.length),
    ].map(told);

  /** What still moves for who wants less motion. */
  const moving = () =>
    shown('*')
      .filter((each) => {
        const { animationName, transitionDuration } = getComputedStyle(each);
        return animationName !== 'none' || !/^(0s(, )?)+$/.test(transitionDuration);
      })
      .map(told);

  /** @type {Element | null} */
  let first = null;
  /** What the focus is on, once marked; whether its ring is seen; and whether it was the first. */
  const stop = () => {
    const on = document.activeElement;
    if (on === null || on === document.body) return null;
    const isDone = on === first; // once round
    first ??= on;
    on.setAttribute(MARK, '');
    const ringed = [
      on,
      on.parentElement,
      on.closest('label'),
      on.closest('[role=group]'),
      target(on),
    ];
    const ring = (each) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(each);
      return outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2;
    };
    const isCell =
      on.closest('[data-testid=stDataFrame]') !== null && on.closest('canvas, table') !== null;
    const isSeen =
      isCell ||
      (target(on).checkVisibility({ opacityProperty: true }) &&
        ringed.some((each) => each && ring(each)));
    return { isDone, isSeen, told: told(on) };
  };

  /** Controls that Tab did not come to; of a group it comes to one, and arrows to the others. */
  const missed = () =>
    shown(CONTROLS)
      .filter((each) => {
        if (each.tabIndex < 0 || each.hasAttribute(MARK)) return false;
        const group = each.closest(GROUPS) ?? (each.type === 'radio' ? each.closest('div') : null);
        return !group?.querySelector(`[${MARK}]`);
      })
      .map(told);

  const forget = () => {
    for (const each of document.querySelectorAll(`[${MARK}]`)) each.removeAttribute(MARK);
    // So that Tab begins at the top, and not where a pointer was last.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    first = null;
  };

  window.access = { small, wordless, moving, stop, missed, forget };
})();
