/**
 * The browser's lanes, as a component: a panel does all the rest.
 *
 * @import {Component} from '../../frontend/component.js'
 * @import {Data} from './predict.js'
 */

import { mounted } from '../../frontend/component.js';
import { Panel } from './lanes_controller.js';

export default mounted(
  '.dp-lanes',
  (root) => new Panel(root),
  (panel, /** @type {Component<Data>} */ { data, setStateValue }) =>
    panel.show(data, (report) => setStateValue('report', report)),
);
