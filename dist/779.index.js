export const id = 779;
export const ids = [779];
export const modules = {

/***/ 5779:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   post: () => (/* binding */ post)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7264);
/* harmony import */ var _config_load_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7196);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7406);
/* harmony import */ var _release_procedure_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3280);
/* harmony import */ var _report_context_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(259);
/* harmony import */ var _report_log_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(9611);
/* harmony import */ var _session_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(3141);
/* harmony import */ var _state_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(3260);
/* harmony import */ var _target_open_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(1307);









/** GitHub ends a cancelled job's post steps after five minutes; what is left then is the next run's. */
const TIME_MS = 270_000;
/**
 * The post step, only where the main step left something behind: it was cancelled, timed out or killed. Finishes or
 * undoes what was under way, with the main step's own lock.
 */
async function post(request) {
    (0,_session_js__WEBPACK_IMPORTED_MODULE_6__/* .maskSecrets */ .QU)(request);
    const environment = await (0,_config_load_js__WEBPACK_IMPORTED_MODULE_1__/* .loadEnvironment */ .Y)({
        ...request,
        workspace: (0,_session_js__WEBPACK_IMPORTED_MODULE_6__/* .workspace */ .Gl)(),
        region: process.env['AWS_REGION'] ?? '',
        dockerHost: process.env['DOCKER_HOST'] ?? '',
    });
    const limit = new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .DeployError */ .s('The time of the post step is over.', {
        code: 'post-time-over',
        hint: 'The next deploy or rollback goes on from here.',
    });
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(limit), TIME_MS);
    const log = (0,_report_log_js__WEBPACK_IMPORTED_MODULE_5__/* .createLog */ .h)();
    let tell = (_message) => { };
    let target;
    try {
        // The way to the host may take minutes of the time that there is.
        target = await (0,_target_open_js__WEBPACK_IMPORTED_MODULE_8__/* .openTarget */ .A)(environment, {
            workspace: (0,_session_js__WEBPACK_IMPORTED_MODULE_6__/* .workspace */ .Gl)(),
            sshKey: request.sshKey,
            progress: (message) => tell(message),
            signal: controller.signal,
        });
        const context = (0,_report_context_js__WEBPACK_IMPORTED_MODULE_4__/* .readRunContext */ .$p)(process.env);
        const session = (0,_session_js__WEBPACK_IMPORTED_MODULE_6__/* .openSession */ .fA)({
            request,
            environment,
            context,
            target,
            listener: log.listener,
            signal: controller.signal,
        });
        tell = (message) => session.emit({ type: 'progress', message });
        const done = await (0,_release_procedure_js__WEBPACK_IMPORTED_MODULE_3__/* .resume */ .U)(session, _state_js__WEBPACK_IMPORTED_MODULE_7__.state.pending());
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq(done === 'recovered' ? 'Everything is in a defined state again.' : 'Nothing was left to do.');
    }
    finally {
        clearTimeout(timer);
        log.close();
        await target?.close();
    }
}


/***/ })

};
