/** Facts in the words and figures that people read, the same wherever they are printed. */
export { bytesText, figure, plural, secondsText, shortDigest } from './figures.js';
export { visible, visibleLine } from './visible.js';
