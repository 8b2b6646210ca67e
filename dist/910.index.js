export const id = 910;
export const ids = [910];
export const modules = {

/***/ 3910:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  EcsTarget: () => (/* binding */ EcsTarget)
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeListenersCommand.js
var DescribeListenersCommand = __webpack_require__(291);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeLoadBalancersCommand.js
var DescribeLoadBalancersCommand = __webpack_require__(9506);
// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(7406);
// EXTERNAL MODULE: ./build/src/release/color.js
var release_color = __webpack_require__(4768);
// EXTERNAL MODULE: ./build/src/release/image.js
var release_image = __webpack_require__(4426);
// EXTERNAL MODULE: ./build/src/release/journal.js
var release_journal = __webpack_require__(672);
;// CONCATENATED MODULE: ./build/src/target/ecs/arn.js

/** `shop:12` of `arn:aws:ecs:us-east-1:123456789012:task-definition/shop:12`. */
const releaseId = (taskDefinitionArn) => taskDefinitionArn.slice(taskDefinitionArn.indexOf('/') + 1);
/**
 * Reads the ARN of a listener or a listener rule.
 * `...:listener-rule/app/<lb>/<id>/<listener id>/<rule id>` belongs to `...:listener/app/<lb>/<id>/<listener id>`.
 */
function trafficRule(arn) {
    const listener = /^(arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:)listener\/(app|net)\/[^/]+\/\w+\/\w+$/;
    if (listener.test(arn))
        return { kind: 'listener', arn, listenerArn: arn };
    const rule = /^(?<head>arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:)listener-rule(?<tail>\/(?:app|net)\/[^/]+\/\w+\/\w+)\/\w+$/.exec(arn);
    if (rule?.groups) {
        const { head, tail } = rule.groups;
        return { kind: 'rule', arn, listenerArn: `${head}listener${tail}` };
    }
    throw new errors/* DeployError */.s(`${arn} is not the ARN of a listener or of a listener rule.`, {
        code: 'config-invalid',
        hint: 'Copy it from the load balancer’s Listeners page; it contains :listener/ or :listener-rule/.',
    });
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/ECSClient.js + 8 modules
var ECSClient = __webpack_require__(7777);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/ElasticLoadBalancingV2Client.js + 8 modules
var ElasticLoadBalancingV2Client = __webpack_require__(4677);
// EXTERNAL MODULE: ./build/src/target/target.js
var target = __webpack_require__(9478);
;// CONCATENATED MODULE: ./build/src/target/ecs/aws.js




function connect(region) {
    const options = {
        region,
        // Throttles count as attempts (facts/ecs.md 9): three, the default, are gone in about two seconds.
        maxAttempts: 5,
        // The SDK waits for ever by default; `requestTimeout` alone would only log a warning.
        requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
        customUserAgent: 'blue-green-deploy',
    };
    return { ecs: new ECSClient/* ECSClient */.Z(options), elb: new ElasticLoadBalancingV2Client/* ElasticLoadBalancingV2Client */.M(options), region };
}
/**
 * A call that changes nothing.
 * @param action the IAM action that it needs, e.g. `ecs:DescribeServices`
 * @throws TransientError when AWS could not be asked; DeployError when it refused for good
 */
async function read(action, call) {
    try {
        return await call();
    }
    catch (error) {
        if (isTransient(error))
            throw new target/* TransientError */.N(`${action}: ${aws_text(error)}`, { cause: error });
        throw explain(action, error);
    }
}
/**
 * A call that changes something. One that stays without an answer is an error: what it did is found out by whoever
 * reads the target next. One that was throttled did nothing, and may be made again.
 * @throws TransientError when AWS throttled it to the last attempt
 */
async function modify(action, call) {
    try {
        return await call();
    }
    catch (error) {
        if (isThrottle(error))
            throw new target/* TransientError */.N(`${action}: ${aws_text(error)}`, { cause: error });
        if (!isTransient(error))
            throw explain(action, error);
        throw new errors/* DeployError */.s(`AWS gave no usable answer to ${action}: ${aws_text(error)}`, {
            code: 'no-answer',
            hint: 'Look at the AWS health dashboard and your account’s API limits, then run the operation again: it goes on from what it finds.',
            cause: error,
        });
    }
}
/** The error's name as the service spells it, without the suffix that only some of them have. */
const errorName = (error) => error instanceof Error ? error.name.replace(/Exception$/, '') : '';
// Both spellings of each service, and what the SDK and Node call a dead or HTML-speaking endpoint (facts/ecs.md 9).
const THROTTLE = /^(Throttling|ThrottledException|Throttled|TooManyRequests|RequestLimitExceeded|RequestThrottled)$/;
const TRANSIENT = /^(ServiceUnavailable|Server|InternalFailure|InternalError|InternalServerError|ServiceError|Unknown|SyntaxError|TimeoutError|RequestTimeout)$/;
const TRANSIENT_CODE = /^(ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENOTFOUND|UND_ERR)/;
const statusOf = (error) => error.$metadata?.httpStatusCode ?? 0;
const isThrottle = (error) => error instanceof Error && (THROTTLE.test(errorName(error)) || statusOf(error) === 429);
function isTransient(error) {
    if (!(error instanceof Error))
        return false;
    const { code } = error;
    return (isThrottle(error) ||
        TRANSIENT.test(errorName(error)) ||
        (typeof code === 'string' && TRANSIENT_CODE.test(code)) ||
        statusOf(error) >= 500);
}
const aws_text = (error) => {
    const message = error instanceof Error ? error.message || error.name : String(error);
    return message.split('\n')[0]?.slice(0, 300) ?? '';
};
/** What users can do about a call that AWS refused. */
function explain(action, error) {
    if (error instanceof errors/* DeployError */.s)
        return error;
    const name = errorName(error);
    if (/^(AccessDenied|UnauthorizedOperation|AuthorizationError)$/.test(name)) {
        // AWS names the missing permission itself, which need not be the call's own: iam:PassRole, ecs:TagResource.
        const missing = /not authorized to perform: ([\w-]+:\w+)/.exec(aws_text(error))?.[1] ?? action;
        return new errors/* DeployError */.s(`AWS denies ${missing}.`, {
            code: 'access-denied',
            hint: `Allow ${missing} in the policy of the role that this workflow assumes.`,
            details: [aws_text(error)],
            cause: error,
        });
    }
    if (/^(ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|MissingAuthenticationToken)$/.test(name))
        return new errors/* DeployError */.s(`AWS does not accept the credentials: ${aws_text(error)}`, {
            code: 'credentials-refused',
            hint: 'They may have expired: set role-duration-seconds of aws-actions/configure-aws-credentials to the length of the job.',
            cause: error,
        });
    if (/^CredentialsProvider/.test(name))
        return new errors/* DeployError */.s('There are no AWS credentials.', {
            code: 'no-credentials',
            hint: 'Run aws-actions/configure-aws-credentials in a step before this one, with permissions: id-token: write on the job.',
            cause: error,
        });
    return new errors/* DeployError */.s(`${action} was refused: ${name}: ${aws_text(error)}`, {
        code: 'aws-refused',
        cause: error,
    });
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeTargetHealthCommand.js
var DescribeTargetHealthCommand = __webpack_require__(7992);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/ListTasksCommand.js
var ListTasksCommand = __webpack_require__(4810);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/DescribeTasksCommand.js
var DescribeTasksCommand = __webpack_require__(8639);
;// CONCATENATED MODULE: ./build/src/target/ecs/tasks.js


/** DescribeTasks takes at most so many. */
const BATCH = 100;
/** The tasks of one service. `startedBy` names the deployment that started a task. */
class Tasks {
    #aws;
    #settings;
    /** Stopped tasks do not change any more: one read each. */
    #stopped = new Map();
    constructor(aws, settings) {
        this.#aws = aws;
        this.#settings = settings;
    }
    async running(serviceName) {
        return this.#describe(await this.#list(serviceName, 'RUNNING'));
    }
    /** Those that ECS still remembers: for about an hour. */
    async stopped(serviceName) {
        const arns = await this.#list(serviceName, 'STOPPED');
        const unknown = arns.filter((arn) => !this.#stopped.has(arn));
        for (const task of await this.#describe(unknown)) {
            // Its desired status is STOPPED, but it may still be on its way there, without exit codes.
            if (task.lastStatus === 'STOPPED')
                this.#stopped.set(task.taskArn ?? '', task);
        }
        return arns.flatMap((arn) => this.#stopped.get(arn) ?? []);
    }
    async #list(serviceName, desiredStatus) {
        const { cluster } = this.#settings;
        const arns = [];
        let nextToken;
        do {
            // `startedBy` must be the only filter where it is used, so the deployment is picked out by the caller.
            const page = await read('ecs:ListTasks', () => this.#aws.ecs.send(new ListTasksCommand/* ListTasksCommand */.M({ cluster, serviceName, desiredStatus, nextToken })));
            arns.push(...(page.taskArns ?? []));
            nextToken = page.nextToken;
        } while (nextToken !== undefined);
        return arns;
    }
    async #describe(arns) {
        const { cluster } = this.#settings;
        const tasks = [];
        for (let start = 0; start < arns.length; start += BATCH) {
            const answer = await read('ecs:DescribeTasks', () => this.#aws.ecs.send(new DescribeTasksCommand/* DescribeTasksCommand */.z({ cluster, tasks: arns.slice(start, start + BATCH) })));
            tasks.push(...(answer.tasks ?? []));
        }
        return tasks;
    }
}
/** The address under which the load balancer knows a task of network mode awsvpc. */
const addressOf = (task) => task.attachments?.flatMap(({ details }) => details ?? []).find(({ name }) => name === 'privateIPv4Address')
    ?.value;
/** The last part of a task's ARN, as the console shows it. */
const taskId = ({ taskArn = '' }) => taskArn.slice(taskArn.lastIndexOf('/') + 1);

;// CONCATENATED MODULE: ./build/src/target/ecs/diagnosis.js

/**
 * How many tasks of a deployment may fail before it has. ECS's own circuit breaker counts from three, does not count
 * crashes after RUNNING at all, and may be off (facts/ecs.md 4b): so we count for ourselves.
 */
const CRASH_LOOP = 2;
/** Reasons that no second try mends. */
const HOPELESS = [
    {
        pattern: /CannotPullContainer.*(not found|does not exist|manifest unknown)/is,
        hint: 'The image is not in the registry: check image-tag, and that the build pushed it before this step.',
    },
    {
        pattern: /CannotPullContainer.*(denied|unauthorized|forbidden|no basic auth)/is,
        hint: 'The task’s execution role may not pull the image: allow ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer.',
    },
    {
        pattern: /CannotPullContainer.*(platform|no match for platform|no matching manifest)/is,
        hint: 'The image was built for another processor: build it for the task’s runtimePlatform (docker build --platform).',
    },
    {
        pattern: /ResourceInitializationError.*(secret|ssm|parameter)/is,
        hint: 'A secret of the task definition could not be read: check that it exists and that the execution role may read it.',
    },
    {
        pattern: /ResourceInitializationError.*log/is,
        hint: 'The log group does not exist: create it, or set awslogs-create-group.',
    },
];
const HINTS = [
    ...HOPELESS,
    {
        pattern: /OutOfMemory/i,
        hint: 'The container needs more memory than the task definition gives it.',
    },
    {
        pattern: /ELB health checks/i,
        hint: 'The container runs but does not answer the target group’s health check: compare its path, port and expected codes with the application, and allow for its start in healthCheckGracePeriodSeconds.',
    },
    { pattern: /Essential container/i, hint: 'The application ended by itself: its log says why.' },
];
/**
 * Whether the stopped tasks of a deployment condemn it, and why.
 * @param stopped tasks that belong to the deployment
 */
function condemn(stopped) {
    const failed = stopped.filter((task) => !isOrdinary(task));
    const hopeless = failed.find((task) => HOPELESS.some(({ pattern }) => pattern.test(reasonsOf(task))));
    if (hopeless === undefined && failed.length < CRASH_LOOP)
        return undefined;
    const task = hopeless ?? failed.at(-1);
    return {
        reason: failed.length === 1
            ? `a task stopped: ${headline(task)}`
            : `${failed.length} tasks stopped, the last: ${headline(task)}`,
        hint: HINTS.find(({ pattern }) => pattern.test(reasonsOf(task)))?.hint,
        details: evidence(failed),
    };
}
/** One line for each task, for the log and the summary; the newest five. */
const evidence = (stopped) => stopped.slice(-5).map((task) => `task ${taskId(task)}: ${headline(task)}`);
/** Stopped because somebody wanted fewer or others, or because AWS took the machine back: says nothing of the release. */
const isOrdinary = ({ stopCode, stoppedReason = '' }) => stopCode === 'SpotInterruption' ||
    stopCode === 'TerminationNotice' ||
    stopCode === 'InfrastructureHealth' ||
    stopCode === 'UserInitiated' ||
    (stopCode === 'ServiceSchedulerInitiated' && !/health check/i.test(stoppedReason));
const reasonsOf = ({ stoppedReason = '', containers = [] }) => [stoppedReason, ...containers.map(({ reason = '' }) => reason)].join('\n');
function headline({ stopCode, stoppedReason, containers = [] }) {
    const reason = stoppedReason ?? stopCode ?? 'no reason given';
    const exits = containers
        .map((container) => ({
        ...container,
        // ECS repeats a failed pull as the container's reason.
        reason: container.reason !== undefined && !reason.includes(container.reason) ? container.reason : undefined,
    }))
        .filter((container) => (container.exitCode ?? 0) !== 0 || container.reason !== undefined)
        .map((container) => `${container.name}${container.exitCode === undefined ? '' : ` exited with ${container.exitCode}`}${container.reason === undefined ? '' : ` (${container.reason})`}`);
    return [reason, ...exits].join('; ');
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/DescribeServicesCommand.js
var DescribeServicesCommand = __webpack_require__(6987);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/UpdateServiceCommand.js
var UpdateServiceCommand = __webpack_require__(7188);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/TagResourceCommand.js
var TagResourceCommand = __webpack_require__(2168);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/UntagResourceCommand.js
var UntagResourceCommand = __webpack_require__(1247);
;// CONCATENATED MODULE: ./build/src/target/ecs/services.js




/** How old a look may be that several steps share, in ms: about as long as ECS's own reads may lag behind it. */
const RECENT_MS = 2_000;
/** The two ECS services, one per color. */
class ServicePair {
    #aws;
    #settings;
    #last;
    constructor(aws, settings) {
        this.#aws = aws;
        this.#settings = settings;
    }
    /**
     * Whatever look there was, for what does not change while a service exists or only by its owner's hand: ARNs and
     * target groups.
     */
    async known() {
        return this.#last?.services ?? this.describe();
    }
    /** The last look, when it was a moment ago and we updated nothing since (tags aside); else a new one. */
    async recent() {
        if (this.#last === undefined || Date.now() - this.#last.at > RECENT_MS)
            return this.describe();
        return this.#last.services;
    }
    /** Both in one call, with their tags. @throws DeployError `cluster-not-found`, `service-not-found` */
    async describe() {
        const at = Date.now();
        const { cluster, services: names, region } = this.#settings;
        const answer = await read('ecs:DescribeServices', async () => {
            try {
                return await this.#aws.ecs.send(new DescribeServicesCommand/* DescribeServicesCommand */.H({ cluster, services: [names.blue, names.green], include: ['TAGS'] }));
            }
            catch (error) {
                if (errorName(error) !== 'ClusterNotFound')
                    throw error;
                throw new errors/* DeployError */.s(`There is no ECS cluster ${cluster} in ${region}.`, {
                    code: 'cluster-not-found',
                    hint: 'Check ecs.cluster and ecs.region, and that the credentials belong to the right account.',
                });
            }
        });
        const find = (color) => answer.services?.find(({ serviceName, serviceArn, status }) => (serviceName === names[color] || serviceArn === names[color]) && status !== 'INACTIVE');
        const missing = release_color/* COLORS */.lm.filter((color) => find(color) === undefined);
        if (missing.length > 0)
            throw new errors/* DeployError */.s(`There is no ECS service ${missing.map((color) => names[color]).join(', nor ')} in cluster ${cluster}.`, {
                code: 'service-not-found',
                hint: `Create it, or correct ${missing.map((color) => `ecs.services.${color}`).join(' and ')}.`,
            });
        const services = { blue: find('blue'), green: find('green') };
        this.#last = { services, at };
        return services;
    }
    /** One UpdateService call; returns the service as AWS answers it, with the new deployment's id. */
    async update(color, change) {
        const { cluster, services } = this.#settings;
        // ARNs and target groups stay true; nothing else of it does.
        if (this.#last !== undefined)
            this.#last = { ...this.#last, at: Number.NEGATIVE_INFINITY };
        const answer = await modify('ecs:UpdateService', () => this.#aws.ecs.send(new UpdateServiceCommand/* UpdateServiceCommand */.k({ cluster, service: services[color], ...change })));
        if (answer.service === undefined)
            throw new errors/* DeployError */.s('ECS answered UpdateService without a service.', { code: 'aws-refused' });
        return answer.service;
    }
    async tag(service, tags) {
        await modify('ecs:TagResource', () => this.#aws.ecs.send(new TagResourceCommand/* TagResourceCommand */.e({
            resourceArn: service.serviceArn,
            tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
        })));
    }
    async untag(service, tagKeys) {
        if (tagKeys.length === 0)
            return;
        await modify('ecs:UntagResource', () => this.#aws.ecs.send(new UntagResourceCommand/* UntagResourceCommand */.R({ resourceArn: service.serviceArn, tagKeys })));
    }
}
/** AWS documents no order of `deployments`: they are found by status or id, never by position. */
const primaryDeployment = (service) => service.deployments?.find(({ status }) => status === 'PRIMARY');
const deploymentById = (service, id) => service.deployments?.find((deployment) => deployment.id === id);

;// CONCATENATED MODULE: ./build/src/target/ecs/health.js






/** One look at the tasks that `anchor` started: proven are those which run and whose own target is healthy. */
async function look({ aws, tasks, service, anchor, targetGroup }) {
    // Once ECS has shown what was asked for, a change of the count is somebody's decision: autoscaling, a person.
    const wanted = anchor.seen ? (service.desiredCount ?? 0) : anchor.wanted;
    const deployment = deploymentById(service, anchor.deploymentId);
    if (!anchor.seen && (deployment === undefined || service.desiredCount !== wanted))
        return { ready: 0, wanted, detail: 'ECS does not show the deployment yet' };
    anchor.seen = true;
    const name = service.serviceName ?? '';
    const ours = ({ startedBy }) => startedBy === anchor.deploymentId;
    const stopped = (await tasks.stopped(name))
        .filter(ours)
        .sort((a, b) => (a.stoppedAt?.getTime() ?? 0) - (b.stoppedAt?.getTime() ?? 0));
    const failure = verdict(service, deployment, stopped) ?? condemn(stopped);
    if (failure !== undefined)
        return { ready: 0, wanted, detail: failure.reason, failure };
    const running = await tasks.running(name);
    // Most of the wait goes by before a task runs, when no target can be healthy: ELBv2's budget is spared (4g).
    const started = running.some((task) => ours(task) && task.lastStatus === 'RUNNING');
    const targets = started ? await targetHealth(aws, targetGroup) : [];
    const states = running.filter(ours).map((task) => stateOf(task, service, targets));
    const ready = states.filter((state) => state === 'healthy').length;
    const others = running.filter((task) => !ours(task) && task.lastStatus === 'RUNNING').length;
    const rolling = deployment?.rolloutState === 'IN_PROGRESS';
    const detail = [
        `${ready} of ${wanted} healthy`,
        ...summarize(states.filter((state) => state !== 'healthy')),
        // The former release's tasks are in the same target group: users would get both.
        ...(others > 0 ? [`${others} of another release still run`] : []),
        ...(rolling && others === 0 && ready >= wanted ? ['ECS is finishing its deployment'] : []),
        ...(stopped.length > 0 ? [evidence(stopped).at(-1)] : []),
        ...placementTrouble(service, deployment),
    ].join('; ');
    // While ECS still rolls, its circuit breaker may yet replace the tasks, with users on them.
    return { ready: others > 0 || rolling ? Math.min(ready, Math.max(wanted - 1, 0)) : ready, wanted, detail };
}
/** What ECS itself says of the deployment, once that is final. */
function verdict(service, deployment, stopped) {
    const details = [
        ...evidence(stopped),
        ...(service.events ?? []).slice(0, 5).map(({ message = '' }) => `event: ${message}`),
    ];
    const primary = primaryDeployment(service);
    const replacedBy = `${releaseId(primary?.taskDefinition ?? '')} (deployment ${primary?.id ?? 'unknown'})`;
    if (deployment?.rolloutState === 'FAILED')
        return {
            reason: `ECS gave the deployment up: ${deployment.rolloutStateReason ?? 'no reason given'}`,
            hint: condemn(stopped)?.hint,
            details,
        };
    if (deployment === undefined || deployment.status !== 'PRIMARY') {
        const rolledBack = /roll(ed|ing) back/i.test(primary?.rolloutStateReason ?? '') || stopped.length > 0;
        return {
            reason: rolledBack
                ? `ECS's circuit breaker rolled the deployment back to ${replacedBy}`
                : `another deployment took the place of ours: ${replacedBy}`,
            hint: condemn(stopped)?.hint ?? 'Look for another pipeline, or a person, that deploys to this service too.',
            details,
        };
    }
    if ((service.desiredCount ?? 0) === 0)
        return {
            reason: 'the service was scaled to zero',
            hint: 'Look for an autoscaling policy, a schedule or a person that set the desired count.',
            details,
        };
    return undefined;
}
async function targetHealth(aws, targetGroup) {
    const answer = await read('elasticloadbalancing:DescribeTargetHealth', () => aws.elb.send(new DescribeTargetHealthCommand/* DescribeTargetHealthCommand */.q({ TargetGroupArn: targetGroup })));
    return answer.TargetHealthDescriptions ?? [];
}
/** `healthy`, or where the task stands on its way there. */
function stateOf(task, service, targets) {
    if (task.lastStatus !== 'RUNNING')
        return (task.lastStatus ?? 'unknown').toLowerCase();
    const address = addressOf(task);
    const ports = new Set(service.loadBalancers?.map(({ containerPort }) => containerPort));
    const target = targets.find(({ Target }) => Target?.Id === address && (ports.size === 0 || ports.has(Target?.Port)));
    if (target === undefined)
        return `running, not yet a target (${taskId(task)})`;
    const { State = 'unknown', Reason, Description } = target.TargetHealth ?? {};
    if (State !== 'healthy')
        return `${State}${Reason === undefined ? '' : ` (${Reason}${Description ? `: ${Description}` : ''})`}`;
    // A container health check of the task definition counts too.
    return task.healthStatus === 'UNHEALTHY' ? 'container health check fails' : 'healthy';
}
/** `2 pending`, `1 initial (Elb.InitialHealthChecking)` */
function summarize(states) {
    const counts = new Map();
    for (const state of states)
        counts.set(state, (counts.get(state) ?? 0) + 1);
    return [...counts].map(([state, count]) => `${count} ${state}`);
}
/** The newest event that says why no task starts, of the time of this deployment. */
function placementTrouble(service, deployment) {
    const since = deployment?.createdAt?.getTime() ?? Number.POSITIVE_INFINITY;
    const event = service.events
        ?.filter(({ createdAt, message = '' }) => (createdAt?.getTime() ?? 0) >= since && /unable to/i.test(message))
        .sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))[0];
    return event?.message === undefined ? [] : [event.message];
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeTargetGroupsCommand.js
var DescribeTargetGroupsCommand = __webpack_require__(8358);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/RegisterTaskDefinitionCommand.js
var RegisterTaskDefinitionCommand = __webpack_require__(6412);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/ListTaskDefinitionsCommand.js
var ListTaskDefinitionsCommand = __webpack_require__(155);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/DescribeTaskDefinitionCommand.js
var DescribeTaskDefinitionCommand = __webpack_require__(2511);
;// CONCATENATED MODULE: ./build/src/target/ecs/raw-json.js
/**
 * The SDK silently drops every member that it does not know, in requests and in answers (facts/ecs.md 4a, measured):
 * a task definition that passed through it would lose whatever AWS added since this action was built. So what comes
 * and goes is taken from, and put on, the wire itself, by middleware of the single command.
 */
/** Keeps the answer's JSON; the function returned gives it after the command was sent. */
function captureAnswer(command) {
    const text = captureText(command);
    return () => JSON.parse(text() || '{}');
}
/** Keeps the answer as it came; the function returned gives it after the command was sent. */
function captureText(command) {
    let answer = '';
    const capture = (next) => async (args) => {
        const result = await next(args);
        const response = result.response;
        const body = await bytes(response.body);
        if (response.statusCode === 200)
            answer = new TextDecoder().decode(body);
        // The SDK's parser comes after us, and reads a buffer as well as a stream.
        response.body = body;
        return result;
    };
    command.middlewareStack.add(capture, {
        step: 'deserialize',
        priority: 'low',
        name: 'captureText',
    });
    return () => answer;
}
/** Sends this JSON in place of what the SDK made of its own input. */
const sendInstead = (command, body) => amendBody(command, () => JSON.stringify(body));
/** Changes the body that the SDK made of its input. Happens before the request is signed. */
function amendBody(command, amend) {
    const replace = (next) => (args) => {
        const request = args.request;
        request.body = amend(request.body);
        return next(args);
    };
    command.middlewareStack.add(replace, {
        step: 'serialize',
        priority: 'low',
        name: 'amendBody',
    });
}
async function bytes(body) {
    if (body instanceof Uint8Array)
        return body;
    const chunks = [];
    for await (const chunk of body)
        chunks.push(chunk);
    return Buffer.concat(chunks);
}

;// CONCATENATED MODULE: ./build/src/target/ecs/task-definitions.js




/** How many revisions back a release is looked for. */
const SEARCH_DEPTH = 50;
/** What Describe returns and Register refuses (facts/ecs.md 4a). */
const READ_ONLY = new Set([
    'taskDefinitionArn',
    'revision',
    'status',
    'requiresAttributes',
    'compatibilities',
    'registeredAt',
    'deregisteredAt',
    'deleteRequestedAt',
    'registeredBy',
]);
class TaskDefinitions {
    #aws;
    /** Revisions never change: one read each. */
    #known = new Map();
    constructor(aws) {
        this.#aws = aws;
    }
    /** @param name an ARN or `family:revision`; a bare family would mean its newest revision, and is not cached. */
    get(name) {
        const known = this.#known.get(name);
        if (known !== undefined)
            return known;
        const reading = this.#describe(name);
        this.#known.set(name, reading);
        reading.catch(() => this.#known.delete(name));
        return reading;
    }
    /** The family's newest active revision, which need not be the one that a service runs. */
    newest(family) {
        return this.#describe(family);
    }
    /**
     * A revision with this content: the given candidates or the family's newest are reused when they hold the same,
     * since Register has a budget of one call a second for the whole account.
     */
    async register(base, content, candidates) {
        const wanted = fingerprint({ content, tags: base.tags });
        const known = [...candidates, await this.newest(base.family)];
        const same = known.find((candidate) => fingerprint(candidate) === wanted);
        if (same !== undefined)
            return same;
        const command = new RegisterTaskDefinitionCommand/* RegisterTaskDefinitionCommand */.$({ family: base.family, containerDefinitions: [] });
        // An empty list of tags is refused by some API versions; no list is right for all.
        sendInstead(command, base.tags.length === 0 ? content : { ...content, tags: base.tags });
        const raw = captureAnswer(command);
        const answer = await modify('ecs:RegisterTaskDefinition', () => this.#aws.ecs.send(command));
        if (answer.taskDefinition?.taskDefinitionArn === undefined)
            throw new errors/* DeployError */.s('ECS answered RegisterTaskDefinition without an ARN.', { code: 'aws-refused' });
        const registered = asTaskDefinition(raw());
        this.#known.set(registered.arn, Promise.resolve(registered));
        return registered;
    }
    /** The newest revision that `matches`; looks at the last 50. */
    async find(family, matches) {
        const { taskDefinitionArns = [] } = await read('ecs:ListTaskDefinitions', () => this.#aws.ecs.send(new ListTaskDefinitionsCommand/* ListTaskDefinitionsCommand */.P({ familyPrefix: family, sort: 'DESC', maxResults: SEARCH_DEPTH })));
        for (const arn of taskDefinitionArns) {
            const definition = await this.get(arn);
            // familyPrefix is a prefix: `shop` lists the revisions of `shop-jobs` too.
            if (definition.family === family && matches(definition))
                return definition;
        }
        return undefined;
    }
    async #describe(name) {
        const command = new DescribeTaskDefinitionCommand/* DescribeTaskDefinitionCommand */.Z({ taskDefinition: name, include: ['TAGS'] });
        const raw = captureAnswer(command);
        await read('ecs:DescribeTaskDefinition', () => this.#aws.ecs.send(command));
        return asTaskDefinition(raw());
    }
}
/** Of the raw answer to Describe and to Register, which have the same form. */
function asTaskDefinition(raw) {
    const answer = raw;
    const all = answer.taskDefinition ?? {};
    return {
        arn: String(all['taskDefinitionArn']),
        family: String(all['family']),
        content: Object.fromEntries(Object.entries(all).filter(([key]) => !READ_ONLY.has(key))),
        // `aws:` tags are AWS's own: they can be neither set nor taken along.
        tags: (answer.tags ?? [])
            .filter(({ key }) => !key.startsWith('aws:'))
            .map(({ key, value }) => ({ key, value: value ?? '' })),
    };
}
const containersOf = (definition) => (definition.content['containerDefinitions'] ?? []);
/** The content with other images in the named containers, and nothing else changed. */
const withImages = (definition, images) => ({
    ...definition.content,
    containerDefinitions: containersOf(definition).map((container) => {
        const image = images.get(container.name ?? '');
        return image === undefined ? container : { ...container, image };
    }),
});
/** The same for the same content, whatever the order of its keys and tags. */
function fingerprint({ content, tags }) {
    const sorted = [...tags].sort((a, b) => (a.key < b.key ? -1 : 1));
    return JSON.stringify([content, sorted], (_, value) => value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value);
}

;// CONCATENATED MODULE: ./build/src/target/ecs/preflight.js




/** What would make a deployment fail, or hurt users, as far as it can be seen beforehand. */
async function findProblems({ aws, settings, services, groups, definition, container, imageTag, loadBalancer, }) {
    return [
        ...release_color/* COLORS */.lm.flatMap((color) => controllerProblems(services[color])),
        ...containerProblems(settings, definition, container),
        ...digestProblems(settings, imageTag),
        ...networkProblems(definition),
        ...release_color/* COLORS */.lm.flatMap((color) => registrationProblems(services[color], groups[color])),
        ...(await groupProblems(aws, groups, loadBalancer)),
    ];
}
function controllerProblems(service) {
    const controller = service.deploymentController?.type ?? 'ECS';
    const strategy = service.deploymentConfiguration?.strategy ?? 'ROLLING';
    if (controller !== 'ECS')
        return [
            problem(`Service ${service.serviceName} has the deployment controller ${controller}.`, 'Recreate it with the controller ECS: two plain services take the place of what that controller does.'),
        ];
    if (strategy !== 'ROLLING')
        return [
            problem(`Service ${service.serviceName} has the deployment strategy ${strategy}, which moves traffic by itself.`, 'Set deploymentConfiguration.strategy to ROLLING on both services.'),
        ];
    return [];
}
function containerProblems(settings, definition, container) {
    const names = containersOf(definition).map(({ name }) => name ?? '');
    return [container, ...Object.keys(settings.images)]
        .filter((name) => !names.includes(name))
        .map((name) => problem(`Task definition ${definition.arn} has no container ${name}.`, `Its containers are ${names.join(', ')}: correct ecs.container or ecs.images.`));
}
/** A digest is of one repository: the others have no such image. */
function digestProblems({ images }, imageTag) {
    if (!imageTag.startsWith('sha256:') || Object.keys(images).length === 0)
        return [];
    return [
        problem(`ecs.images can't take the digest ${imageTag}, which is of one repository only.`, 'Deploy by a tag that all of the repositories have.'),
    ];
}
function networkProblems(definition) {
    const mode = definition.content['networkMode'];
    if (mode === 'awsvpc')
        return [];
    return [
        problem(`Task definition ${definition.arn} has the network mode ${String(mode ?? 'bridge')}.`, 'Only awsvpc (Fargate, or EC2 with own addresses) is supported: each task is proven by its own address.'),
    ];
}
function registrationProblems(service, group) {
    const own = (service.loadBalancers ?? []).map(({ targetGroupArn }) => targetGroupArn ?? '');
    if (own.includes(group))
        return [];
    return [
        problem(`Service ${service.serviceName} does not register its tasks in ${group}.`, own.length === 0
            ? 'Give the service that target group (UpdateService loadBalancers).'
            : `It registers them in ${own.join(', ')}: correct ecs.target-groups, or leave it out.`),
    ];
}
async function groupProblems(aws, groups, loadBalancer) {
    const described = await read('elasticloadbalancing:DescribeTargetGroups', async () => {
        try {
            const answer = await aws.elb.send(new DescribeTargetGroupsCommand/* DescribeTargetGroupsCommand */.s({ TargetGroupArns: [groups.blue, groups.green] }));
            return answer.TargetGroups ?? [];
        }
        catch (error) {
            if (errorName(error) === 'TargetGroupNotFound')
                return undefined;
            throw error;
        }
    });
    if (described === undefined)
        return [
            problem(`Target group ${groups.blue} or ${groups.green} does not exist.`, 'Correct ecs.target-groups, or leave it out to have them read from the services.'),
        ];
    const pair = Object.fromEntries(release_color/* COLORS */.lm.map((color) => [color, described.find(({ TargetGroupArn }) => TargetGroupArn === groups[color])]));
    return [
        ...described.flatMap((group) => foreignProblems(group, loadBalancer)),
        ...described
            .filter(({ TargetType }) => TargetType !== 'ip')
            .map(({ TargetGroupName, TargetType }) => problem(`Target group ${TargetGroupName} has the target type ${TargetType}.`, 'Tasks of network mode awsvpc need target groups of type ip.')),
        ...differences(pair),
    ];
}
/** A target group can belong to one load balancer only. */
function foreignProblems({ TargetGroupName, LoadBalancerArns = [] }, own) {
    const foreign = LoadBalancerArns.filter((arn) => !arn.endsWith(`loadbalancer/${own}`));
    if (foreign.length === 0)
        return [];
    return [
        problem(`Target group ${TargetGroupName} belongs to another load balancer, ${foreign.join(', ')}.`, 'Each color needs a target group of its own behind the load balancer of ecs.listeners.'),
    ];
}
/** Two groups that judge health differently make one color's health say nothing of the other's. */
function differences({ blue, green }) {
    if (blue === undefined || green === undefined)
        return [];
    const keys = ['Protocol', 'ProtocolVersion', 'VpcId'];
    return keys
        .filter((key) => blue[key] !== green[key])
        .map((key) => problem(`The target groups differ in ${key}: blue ${blue[key]}, green ${green[key]}.`, 'Make them alike: users must not notice which color serves them.'));
}
const problem = (message, fix) => ({ message, fix, forceable: false });

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/CreateRuleCommand.js
var CreateRuleCommand = __webpack_require__(8232);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/ModifyRuleCommand.js
var ModifyRuleCommand = __webpack_require__(4074);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/AddTagsCommand.js
var AddTagsCommand = __webpack_require__(23);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DeleteRuleCommand.js
var DeleteRuleCommand = __webpack_require__(5701);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/pagination/DescribeRulesPaginator.js
var DescribeRulesPaginator = __webpack_require__(1526);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeTagsCommand.js
var DescribeTagsCommand = __webpack_require__(7374);
;// CONCATENATED MODULE: ./build/src/target/ecs/tags.js
/**
 * What outlives a run is written as tags on the services and on the preview rule. One prefix for all of them; the
 * values are kept to the characters and the length that both ECS and ELBv2 take.
 */
const TAG_PREFIX = 'blue-green:';
const JOURNAL_PREFIX = `${TAG_PREFIX}journal:`;
const VALUE_LIMIT = 256;
/** Free text as a tag value: what AWS refuses becomes a space, what is too long is cut. */
const tagValue = (text) => text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, ' ').slice(0, VALUE_LIMIT);
const journalTag = (key) => `${JOURNAL_PREFIX}${key}`;
/** The journal among a service's tags; nothing when there is none. */
function journalOf(tags) {
    const entries = [...tags].filter(([key]) => key.startsWith(JOURNAL_PREFIX));
    if (entries.length === 0)
        return undefined;
    return Object.fromEntries(entries.map(([key, value]) => [key.slice(JOURNAL_PREFIX.length), value]));
}
/** ECS spells them `key` and `value`, ELBv2 `Key` and `Value`. */
function tagMap(tags = []) {
    return new Map(tags.map((tag) => [tag.key ?? tag.Key ?? '', tag.value ?? tag.Value ?? '']));
}

;// CONCATENATED MODULE: ./build/src/target/ecs/preview-rule.js





const PREVIEW_HEADER = 'x-blue-green-preview';
const tag = (name) => `${TAG_PREFIX}${name}`;
/**
 * The preview rule, which is the lock: `CreateRule` at a fixed priority is atomic (PriorityInUse), its header value is
 * a nonce that only this run knows, its tags tell who holds it, and `DeleteRule` by ARN can only hit this very rule.
 */
class PreviewRule {
    #aws;
    #options;
    /** One for the process: a rule whose CreateRule was answered too late is known for ours by it. */
    #nonce = (0,external_node_crypto_.randomBytes)(16).toString('hex');
    /** When this process last opened or redirected the way in, ms since the epoch. */
    #since = 0;
    constructor(aws, options) {
        this.#aws = aws;
        this.#options = options;
    }
    async read() {
        const rule = await this.#find();
        if (rule?.RuleArn === undefined)
            return undefined;
        const tags = await this.#tags(rule.RuleArn);
        if (tags === undefined)
            return undefined; // deleted between the two calls
        this.#refuseForeign(rule, tags);
        const text = (name) => tags.get(tag(name)) ?? '';
        return {
            owner: {
                id: text('owner'),
                runUrl: text('run-url'),
                actor: text('actor'),
                reason: text('reason'),
                operation: text('operation'),
            },
            expires: Date.parse(text('expires')) || 0,
            handle: rule.RuleArn,
        };
    }
    async acquire(owner, ttlMs) {
        const { app, environment, listenerArn, priority } = this.#options;
        const tags = {
            app,
            environment,
            owner: owner.id,
            'run-url': owner.runUrl,
            actor: owner.actor,
            reason: owner.reason,
            operation: owner.operation,
            expires: expiry(ttlMs),
        };
        const group = await this.#options.idleGroup();
        const arn = await modify('elasticloadbalancing:CreateRule', async () => {
            try {
                const { Rules } = await this.#aws.elb.send(new CreateRuleCommand/* CreateRuleCommand */.O({
                    ListenerArn: listenerArn,
                    Priority: priority,
                    Conditions: [
                        {
                            Field: 'http-header',
                            HttpHeaderConfig: { HttpHeaderName: PREVIEW_HEADER, Values: [this.#nonce] },
                        },
                    ],
                    Actions: [{ Type: 'forward', TargetGroupArn: group }],
                    Tags: Object.entries(tags).map(([key, value]) => ({ Key: tag(key), Value: tagValue(value) })),
                }));
                return Rules?.[0]?.RuleArn;
            }
            catch (error) {
                if (errorName(error) !== 'PriorityInUse')
                    throw error;
                // Ours all the same when AWS did create it and the answer was lost: the SDK's second try then gets this error.
                const taken = await this.#find();
                return taken !== undefined && nonceOf(taken) === this.#nonce ? taken.RuleArn : undefined;
            }
        });
        if (arn === undefined)
            return undefined;
        this.#since = Date.now();
        return this.#lease(arn, ttlMs);
    }
    async resume(handle, ttlMs) {
        const lease = this.#lease(handle, ttlMs);
        try {
            await lease.renew();
        }
        catch (error) {
            if (error instanceof errors/* DeployError */.s && error.code === 'lock-lost')
                return undefined;
            throw error;
        }
        return lease;
    }
    async break({ handle }) {
        await this.#delete(handle);
    }
    /** The header that leads to `group`, and since when it does; redirects the rule when it leads elsewhere. */
    async way(group) {
        const rule = await this.#find();
        const nonce = rule === undefined ? undefined : nonceOf(rule);
        if (rule?.RuleArn === undefined || nonce === undefined)
            return undefined;
        const leads = rule.Actions?.[0]?.ForwardConfig?.TargetGroups?.[0]?.TargetGroupArn ??
            rule.Actions?.[0]?.TargetGroupArn;
        if (leads !== group) {
            await modify('elasticloadbalancing:ModifyRule', () => this.#aws.elb.send(new ModifyRuleCommand/* ModifyRuleCommand */.y({
                RuleArn: rule.RuleArn,
                Actions: [{ Type: 'forward', TargetGroupArn: group }],
            })));
            this.#since = Date.now();
        }
        return { headers: { [PREVIEW_HEADER]: nonce }, since: this.#since };
    }
    #lease(arn, ttlMs) {
        // Without an answer there is no news about the lock, so this counts as a read.
        const set = (expires) => read('elasticloadbalancing:AddTags', async () => {
            try {
                await this.#aws.elb.send(new AddTagsCommand/* AddTagsCommand */.y({ ResourceArns: [arn], Tags: [{ Key: tag('expires'), Value: expires }] }));
            }
            catch (error) {
                if (errorName(error) !== 'RuleNotFound')
                    throw error;
                throw new errors/* DeployError */.s('This run has lost its lock: another one took over, and goes on from here.', {
                    code: 'lock-lost',
                    hint: 'Look at the run that holds the lock now. If runners lose their connection for minutes, raise lock.ttl.',
                });
            }
        });
        return {
            handle: arn,
            renew: () => set(expiry(ttlMs)),
            release: ({ keepPreview }) => (keepPreview ? set(expiry(0)) : this.#delete(arn)),
        };
    }
    async #delete(arn) {
        await modify('elasticloadbalancing:DeleteRule', async () => {
            try {
                await this.#aws.elb.send(new DeleteRuleCommand/* DeleteRuleCommand */.p({ RuleArn: arn }));
            }
            catch (error) {
                if (errorName(error) !== 'RuleNotFound')
                    throw error;
            }
        });
    }
    /** Whatever rule stands at our priority. */
    async #find() {
        const { listenerArn, priority } = this.#options;
        return read('elasticloadbalancing:DescribeRules', async () => {
            const pages = (0,DescribeRulesPaginator/* paginateDescribeRules */.u)({ client: this.#aws.elb }, { ListenerArn: listenerArn });
            for await (const { Rules = [] } of pages) {
                const rule = Rules.find(({ Priority }) => Priority === String(priority));
                if (rule !== undefined)
                    return rule;
            }
            return undefined;
        });
    }
    async #tags(arn) {
        return read('elasticloadbalancing:DescribeTags', async () => {
            try {
                const answer = await this.#aws.elb.send(new DescribeTagsCommand/* DescribeTagsCommand */.y({ ResourceArns: [arn] }));
                return tagMap(answer.TagDescriptions?.[0]?.Tags);
            }
            catch (error) {
                if (errorName(error) === 'RuleNotFound')
                    return undefined;
                throw error;
            }
        });
    }
    #refuseForeign(rule, tags) {
        const { app, environment, listenerArn, priority } = this.#options;
        const owner = { app: tags.get(tag('app')), environment: tags.get(tag('environment')) };
        if (owner.app === tagValue(app) && owner.environment === tagValue(environment))
            return;
        throw new errors/* DeployError */.s(owner.app === undefined
            ? `Priority ${priority} of ${listenerArn} belongs to a rule of your own (${rule.RuleArn}).`
            : `Priority ${priority} of ${listenerArn} is used by ${owner.app} ${owner.environment ?? ''}.`, {
            code: 'preview-priority-taken',
            hint: 'Set ecs.preview-priority to a priority that no other rule of this listener uses, smaller than theirs.',
        });
    }
}
const expiry = (ttlMs) => new Date(Date.now() + ttlMs).toISOString();
const nonceOf = (rule) => rule.Conditions?.find(({ HttpHeaderConfig }) => HttpHeaderConfig?.HttpHeaderName?.toLowerCase() === PREVIEW_HEADER)?.HttpHeaderConfig?.Values?.[0];

;// CONCATENATED MODULE: ./build/src/target/ecs/standings.js



/** The release that the color had when users last had it: lapses by itself once the service runs another. */
const WAS_LIVE = `${TAG_PREFIX}was-live`;
/** The releases that users were taken away from, the newest last: a tag value holds 256 characters. */
const ROLLED_BACK = `${TAG_PREFIX}rolled-back`;
const REMEMBERED = 8;
/** What is known of a release's past, from the tags of both services. */
function standingOf(services, color, release) {
    if (release_color/* COLORS */.lm.some((one) => rolledBack(services[one]).includes(release)))
        return 'rolled-back';
    return tagMap(services[color].tags).get(WAS_LIVE) === release ? 'was-live' : 'unknown';
}
/** Records what became of the release that the color's service holds. */
async function markRelease(pair, color, standing) {
    const services = await pair.describe();
    const release = releaseId(services[color].taskDefinition ?? '');
    if (standing === 'rolled-back') {
        const others = rolledBack(services[color]).filter((one) => one !== release);
        await pair.tag(services[color], { [ROLLED_BACK]: [...others, release].slice(-REMEMBERED).join(' ') });
        return;
    }
    await pair.tag(services[color], { [WAS_LIVE]: release });
    // Users have it again, and are content: it is forgiven.
    for (const service of release_color/* COLORS */.lm.map((one) => services[one])) {
        const known = rolledBack(service);
        if (known.includes(release))
            await pair.tag(service, { [ROLLED_BACK]: known.filter((one) => one !== release).join(' ') });
    }
}
const rolledBack = (service) => (tagMap(service.tags).get(ROLLED_BACK) ?? '').split(' ').filter((one) => one !== '');

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeTargetGroupAttributesCommand.js
var DescribeTargetGroupAttributesCommand = __webpack_require__(2672);
;// CONCATENATED MODULE: ./build/src/target/ecs/stickiness.js




/** The least that AWS takes: as good as none. */
const SHORTEST_SECONDS = 1;
const PREFIX = `${TAG_PREFIX}stickiness:`;
/** `...:listener/app/<lb>/<id>/<listener id>` and `...:listener-rule/.../<rule id>`: the ids tell rules apart. */
const keyOf = ({ arn }) => `${PREFIX}${arn.split('/').slice(3).join('/')}`;
/**
 * Stickiness of target groups (the cookie AWSALBTG) holds a client to the group that it got first. AWS does not say
 * whether weight 0 ends that, nor whether each answer renews the cookie; a color whose users may still come must not be
 * stopped, and a release that is taken back must be taken from everybody. So while traffic is on one color only, rules
 * hold nobody: stickiness is off, or as short as AWS lets it be where a target group has stickiness of its own, which
 * makes it mandatory. It is put back once every cookie from before has run out (the drain waits for that). With both
 * colors in the traffic it is as the user wrote it: nobody is to go to and fro between releases.
 *
 * What it was is kept in tags of the blue service until it is put back.
 */
class Stickiness {
    #aws;
    #services;
    #traffic;
    constructor(aws, services, traffic) {
        this.#aws = aws;
        this.#services = services;
        this.#traffic = traffic;
    }
    /** How rules must hold clients with these weights. Writes down what it was, before it is changed. */
    async forShift(services, groups, weights) {
        const recorded = recordOf(services);
        const isSplit = release_color/* COLORS */.lm.every((color) => weights[color] > 0);
        if (isSplit)
            return former(recorded);
        const held = [...(await this.#traffic.held())].filter(([, seconds]) => seconds > SHORTEST_SECONDS);
        if (held.length === 0)
            return (_, seconds) => seconds;
        const least = (await this.mandatory(groups)) ? SHORTEST_SECONDS : 0;
        await this.#services.tag(services.blue, Object.fromEntries(held.map(([rule, seconds]) => [keyOf(rule), String(seconds)])));
        return (_, seconds) => (seconds > SHORTEST_SECONDS ? least : seconds);
    }
    /** How rules hold clients that get a second target group: AWS insists on it where a group holds clients itself. */
    async forSecondGroup(groups) {
        const least = (await this.mandatory(groups)) ? SHORTEST_SECONDS : 0;
        return (_, seconds) => Math.max(seconds, least);
    }
    /** Gives rules back what they had. Only once no cookie can lead to a color that is about to be stopped. */
    async putBack(services, groups) {
        const recorded = recordOf(services);
        if (recorded.size === 0)
            return;
        await this.#traffic.hold(groups, former(recorded));
        await this.#services.untag(services.blue, [...recorded.keys()]);
    }
    /** How long cookies may lead to the color that lost the traffic, in seconds. */
    async seconds(services) {
        return Math.max(0, ...recordOf(services).values(), ...(await this.#traffic.held()).values());
    }
    /** Whether one of the target groups holds clients itself, to a task. */
    async mandatory(groups) {
        for (const color of release_color/* COLORS */.lm) {
            const { Attributes = [] } = await read('elasticloadbalancing:DescribeTargetGroupAttributes', () => this.#aws.elb.send(new DescribeTargetGroupAttributesCommand/* DescribeTargetGroupAttributesCommand */.c({ TargetGroupArn: groups[color] })));
            if (Attributes.some(({ Key, Value }) => Key === 'stickiness.enabled' && Value === 'true'))
                return true;
        }
        return false;
    }
}
/** As the user wrote it: what is on record, but where the rule holds longer than we ever leave it, which is the user's. */
const former = (recorded) => (rule, seconds) => seconds > SHORTEST_SECONDS ? seconds : (recorded.get(keyOf(rule)) ?? seconds);
/** What is written down, by the tag's key. */
const recordOf = (services) => new Map([...tagMap(services.blue.tags)]
    .filter(([key, value]) => key.startsWith(PREFIX) && /^\d+$/.test(value))
    .map(([key, value]) => [key, Number(value)]));

;// CONCATENATED MODULE: ./build/src/target/ecs/forward.js

/** What a list of actions says of the two colors' target groups, and the same list with that changed. Pure. */
const isForward = ({ Type }) => Type === 'forward';
/** A forward to a single group is answered as TargetGroupArn, with or without a ForwardConfig beside it. */
const groupsOf = ({ ForwardConfig, TargetGroupArn }) => ForwardConfig?.TargetGroups?.length ? ForwardConfig.TargetGroups : [{ TargetGroupArn, Weight: 1 }];
const weightOf = (forward, group) => {
    const own = groupsOf(forward).find(({ TargetGroupArn }) => TargetGroupArn === group);
    return own === undefined ? undefined : (own.Weight ?? 1);
};
/** Whether both groups are named, so that the idle one is attached, hence health-checked. */
const namesBoth = (forward, groups) => release_color/* COLORS */.lm.every((color) => weightOf(forward, groups[color]) !== undefined);
/** Groups of neither color that get traffic. */
const foreignGroups = (forward, groups) => groupsOf(forward)
    .filter(({ TargetGroupArn, Weight }) => TargetGroupArn !== groups.blue && TargetGroupArn !== groups.green && Weight !== 0)
    .map(({ TargetGroupArn = '' }) => TargetGroupArn);
/** Each color's share of the traffic, in percent. */
function percentages(forward, groups) {
    const total = groupsOf(forward).reduce((sum, { Weight }) => sum + (Weight ?? 1), 0);
    const share = (color) => total === 0 ? 0 : Math.round((100 * (weightOf(forward, groups[color]) ?? 0)) / total);
    return { blue: share('blue'), green: share('green') };
}
/** How long a client stays with the group that it got first, in seconds; 0 when it is not held at all. */
function heldSeconds({ ForwardConfig }) {
    const { Enabled = false, DurationSeconds = 0 } = ForwardConfig?.TargetGroupStickinessConfig ?? {};
    return Enabled ? DurationSeconds : 0;
}
/** Whether the forward does what is wanted already: then nothing is sent. */
const does = (forward, wanted, groups) => {
    const [is, should] = [percentages(forward, groups), percentages(wanted, groups)];
    return (namesBoth(forward, groups) &&
        release_color/* COLORS */.lm.every((color) => is[color] === should[color]) &&
        heldSeconds(forward) === heldSeconds(wanted));
};
/** The forward with other weights for the two groups. Groups of the user's own, which have no traffic, stay. */
function withWeights(forward, groups, weights) {
    const former = groupsOf(forward);
    const added = release_color/* COLORS */.lm.map((color) => groups[color])
        .filter((group) => !former.some(({ TargetGroupArn }) => TargetGroupArn === group))
        .map((TargetGroupArn) => ({ TargetGroupArn }));
    const all = [...former, ...added].map((tuple) => {
        const color = release_color/* COLORS */.lm.find((one) => groups[one] === tuple.TargetGroupArn);
        return color === undefined ? tuple : { ...tuple, Weight: weights[color] };
    });
    // Describe returns both forms for a single target; Modify takes one: the one that can weigh.
    const { TargetGroupArn: _, ...rest } = forward;
    return { ...rest, ForwardConfig: { ...forward.ForwardConfig, TargetGroups: all } };
}
/** The forward with clients held to their group for so many seconds; 0: not at all. */
function withHold(forward, seconds) {
    if (seconds === heldSeconds(forward))
        return forward;
    const former = forward.ForwardConfig?.TargetGroupStickinessConfig;
    const config = seconds === 0 ? { ...former, Enabled: false } : { ...former, Enabled: true, DurationSeconds: seconds };
    return { ...forward, ForwardConfig: { ...forward.ForwardConfig, TargetGroupStickinessConfig: config } };
}
/**
 * The whole list, which Modify* replaces, with another forward in it. An OIDC secret is never returned, so the stored
 * one is asked to be kept (`UseExistingClientSecret`).
 */
const withForward = (actions, former, forward) => actions.map((action) => {
    if (action === former)
        return forward;
    if (action.Type !== 'authenticate-oidc' || action.AuthenticateOidcConfig === undefined)
        return action;
    const { ClientSecret: _, ...config } = action.AuthenticateOidcConfig;
    return { ...action, AuthenticateOidcConfig: { ...config, UseExistingClientSecret: true } };
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeRulesCommand.js
var DescribeRulesCommand = __webpack_require__(5025);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/ModifyListenerCommand.js
var ModifyListenerCommand = __webpack_require__(6888);
;// CONCATENATED MODULE: ./build/src/target/ecs/raw-xml.js
/**
 * ELBv2 speaks XML and form-encoded requests, and the SDK drops what it does not know of both (facts/ecs.md 4a). Since
 * Modify* replaces whole lists of actions, a member that AWS added after this action was built would be gone after the
 * first shift. Both forms name things alike (`DefaultActions.member.1.Type`), so what the answer had and the SDK's
 * request has not can be put back into the request.
 */
const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)[^>]*?(\/?)>|([^<]+)/g;
/** Reads the XML that AWS writes: elements and text; attributes say nothing here. */
function parseXml(xml) {
    const root = { name: '', children: [], text: '' };
    const open = [root];
    for (const [, closes, name, isEmpty, text] of xml.matchAll(TOKEN)) {
        const top = open.at(-1);
        if (text !== undefined)
            top.text += plain(text);
        else if (closes) {
            if (open.length > 1)
                open.pop();
        }
        else if (name !== undefined) {
            const node = { name, children: [], text: '' };
            top.children.push(node);
            if (!isEmpty)
                open.push(node);
        }
    }
    return root;
}
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text) => text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) => hex || decimal
    ? String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10))
    : (NAMED[name] ?? all));
const child = (node, name) => node?.children.find((one) => one.name === name);
/** Each text by its path as a request spells it; elements of lists and maps are numbered. Empty elements say nothing. */
function pathsOf(node, prefix = '') {
    const paths = new Map();
    let number = 0;
    for (const one of node.children) {
        const listed = one.name === 'member' || one.name === 'entry';
        if (listed)
            number += 1;
        const path = `${prefix}${one.name}${listed ? `.${number}` : ''}`;
        if (one.children.length === 0) {
            if (one.text !== '')
                paths.set(path, one.text);
        }
        else
            for (const [inner, text] of pathsOf(one, `${path}.`))
                paths.set(inner, text);
    }
    return paths;
}
/** The request's body with those of `known` added, below `list`, that it lacks. */
function withMissing(body, list, known) {
    const form = new URLSearchParams(body);
    const missing = [...known].filter(([path]) => !form.has(`${list}.${path}`));
    const added = missing.map(([path, text]) => `&${encodeURIComponent(`${list}.${path}`)}=${encodeURIComponent(text)}`);
    return body + added.join('');
}

;// CONCATENATED MODULE: ./build/src/target/ecs/rules.js






/** Reads listeners and rules, all of them in at most two calls. @throws DeployError `listener-not-found` */
async function readRules(aws, rules) {
    const arnsOf = (kind) => rules.filter((rule) => rule.kind === kind).map(({ arn }) => arn);
    const [listenerArns, ruleArns] = [arnsOf('listener'), arnsOf('rule')];
    const actions = new Map();
    const written = new Map();
    if (listenerArns.length > 0) {
        const command = new DescribeListenersCommand/* DescribeListenersCommand */.A({ ListenerArns: listenerArns });
        const text = captureText(command);
        const { Listeners = [] } = await found(listenerArns, 'elasticloadbalancing:DescribeListeners', () => aws.elb.send(command));
        for (const { ListenerArn = '', DefaultActions = [] } of Listeners)
            actions.set(ListenerArn, DefaultActions);
        for (const node of members(text(), 'DescribeListeners', 'Listeners'))
            written.set(child(node, 'ListenerArn')?.text ?? '', child(node, 'DefaultActions'));
    }
    if (ruleArns.length > 0) {
        const command = new DescribeRulesCommand/* DescribeRulesCommand */.G({ RuleArns: ruleArns });
        const text = captureText(command);
        const { Rules = [] } = await found(ruleArns, 'elasticloadbalancing:DescribeRules', () => aws.elb.send(command));
        for (const { RuleArn = '', Actions = [] } of Rules)
            actions.set(RuleArn, Actions);
        for (const node of members(text(), 'DescribeRules', 'Rules'))
            written.set(child(node, 'RuleArn')?.text ?? '', child(node, 'Actions'));
    }
    return rules.map((rule) => {
        const own = actions.get(rule.arn);
        if (own === undefined)
            throw notFound([rule.arn]);
        const forward = own.find(isForward);
        if (forward === undefined)
            throw new errors/* DeployError */.s(`${rule.arn} forwards to no target group (${own.map(({ Type }) => Type).join(', ')}).`, {
                code: 'no-forward',
                hint: 'Name the listener or the rule in ecs.listeners that forwards to the blue or green target group.',
            });
        const node = written.get(rule.arn);
        return { rule, actions: own, forward, written: node === undefined ? new Map() : pathsOf(node) };
    });
}
/**
 * Puts another forward into a listener or rule, and keeps everything else: also members that only AWS knows.
 * @returns the forward as AWS answers it
 */
async function writeForward(aws, state, forward) {
    const { kind, arn } = state.rule;
    const actions = withForward(state.actions, state.forward, forward);
    const place = `member.${state.actions.indexOf(state.forward) + 1}`;
    // Left out on purpose: the short form of a single target, which Modify refuses beside several.
    const known = new Map([...state.written].filter(([path]) => path !== `${place}.TargetGroupArn`));
    if (kind === 'rule') {
        const command = new ModifyRuleCommand/* ModifyRuleCommand */.y({ RuleArn: arn, Actions: actions });
        amendBody(command, (body) => withMissing(body, 'Actions', known));
        const answer = await modify('elasticloadbalancing:ModifyRule', () => aws.elb.send(command));
        return answer.Rules?.[0]?.Actions?.find(isForward);
    }
    const command = new ModifyListenerCommand/* ModifyListenerCommand */.u({ ListenerArn: arn, DefaultActions: actions });
    amendBody(command, (body) => withMissing(body, 'DefaultActions', known));
    const answer = await modify('elasticloadbalancing:ModifyListener', () => aws.elb.send(command));
    return answer.Listeners?.[0]?.DefaultActions?.find(isForward);
}
const members = (xml, operation, list) => child(child(child(parseXml(xml), `${operation}Response`), `${operation}Result`), list)?.children ?? [];
async function found(arns, action, call) {
    return read(action, async () => {
        try {
            return await call();
        }
        catch (error) {
            if (/^(ListenerNotFound|RuleNotFound|LoadBalancerNotFound)$/.test(errorName(error)))
                throw notFound(arns);
            throw error;
        }
    });
}
const notFound = (arns) => new errors/* DeployError */.s(`There is no listener or rule ${arns.join(', nor ')}.`, {
    code: 'listener-not-found',
    hint: 'Check ecs.listeners, and that ecs.region and the credentials are those of the load balancer.',
});

;// CONCATENATED MODULE: ./build/src/target/ecs/traffic.js





/** How old a look may be where it leads to no change by itself, in ms. */
const traffic_RECENT_MS = 2_000;
/** The listeners and rules that carry the traffic; they all move together. */
class Traffic {
    #aws;
    rules;
    #last;
    constructor(aws, arns) {
        this.#aws = aws;
        this.rules = arns.map(trafficRule);
    }
    /**
     * How much each color gets, in percent. Where several rules disagree each color gets the most that any rule gives
     * it, so that a sum of over 100 tells.
     * @throws DeployError `foreign-target-group` when a rule forwards to something that is neither color
     */
    async weights(groups) {
        const all = (await this.#read()).map((state) => weightsOf(state, groups));
        return {
            blue: Math.max(...all.map(({ blue }) => blue)),
            green: Math.max(...all.map(({ green }) => green)),
        };
    }
    /** The rules whose forward does not name both groups. */
    async detached(groups) {
        return (await this.#recent())
            .filter(({ forward }) => !namesBoth(forward, groups))
            .map(({ rule }) => rule);
    }
    /** How long each rule holds clients to the target group that they got first, in seconds. */
    async held() {
        return new Map((await this.#recent()).map(({ rule, forward }) => [rule, heldSeconds(forward)]));
    }
    /**
     * Sets the weights on every rule, back to back: the load balancer gathers changes for about ten seconds before its
     * nodes get them (facts/ecs.md 4d). The first that AWS refuses ends it; whoever called puts back what has moved.
     */
    async set(groups, weights, hold) {
        for (const state of await this.#read()) {
            const wanted = withWeights(state.forward, groups, weights);
            await this.#put(state, withHold(wanted, hold(state.rule, heldSeconds(state.forward))), groups);
        }
    }
    /** Changes how long rules hold clients, and nothing else. */
    async hold(groups, hold) {
        for (const state of await this.#read()) {
            const { rule, forward } = state;
            await this.#put(state, withHold(forward, hold(rule, heldSeconds(forward))), groups);
        }
    }
    /** Sends what differs, and checks that AWS took it. What is right already may be nobody's to change. */
    async #put(state, wanted, groups) {
        this.#last = undefined;
        if (does(state.forward, wanted, groups))
            return;
        const now = await writeForward(this.#aws, state, wanted);
        if (now !== undefined && does(now, wanted, groups))
            return;
        throw new errors/* DeployError */.s(`The load balancer did not take the weights ${(0,release_color/* formatWeights */.V7)(percentages(wanted, groups))}.`, {
            code: 'shift-refused',
            hint: `Look at ${state.rule.arn}: something else changes it too.`,
        });
    }
    /** All actions of ELBv2 share one small bucket of the account: what was just seen is not asked for again. */
    async #recent() {
        if (this.#last !== undefined && Date.now() - this.#last.at <= traffic_RECENT_MS)
            return this.#last.rules;
        return this.#read();
    }
    async #read() {
        const at = Date.now();
        const rules = await readRules(this.#aws, this.rules);
        this.#last = { rules, at };
        return rules;
    }
}
function weightsOf({ rule, forward }, groups) {
    const foreign = foreignGroups(forward, groups);
    if (foreign.length === 0)
        return percentages(forward, groups);
    throw new errors/* DeployError */.s(`${rule.arn} forwards to ${foreign.join(', ')}, which is the target group of neither color.`, {
        code: 'foreign-target-group',
        hint: `Blue is ${groups.blue}, green is ${groups.green}: correct ecs.listeners, ecs.services or ecs.target-groups.`,
    });
}

;// CONCATENATED MODULE: ./build/src/target/ecs/ecs.js

















/** Amazon ECS behind an Application Load Balancer: one service and one target group for each color. */
class EcsTarget {
    kind = 'ecs';
    description;
    propagationMs;
    lock;
    journal;
    #options;
    #settings;
    #aws;
    #services;
    #definitions;
    #tasks;
    #traffic;
    #stickiness;
    /** Which deployment of a color's service counts; set by `start`, else the one that is primary at first sight. */
    #anchors = new Map();
    constructor(options) {
        const { app, environment, settings } = options;
        this.#options = options;
        this.#settings = settings;
        this.#aws = connect(settings.region);
        this.#services = new ServicePair(this.#aws, settings);
        this.#definitions = new TaskDefinitions(this.#aws);
        this.#tasks = new Tasks(this.#aws, settings);
        this.#traffic = new Traffic(this.#aws, settings.listeners);
        this.#stickiness = new Stickiness(this.#aws, this.#services, this.#traffic);
        this.propagationMs = settings.propagation;
        this.description = `ECS ${settings.region}/${settings.cluster}, ${settings.services.blue} | ${settings.services.green}`;
        this.lock = new PreviewRule(this.#aws, {
            app,
            environment,
            listenerArn: this.#traffic.rules[0].listenerArn,
            priority: settings['preview-priority'],
            idleGroup: async () => {
                const groups = this.#groups(await this.#services.known());
                return groups[(0,release_color/* otherColor */.IP)(liveColor(await this.#traffic.weights(groups), undefined))];
            },
        });
        this.journal = {
            write: async (color, record) => {
                const services = await this.#services.known();
                const tags = Object.entries(record).map(([key, value]) => [journalTag(key), value]);
                await this.#services.tag(services[color], Object.fromEntries(tags));
            },
            clear: async () => {
                const services = await this.#services.known();
                for (const color of release_color/* COLORS */.lm)
                    await this.#services.untag(services[color], release_journal/* JOURNAL_KEYS */.T3.map(journalTag));
            },
        };
    }
    async inspect() {
        const services = await this.#services.describe();
        const weights = await this.#traffic.weights(this.#groups(services));
        const record = release_color/* COLORS */.lm.map((color) => journalOf(tagMap(services[color].tags))).find((one) => one !== undefined);
        const journal = record === undefined ? undefined : (0,release_journal/* decodeJournal */.MQ)(record);
        const colors = {
            blue: await this.#state(services, 'blue'),
            green: await this.#state(services, 'green'),
        };
        return { live: liveColor(weights, journal?.from), weights, colors, journal };
    }
    async preflight({ color, imageTag }) {
        const services = await this.#services.recent();
        const live = (0,release_color/* otherColor */.IP)(color);
        const definition = await this.#definitions.get(services[live].taskDefinition ?? '');
        return findProblems({
            aws: this.#aws,
            settings: this.#settings,
            services,
            groups: this.#groups(services),
            definition,
            container: this.#container(services, live),
            imageTag,
            loadBalancer: this.#loadBalancer(),
        });
    }
    async prepare() {
        const groups = this.#groups(await this.#services.known());
        const detached = await this.#traffic.detached(groups);
        if (detached.length === 0)
            return undefined;
        const weights = await this.#traffic.weights(groups);
        await this.#traffic.set(groups, weights, await this.#stickiness.forSecondGroup(groups));
        return `Both target groups are attached now, at blue ${weights.blue} and green ${weights.green}, so that the idle one is health-checked: ${detached.map(({ arn }) => arn).join(', ')}`;
    }
    async createRelease({ color, image, imageTag }) {
        const services = await this.#services.recent();
        const live = (0,release_color/* otherColor */.IP)(color);
        const base = await this.#definitions.get(services[live].taskDefinition ?? '');
        const parked = await this.#definitions.get(services[color].taskDefinition ?? '');
        const container = this.#container(services, live);
        const images = new Map([
            ...Object.entries(this.#settings.images).map(([name, repository]) => [name, join(repository, imageTag)]),
            [container, image],
        ]);
        const definition = await this.#definitions.register(base, withImages(base, images), [
            base,
            ...(parked.family === base.family ? [parked] : []),
        ]);
        return asRelease(definition, container);
    }
    async findRelease(imageTag) {
        const services = await this.#services.recent();
        for (const color of release_color/* COLORS */.lm) {
            const container = this.#container(services, color);
            const { family } = await this.#definitions.get(services[color].taskDefinition ?? '');
            const found = await this.#definitions.find(family, (definition) => (0,release_image/* isImage */.w)(imageOf(definition, container), imageTag));
            if (found === undefined)
                continue;
            const release = asRelease(found, container);
            return { ...release, standing: standingOf(services, color, release.id) };
        }
        return undefined;
    }
    async start(color, release, count, { warm: keepsTasks }) {
        const service = await this.#idle(color);
        const primary = primaryDeployment(service);
        const same = releaseId(service.taskDefinition ?? '') === release.id;
        const warm = keepsTasks && same && (service.runningCount ?? 0) > 0 && primary?.rolloutState !== 'FAILED';
        // desiredCount alone starts no deployment, and wakes a parked service without a circuit breaker to guard it; so a
        // cold one is deployed anew, in one call. A warm one keeps its tasks: they are what makes a rollback quick.
        const updated = await this.#services.update(color, warm
            ? { desiredCount: count }
            : { taskDefinition: release.id, desiredCount: count, forceNewDeployment: true });
        this.#anchors.set(color, {
            deploymentId: primaryDeployment(updated)?.id ?? '',
            wanted: count,
            seen: false,
        });
    }
    async health(color) {
        const services = await this.#services.describe();
        const service = services[color];
        let anchor = this.#anchors.get(color);
        if (anchor === undefined) {
            anchor = {
                deploymentId: primaryDeployment(service)?.id ?? '',
                wanted: service.desiredCount ?? 0,
                seen: true,
            };
            this.#anchors.set(color, anchor);
        }
        const targetGroup = this.#groups(services)[color];
        return look({ aws: this.#aws, tasks: this.#tasks, service, anchor, targetGroup });
    }
    async shift(weights) {
        const services = await this.#services.describe();
        const groups = this.#groups(services);
        await this.#traffic.set(groups, weights, await this.#stickiness.forShift(services, groups, weights));
    }
    /** ELBv2 has no call that tells how far its nodes are. */
    settled() {
        return Promise.resolve('unknown');
    }
    /** ALB counts no requests in flight; when tasks stop, their targets are drained by the load balancer itself. */
    inFlight() {
        return Promise.resolve('unknown');
    }
    async lingerMs() {
        return 1000 * (await this.#stickiness.seconds(await this.#services.describe()));
    }
    async park(color, keep) {
        await this.#idle(color);
        await this.#putStickinessBack();
        await this.#services.update(color, { desiredCount: keep });
    }
    async restore(color, release, count) {
        await this.#idle(color);
        await this.#putStickinessBack();
        this.#anchors.delete(color);
        // Always both: what DescribeServices shows right after a change may still be the picture before it.
        await this.#services.update(color, {
            ...(release === '' ? {} : { taskDefinition: release }),
            desiredCount: count,
        });
    }
    mark(color, standing) {
        return markRelease(this.#services, color, standing);
    }
    async preview() {
        const groups = this.#groups(await this.#services.known());
        const live = liveColor(await this.#traffic.weights(groups), undefined);
        const way = await this.lock.way(groups[(0,release_color/* otherColor */.IP)(live)]);
        if (way === undefined)
            return undefined;
        return { url: await this.#baseUrl(), ...way };
    }
    close() {
        this.#aws.ecs.destroy();
        this.#aws.elb.destroy();
        return Promise.resolve();
    }
    /** The service, after making sure that no user can reach it: whoever calls this is about to change it. */
    async #idle(color) {
        const services = await this.#services.describe();
        const weights = await this.#traffic.weights(this.#groups(services));
        if (weights[color] === 0)
            return services[color];
        throw new errors/* DeployError */.s(`${color} carries ${weights[color]} % of the traffic and is not touched.`, {
            code: 'color-is-live',
            hint: 'Somebody moved the traffic during this run. Run the operation again: it goes on from what it finds.',
        });
    }
    async #putStickinessBack() {
        const services = await this.#services.describe();
        await this.#stickiness.putBack(services, this.#groups(services));
    }
    async #state(services, color) {
        const service = services[color];
        const definition = await this.#definitions.get(service.taskDefinition ?? '');
        const release = asRelease(definition, this.#container(services, color));
        return {
            release,
            standing: standingOf(services, color, release.id),
            desired: service.desiredCount ?? 0,
            running: service.runningCount ?? 0,
        };
    }
    /** @throws DeployError `no-target-group` */
    #groups(services) {
        const configured = this.#settings['target-groups'];
        if (configured !== undefined)
            return configured;
        const group = (color) => {
            const own = services[color].loadBalancers?.flatMap(({ targetGroupArn }) => targetGroupArn ?? []) ?? [];
            if (own.length === 1)
                return own[0];
            throw new errors/* DeployError */.s(`Service ${this.#settings.services[color]} has ${own.length === 0 ? 'no target group' : `${own.length} target groups`}.`, {
                code: 'no-target-group',
                hint: own.length === 0
                    ? 'Give each of the two services a target group of its own.'
                    : 'Say which one carries the traffic in ecs.target-groups.',
            });
        };
        const groups = { blue: group('blue'), green: group('green') };
        if (groups.blue !== groups.green)
            return groups;
        throw new errors/* DeployError */.s(`Both services register their tasks in ${groups.blue}.`, {
            code: 'no-target-group',
            hint: 'Give each of the two services a target group of its own: traffic is moved between the groups.',
        });
    }
    /** The container that takes the image: the configured one, else the one that the load balancer points at. */
    #container(services, color) {
        const group = this.#groups(services)[color];
        const registered = services[color].loadBalancers?.find(({ targetGroupArn }) => targetGroupArn === group);
        return this.#settings.container ?? registered?.containerName ?? '';
    }
    #loadBalancer() {
        const { listenerArn } = this.#traffic.rules[0];
        return /listener\/((?:app|net)\/[^/]+\/\w+)/.exec(listenerArn)?.[1] ?? '';
    }
    /** Without `url`, the load balancer's own name and the listener's port. */
    async #baseUrl() {
        const { url } = this.#options;
        if (url !== undefined)
            return new URL(url).origin;
        const { listenerArn } = this.#traffic.rules[0];
        const { Listeners } = await read('elasticloadbalancing:DescribeListeners', () => this.#aws.elb.send(new DescribeListenersCommand/* DescribeListenersCommand */.A({ ListenerArns: [listenerArn] })));
        const listener = Listeners?.[0];
        const { LoadBalancers } = await read('elasticloadbalancing:DescribeLoadBalancers', () => this.#aws.elb.send(new DescribeLoadBalancersCommand/* DescribeLoadBalancersCommand */.A({ LoadBalancerArns: [listener?.LoadBalancerArn ?? ''] })));
        const scheme = listener?.Protocol === 'HTTPS' ? 'https' : 'http';
        return new URL(`${scheme}://${LoadBalancers?.[0]?.DNSName}:${listener?.Port}`).origin;
    }
}
/** The color with all the traffic; while it is split, the one that had it before, else the one that has more. */
function liveColor({ blue, green }, before) {
    if (blue > 0 && green === 0)
        return 'blue';
    if (green > 0 && blue === 0)
        return 'green';
    return before ?? (green > blue ? 'green' : 'blue');
}
const imageOf = (definition, container) => containersOf(definition).find(({ name }) => name === container)?.image ?? '';
const asRelease = (definition, container) => ({
    id: releaseId(definition.arn),
    image: imageOf(definition, container),
});
const join = (repository, tag) => tag.startsWith('sha256:') ? `${repository}@${tag}` : `${repository}:${tag}`;


/***/ })

};
