export const id = 938;
export const ids = [938];
export const modules = {

/***/ 6938:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   state: () => (/* binding */ state)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8592);

/**
 * What the main step leaves for the post step, all of it. The runner keeps it also when the main step was cancelled or
 * killed. index.ts reads `isPost` and `pending` by their environment names, before anything is loaded.
 */
const state = {
    /** Called first: the same file runs as main and as post. */
    markMain: () => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .saveState */ .LZ('isPost', 'true'),
    /** The lock's handle while something may be left to clean up. */
    setPending: (handle) => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .saveState */ .LZ('pending', handle ?? ''),
    pending: () => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getState */ .Gu('pending'),
};


/***/ })

};
