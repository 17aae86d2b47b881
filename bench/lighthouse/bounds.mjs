/** Points of 100, and milliseconds. */
export const bounds = { accessibility: 95, practices: 95, performance: 90, interactive: 2_800 }
