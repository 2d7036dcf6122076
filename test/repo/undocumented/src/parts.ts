/** Names from elsewhere. */
export { quiet } from './quiet.js';
