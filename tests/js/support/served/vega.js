/** What the page imports as the script that loads Vega: Streamlit's, whose exports have no steady names. */

import { vega } from '../vega.js';

export const t = () => vega;
