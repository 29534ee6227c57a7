/**
 * The component of the browser's lanes, around `Panel`.
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
