export const id = 983;
export const ids = [983];
export const modules = {

/***/ 7983:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AM: () => (/* binding */ closeGroup),
/* harmony export */   R8: () => (/* binding */ warn),
/* harmony export */   Sg: () => (/* binding */ openGroup),
/* harmony export */   TF: () => (/* binding */ annotateError),
/* harmony export */   WO: () => (/* binding */ debugStack),
/* harmony export */   say: () => (/* binding */ say)
/* harmony export */ });
/* unused harmony export harmless */
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8592);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2840);


/**
 * Text that the runner only shows. It takes a line that begins with `::` for a command, and `##[command]` anywhere in
 * one (actions/runner, ActionCommand.cs): a line of somebody's log must not set an output or fold ours away.
 */
const harmless = (text) => (0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .plain */ .pj)(text)
    .replaceAll('##[', '## [')
    .replace(/^(\s*):(?=:)/, '$1: ');
/** One line in the log. */
const say = (text) => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq(harmless(text));
/** Opens a part of the log that GitHub folds away. They do not nest. */
const openGroup = (title) => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .startGroup */ .Oh(harmless(title));
const closeGroup = () => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .endGroup */ .N4();
/** A warning: in the log, and above it. */
const warn = (text) => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .warning */ .$e(harmless(text));
/** Where an error comes from: only in logs with debug lines. */
const debugStack = (error) => {
    if (_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .isDebug */ ._o() && error instanceof Error && error.stack)
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .debug */ .Yz(error.stack);
};
/** An error: in the log, and above it. May have several lines. */
const annotateError = (title, text) => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .error */ .z3(text.split('\n').map(harmless).join('\n'), { title: harmless(title) });


/***/ }),

/***/ 2840:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Kb: () => (/* binding */ excerpt),
/* harmony export */   UV: () => (/* binding */ firstLines),
/* harmony export */   p0: () => (/* binding */ duration),
/* harmony export */   pj: () => (/* binding */ plain)
/* harmony export */ });
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7975);

/**
 * Foreign text on one line that can do no harm in a log, a summary or a Slack message: without colors, control
 * characters and marks that turn the direction of writing.
 */
const plain = (text) => (0,node_util__WEBPACK_IMPORTED_MODULE_0__.stripVTControlCharacters)(text)
    .replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, ' ')
    .trimEnd();
/** The beginning of a text, plain and on one line: at most `limit` characters. */
function excerpt(text, limit = 200) {
    // Cut before it is cleaned: a body can be a mebibyte, and its excerpt must not cost more than the request.
    const line = plain(text.slice(0, 10 * limit))
        .replace(/\s+/g, ' ')
        .trim();
    if (line.length <= limit && text.length <= 10 * limit)
        return line;
    return `${line.slice(0, limit - 1).toWellFormed()}…`;
}
/** The first lines of a text, each plain and bounded. */
const firstLines = (text, count, limit = 200) => text
    .slice(0, 10 * count * limit)
    .trim()
    .split(/\r?\n/, count)
    .map((line) => excerpt(line, limit));
/** `800 ms`, `2.5 s`. */
const duration = (ms) => ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(1))} s`;


/***/ })

};
