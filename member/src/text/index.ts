/** Figures for people, and text that is safe to print. @module */
export { metricHeading, metricTitles } from './metricTitles.js';
export { bytesText, figure, plural, secondsText, shortDigest, visible, visibleLine } from './printable.js';
