export const id = 352;
export const ids = [352];
export const modules = {

/***/ 3352:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  EcsTarget: () => (/* binding */ EcsTarget)
});

// EXTERNAL MODULE: ./build/src/release/color.js
var release_color = __webpack_require__(9478);
// EXTERNAL MODULE: ./build/src/target/ecs/arn.js
var ecs_arn = __webpack_require__(6692);
// EXTERNAL MODULE: ./build/src/target/ecs/base-url.js
var base_url = __webpack_require__(2546);
// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(2544);
// EXTERNAL MODULE: ./build/src/target/ecs/aws.js
var ecs_aws = __webpack_require__(3550);
;// CONCATENATED MODULE: ./build/src/target/ecs/cloud-watch.js


/** Alarms and metrics, with a client that is loaded once somebody configured one of them. */
class CloudWatch {
    #aws;
    #opened;
    constructor(aws) {
        this.#aws = aws;
    }
    /**
     * A call that changes nothing.
     * @param action the IAM action that it needs, which the error names together with the statement to add
     */
    async read(action, call) {
        const { client, sdk } = await this.open();
        try {
            return await (0,ecs_aws/* read */.LF)(action, () => call(client, sdk));
        }
        catch (error) {
            throw withStatement(error, STATEMENTS.look);
        }
    }
    async open() {
        this.#opened ??= __webpack_require__.e(/* import() */ 319).then(__webpack_require__.bind(__webpack_require__, 8938)).then((sdk) => ({
            sdk,
            // Looks are repeated anyway, and none must keep the others of a watch waiting.
            client: this.#aws.open(sdk.CloudWatchClient, { maxAttempts: 2 }),
        }));
        return this.#opened;
    }
    async close() {
        (await this.#opened)?.client.destroy();
    }
}
/** As docs/ecs.md has them. */
const STATEMENTS = {
    look: ['cloudwatch:DescribeAlarmHistory', 'cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'],
    setup: ['cloudwatch:PutMetricAlarm'],
};
/** Roles from before these were needed lack them all: what to add is said at once, and not call by call. */
function withStatement(error, actions) {
    if (!(error instanceof errors/* DeployError */.s) || error.code !== 'access-denied')
        return error;
    const statement = JSON.stringify({ Effect: 'Allow', Action: actions, Resource: '*' });
    return new errors/* DeployError */.s(error.message, {
        code: error.code,
        hint: `Add to the policy of the role that this workflow assumes: ${statement}`,
        details: error.details,
        cause: error.cause,
    });
}

// EXTERNAL MODULE: ./build/src/target/ecs/anchor.js + 2 modules
var ecs_anchor = __webpack_require__(7061);
// EXTERNAL MODULE: ./build/src/target/ecs/health.js + 6 modules
var health = __webpack_require__(8399);
// EXTERNAL MODULE: ./build/src/target/ecs/services.js
var ecs_services = __webpack_require__(455);
// EXTERNAL MODULE: ./build/src/target/ecs/wiring.js
var wiring = __webpack_require__(9873);
;// CONCATENATED MODULE: ./build/src/target/ecs/color-health.js





/** The health of the two services that have traffic, bound to what this run started there. */
class ColorHealth {
    #options;
    /** Which deployment of a color's service counts; set by `started`, else the one that is primary at first sight. */
    #anchors = new Map();
    /** What this run has set: the count of a color with users is for its own scaling to change. */
    #weights;
    constructor(options) {
        this.#options = options;
    }
    /** This run started the deployment, or changed the count of one that was there (`woken`). */
    started(color, deployment, count, state) {
        this.#anchors.set(color, new ecs_anchor/* Anchor */.M(deployment, count, state));
    }
    forget(color) {
        this.#anchors.delete(color);
    }
    shifted(weights) {
        this.#weights = weights;
    }
    /** Whether users are on it, so that fewer than this run asked for may be wanted by now. */
    isGiven(color) {
        return (this.#weights?.[color] ?? 0) > 0 || this.#anchors.get(color)?.isLive === true;
    }
    /** How many tasks were asked for. */
    asked(color) {
        return this.#anchors.get(color)?.wanted;
    }
    /** @param since for who comes later: ends count from then on, ms since the epoch */
    look(color, services, since) {
        const { settings, ...sources } = this.#options;
        const service = services[color];
        const anchor = this.#anchors.get(color) ?? anchorOf(service, since);
        this.#anchors.set(color, anchor);
        const container = (0,wiring/* containerOf */.t8)(settings, services, color);
        return (0,health/* look */.O)({
            ...sources,
            service,
            anchor,
            // A schedule may want fewer once users are there: no failure. More are wanted when they have had their time.
            wanted: this.isGiven(color)
                ? Math.min(anchor.wanted, Math.max(1, service.desiredCount ?? 0))
                : anchor.wanted,
            hasUsers: this.isGiven(color),
            targetGroup: (0,wiring/* groupsOf */.c1)(settings, services)[color],
            images: [container, ...Object.keys(settings.images)],
            container,
        });
    }
    /** Nothing where nobody has looked yet. */
    async explain(color) {
        const anchor = this.#anchors.get(color);
        if (anchor?.last === undefined)
            return undefined;
        const { settings, logs } = this.#options;
        const [balancer] = anchor.last.service.loadBalancers ?? [];
        return (0,health/* explain */.W)(anchor, logs, settings.container ?? balancer?.containerName ?? '');
    }
    hasLooked(color) {
        return this.#anchors.get(color)?.last !== undefined;
    }
}
/** For what was there before this run. */
function anchorOf(service, since) {
    const desired = service.desiredCount ?? 0;
    return since === undefined
        ? new ecs_anchor/* Anchor */.M((0,ecs_services/* primaryDeployment */.sg)(service), desired, 'found')
        : ecs_anchor/* Anchor */.M.ofLive((0,ecs_arn/* releaseId */.Bf)(service.taskDefinition ?? ''), desired, since);
}

// EXTERNAL MODULE: ./build/src/target/ecs/live-color.js
var live_color = __webpack_require__(1655);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commandBuilder.js
var commandBuilder = __webpack_require__(6314);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/schemas/schemas_0.js + 2 modules
var schemas_0 = __webpack_require__(1632);
;// CONCATENATED MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeTargetGroupAttributesCommand.js


class DescribeTargetGroupAttributesCommand extends (0,commandBuilder/* command */.G5)(commandBuilder/* _ep0 */.lq, commandBuilder/* _mw0 */.yt, "DescribeTargetGroupAttributes", schemas_0/* DescribeTargetGroupAttributes$ */.fev) {
}

// EXTERNAL MODULE: ./build/src/target/ecs/tags.js
var ecs_tags = __webpack_require__(5730);
;// CONCATENATED MODULE: ./build/src/target/ecs/stickiness.js




const PREFIX = `${ecs_tags/* TAG_PREFIX */.C_}stickiness:`;
/** `...:listener/app/<lb>/<id>/<listener id>` and `...:listener-rule/.../<rule id>`: the ids tell rules apart. */
const keyOf = ({ arn }) => `${PREFIX}${arn.split('/').slice(3).join('/')}`;
/**
 * Group stickiness (the cookie AWSALBTG) holds a client to the target group that it got first. AWS does not say whether
 * weight 0 ends that, nor whether each answer renews the cookie; but a color must not be stopped while users come, and
 * a release that is taken back must be taken from everybody. So while traffic is on one color only, rules hold nobody:
 * group stickiness is off. Where a target group holds clients itself (to a task, AWSALB), AWS insists on group
 * stickiness with several groups (facts/ecs.md 4d): there the color that lost the traffic is left out of the rules, and
 * stays attached, hence health-checked, through the preview rule. Both are put back once every cookie from before has
 * run out, which the drain waits for. With both colors in the traffic it is as the user wrote it: nobody is to go to
 * and fro between releases.
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
        // There are no cookies; and at weight 0 a network load balancer itself ends what holds clients (facts/ecs.md 4d).
        if (this.#traffic.isNetwork)
            return AS_IT_IS;
        const recorded = recordOf(services);
        const losing = release_color/* COLORS */.lm.find((color) => weights[color] === 0);
        if (losing === undefined)
            return former(recorded);
        const held = [...(await this.#traffic.held())].filter(([, seconds]) => seconds > 0);
        if (held.length === 0 && recorded.size === 0)
            return AS_IT_IS;
        const added = held.filter(([rule]) => !recorded.has(keyOf(rule)));
        if (added.length > 0)
            await this.#services.tag(services.blue, Object.fromEntries(added.map(([rule, seconds]) => [keyOf(rule), String(seconds)])));
        return { seconds: () => 0, without: (await this.#isMandatory(groups)) ? groups[losing] : undefined };
    }
    /** How rules hold clients that get a second target group: AWS insists on it where a group holds clients itself. */
    async forSecondGroup(groups) {
        if (this.#traffic.isNetwork || !(await this.#isMandatory(groups)))
            return { hold: AS_IT_IS, said: '' };
        return {
            // The least that AWS takes: as good as none.
            hold: { seconds: (_, now) => Math.max(now, 1) },
            said: ', with a group stickiness of 1 s at least, which AWS demands as the groups have stickiness of their own',
        };
    }
    /** Gives rules back what they had. Only once no cookie can lead to a color that is about to be stopped. */
    async putBack(services, groups) {
        const recorded = recordOf(services);
        if (recorded.size === 0)
            return;
        await this.#traffic.set(groups, await this.#traffic.weights(groups), former(recorded));
        await this.#services.untag(services.blue, [...recorded.keys()]);
    }
    /** How long cookies may lead to the color that lost the traffic, in seconds. */
    async seconds(services) {
        if (this.#traffic.isNetwork)
            return 0;
        return Math.max(0, ...recordOf(services).values(), ...(await this.#traffic.held()).values());
    }
    /** Whether one of the target groups holds clients itself, to a task. */
    async #isMandatory(groups) {
        for (const color of release_color/* COLORS */.lm)
            if (holdsClients(await attributesOf(this.#aws, groups[color])))
                return true;
        return false;
    }
}
async function attributesOf(aws, targetGroup) {
    const { Attributes = [] } = await (0,ecs_aws/* read */.LF)('elasticloadbalancing:DescribeTargetGroupAttributes', () => aws.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroup })));
    return new Map(Attributes.map(({ Key = '', Value = '' }) => [Key, Value]));
}
/** To one of its tasks. */
const holdsClients = (attributes) => attributes.get('stickiness.enabled') === 'true';
const AS_IT_IS = { seconds: (_, now) => now };
/** As the user wrote it. */
const former = (recorded) => ({
    seconds: (rule, now) => recorded.get(keyOf(rule)) ?? now,
});
/** What is written down, by the tag's key. */
const recordOf = (services) => new Map([...(0,ecs_tags/* tagMap */.lD)(services.blue.tags)]
    .filter(([key, value]) => key.startsWith(PREFIX) && /^\d+$/.test(value))
    .map(([key, value]) => [key, Number(value)]));

;// CONCATENATED MODULE: ./build/src/target/ecs/color-traffic.js





/** The traffic of the two colors: what the rules give each, and what holds clients to one. */
class ColorTraffic {
    #settings;
    #services;
    #listeners;
    #stickiness;
    constructor({ aws, settings, services, listeners }) {
        this.#settings = settings;
        this.#services = services;
        this.#listeners = listeners;
        this.#stickiness = new Stickiness(aws, services, listeners);
    }
    /** In percent. */
    weights(services) {
        return this.#listeners.weights((0,wiring/* groupsOf */.c1)(this.#settings, services));
    }
    async carries(color) {
        return (await this.weights(await this.#services.describe()))[color] > 0;
    }
    async groups() {
        return (0,wiring/* groupsOf */.c1)(this.#settings, await this.#services.known());
    }
    async idleGroup() {
        const groups = await this.groups();
        return groups[(0,release_color/* otherColor */.IP)((0,live_color/* liveColor */.K)(await this.#listeners.weights(groups), undefined))];
    }
    /** Gives each rule both target groups; tells what was done, if anything was to do. */
    async attach() {
        const groups = await this.groups();
        const detached = await this.#listeners.detached(groups);
        if (detached.length === 0)
            return undefined;
        const weights = await this.#listeners.weights(groups);
        // Each rule would get the most that any of them gives.
        if (weights.blue > 0 && weights.green > 0)
            throw new errors/* DeployError */.s('Not everything that carries the traffic leads to the same color.', {
                code: 'foreign-weights',
                hint: 'Set the weights to 100/0 everywhere for the color that users should have, then run again.',
            });
        const held = await this.#stickiness.forSecondGroup(groups);
        await this.#listeners.set(groups, weights, held.hold);
        const names = detached.map(({ arn }) => arn).join(', ');
        return `Both target groups are attached now, at blue ${weights.blue} and green ${weights.green}, so that the idle one is health-checked${held.said}: ${names}`;
    }
    /** @param keepAttached leads another rule to a target group that the rules must leave out */
    async shift(weights, keepAttached) {
        const services = await this.#services.describe();
        const groups = (0,wiring/* groupsOf */.c1)(this.#settings, services);
        const hold = await this.#stickiness.forShift(services, groups, weights);
        // Attached to nothing, a group is not health-checked, and the way back would lead to targets in `unused`.
        if (hold.without !== undefined) {
            // On the way back, only the other rule leads to the group that is to get the traffic: led away from there before the
            // rules name it, its targets would be in `unused`.
            if ((await this.#listeners.detached(groups)).length > 0)
                await this.#listeners.set(groups, weights, (await this.#stickiness.forSecondGroup(groups)).hold);
            await keepAttached(hold.without);
        }
        await this.#listeners.set(groups, weights, hold);
    }
    /** How long clients may be held to the color that lost the traffic. */
    async lingerMs() {
        return 1000 * (await this.#stickiness.seconds(await this.#services.describe()));
    }
    /** Once no client can be led to a color that is about to be stopped. */
    async putStickinessBack() {
        const services = await this.#services.describe();
        await this.#stickiness.putBack(services, (0,wiring/* groupsOf */.c1)(this.#settings, services));
    }
}

// EXTERNAL MODULE: ./build/src/target/ecs/connection.js + 1 modules
var connection = __webpack_require__(1362);
;// CONCATENATED MODULE: ./build/src/target/ecs/put-back.js

/**
 * Gives a color's service the task definition that it had before, empty for the one that it has, and so many tasks.
 * A revision that somebody deregistered meanwhile ECS gives to no service any more: then what stands there is only
 * stopped, which harms nobody, where a refusal would stop this run and every one after it.
 */
async function putBack(services, color, release, count) {
    try {
        // Always both: what DescribeServices shows right after a change may still be the picture before it.
        await services.update(color, {
            ...(release === '' ? {} : { taskDefinition: release }),
            desiredCount: count,
        });
    }
    catch (error) {
        if (!(error instanceof errors/* DeployError */.s && /inactive/i.test(error.message)))
            throw error;
        await services.update(color, { desiredCount: 0 });
    }
}

;// CONCATENATED MODULE: ./build/src/target/ecs/idle-color.js





/** What is done to the color that no user can reach, which is made sure of each time. */
class IdleColor {
    #services;
    #traffic;
    #health;
    #workers;
    constructor({ services, traffic, health, workers }) {
        this.#services = services;
        this.#traffic = traffic;
        this.#health = health;
        this.#workers = workers;
    }
    async start(color, release, count, { warm: keepsTasks }) {
        const service = await this.#service(color);
        const primary = (0,ecs_services/* primaryDeployment */.sg)(service);
        const same = (0,ecs_arn/* releaseId */.Bf)(service.taskDefinition ?? '') === release.id;
        const warm = keepsTasks && same && (service.runningCount ?? 0) > 0 && primary?.rolloutState !== 'FAILED';
        // desiredCount alone starts no deployment, and wakes a parked service without a circuit breaker to guard it; so a
        // cold one is deployed anew, in one call. A warm one keeps its tasks: they are what makes a rollback quick.
        const updated = await this.#services.update(color, warm
            ? { desiredCount: count }
            : { taskDefinition: release.id, desiredCount: count, forceNewDeployment: true });
        this.#health.started(color, (0,ecs_services/* primaryDeployment */.sg)(updated), count, warm ? 'woken' : 'fresh');
        // Where nothing was ever live there is no count to go by, and one is enough to prove the release.
        const least = (this.#services.seen[(0,release_color/* otherColor */.IP)(color)]?.desiredCount ?? 0) === 0 ? 1 : 0;
        await this.#workers.start(color, { warm: keepsTasks, least });
    }
    async park(color, keep) {
        await this.#service(color);
        await this.#traffic.putStickinessBack();
        await this.#services.update(color, { desiredCount: keep });
        await this.#workers.park(color);
    }
    async restore(color, release, count) {
        await this.#service(color);
        await this.#traffic.putStickinessBack();
        this.#health.forget(color);
        await putBack(this.#services, color, release, count);
        await this.#workers.restore(color);
    }
    /** @throws DeployError `color-is-live` */
    async #service(color) {
        const services = await this.#services.describe();
        const weights = await this.#traffic.weights(services);
        if (weights[color] === 0)
            return services[color];
        throw new errors/* DeployError */.s(`${color} carries ${weights[color]} % of the traffic and is not touched.`, {
            code: 'color-is-live',
            hint: 'Somebody moved the traffic during this run. Run the operation again: it goes on from what it finds.',
        });
    }
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/AddTagsCommand.js
var AddTagsCommand = __webpack_require__(7076);
;// CONCATENATED MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/RemoveTagsCommand.js


class RemoveTagsCommand extends (0,commandBuilder/* command */.G5)(commandBuilder/* _ep0 */.lq, commandBuilder/* _mw0 */.yt, "RemoveTags", schemas_0/* RemoveTags$ */.wrv) {
}

// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeTagsCommand.js
var DescribeTagsCommand = __webpack_require__(1902);
// EXTERNAL MODULE: ./build/src/target/lock.js
var lock = __webpack_require__(3122);
// EXTERNAL MODULE: ./build/src/target/ecs/lock-tags.js
var lock_tags = __webpack_require__(308);
;// CONCATENATED MODULE: ./build/src/target/ecs/listener-lease.js







const NAMES = ['app', 'environment', 'owner', 'run-url', 'actor', 'reason', 'operation', 'expires', 'nonce'];
/**
 * The lock where there are no rules: a network load balancer. Tags of the listener tell who is at work. Writing them is
 * not atomic, as CreateRule is: of two runs that begin in the same moment the later one overwrites the other, which
 * finds that out when it renews its lease, that is before its next change (lock.ts, `fence`), and stops there.
 */
class ListenerLease {
    warning = 'A network load balancer has no listener rules, hence no preview, and no lock that only one of two runs can get: it is a tag on the listener, and of two runs that begin in the same moment one stops only before its next change. Keep runs apart by `concurrency` in the workflow.';
    #aws;
    #options;
    #nonce = (0,external_node_crypto_.randomBytes)(16).toString('hex');
    constructor(aws, options) {
        this.#aws = aws;
        this.#options = options;
    }
    async read() {
        const tags = await this.#tags();
        const handle = tags.get((0,lock_tags/* lockTag */.Uy)('nonce'));
        if (handle === undefined)
            return undefined;
        if (!(0,lock_tags/* isLockOf */.vw)(tags, this.#options))
            throw new errors/* DeployError */.s(`${this.#options.listenerArn} is held by ${(0,lock_tags/* lockedBy */.KH)(tags)}.`, {
                code: 'listener-taken',
                hint: 'A listener of a network load balancer carries one app: correct ecs.listeners, or remove its blue-green: tags.',
            });
        return (0,lock_tags/* lockState */.HE)(tags, handle);
    }
    async acquire(owner, ttlMs) {
        // Also one that is over: whoever wants it breaks it first.
        const holder = await this.read();
        if (holder !== undefined && holder.handle !== this.#nonce)
            return undefined;
        await this.#write({ ...(0,lock_tags/* lockTags */.BP)(this.#options, owner, ttlMs), nonce: this.#nonce });
        return (await this.#holds(this.#nonce)) ? this.#lease(this.#nonce, ttlMs) : undefined;
    }
    async resume(handle, ttlMs) {
        if (!(await this.#holds(handle)))
            return undefined;
        const lease = this.#lease(handle, ttlMs);
        await lease.renew();
        return lease;
    }
    async break({ handle }) {
        await this.#remove(handle);
    }
    /** There is no way to the idle color through this load balancer before users have it. */
    way() {
        return Promise.resolve(undefined);
    }
    #lease(handle, ttlMs) {
        return {
            handle,
            renew: async () => {
                if (!(await this.#holds(handle)))
                    throw (0,lock/* lockLost */.wV)('Look at the run that holds the lock now, and keep runs apart by `concurrency` in the workflow.');
                await this.#write({ expires: (0,lock/* expiry */.IC)(ttlMs) });
            },
            release: () => this.#remove(handle),
        };
    }
    async #holds(handle) {
        return (await this.#tags()).get((0,lock_tags/* lockTag */.Uy)('nonce')) === handle;
    }
    /** Without an answer there is no news about the lock, so this counts as a read. */
    async #write(entries) {
        await (0,ecs_aws/* read */.LF)('elasticloadbalancing:AddTags', () => this.#aws.elb.send(new AddTagsCommand/* AddTagsCommand */.y({ ResourceArns: [this.#options.listenerArn], Tags: (0,lock_tags/* asTags */.Sk)(entries) })));
    }
    async #remove(handle) {
        if (!(await this.#holds(handle)))
            return;
        await (0,ecs_aws/* modify */.JP)('elasticloadbalancing:RemoveTags', () => this.#aws.elb.send(new RemoveTagsCommand({ ResourceArns: [this.#options.listenerArn], TagKeys: NAMES.map(lock_tags/* lockTag */.Uy) })));
    }
    async #tags() {
        const answer = await (0,ecs_aws/* read */.LF)('elasticloadbalancing:DescribeTags', () => this.#aws.elb.send(new DescribeTagsCommand/* DescribeTagsCommand */.y({ ResourceArns: [this.#options.listenerArn] })));
        return (0,ecs_tags/* tagMap */.lD)(answer.TagDescriptions?.[0]?.Tags);
    }
}

// EXTERNAL MODULE: ./build/src/target/ecs/listener-problems.js
var listener_problems = __webpack_require__(6004);
// EXTERNAL MODULE: ./build/src/target/ecs/log-tail.js
var log_tail = __webpack_require__(7952);
// EXTERNAL MODULE: ./build/src/target/ecs/look-ahead.js + 4 modules
var look_ahead = __webpack_require__(750);
// EXTERNAL MODULE: ./build/src/release/image.js
var release_image = __webpack_require__(4388);
// EXTERNAL MODULE: ./build/src/target/ecs/images.js
var ecs_images = __webpack_require__(5829);
// EXTERNAL MODULE: ./build/src/target/ecs/releases.js
var releases = __webpack_require__(4285);
// EXTERNAL MODULE: ./build/src/target/ecs/standings.js
var standings = __webpack_require__(8746);
// EXTERNAL MODULE: ./build/src/target/ecs/task-definitions.js
var task_definitions = __webpack_require__(1873);
;// CONCATENATED MODULE: ./build/src/target/ecs/new-release.js







/** Where releases come from: made of what the live color runs, or found among the former ones. */
class Releases {
    #options;
    constructor(options) {
        this.#options = options;
    }
    async create(request) {
        const { settings, definitions, registry, workers } = this.#options;
        const { color, image, imageTag } = request;
        const services = await this.#options.services.recent();
        const live = (0,release_color/* otherColor */.IP)(color);
        const base = await definitions.get(services[live].taskDefinition ?? '');
        const parked = await definitions.get(services[color].taskDefinition ?? '');
        const container = (0,wiring/* containerOf */.t8)(settings, services, live);
        const images = (0,releases/* imagesOf */.I)(settings, container, { image, imageTag });
        const remarks = new Set();
        const pin = async (wanted) => {
            const pinned = await registry.pin(wanted);
            for (const remark of pinned.remarks)
                remarks.add(remark);
            return pinned;
        };
        const { references, tag } = await pin(images);
        const definition = await definitions.register((0,task_definitions/* withImages */.nS)(base, references, tag), parked.family === base.family ? [base, parked] : [base]);
        const release = (0,releases/* asRelease */.M)(definition, container);
        const differs = await workers.create(request, release.id, pin);
        return { ...release, differs, remarks: [...remarks] };
    }
    async find(imageTag) {
        const { settings, definitions } = this.#options;
        const services = await this.#options.services.recent();
        for (const color of release_color/* COLORS */.lm) {
            const container = (0,wiring/* containerOf */.t8)(settings, services, color);
            const { family } = await definitions.get(services[color].taskDefinition ?? '');
            const found = await definitions.find(family, (definition) => (0,release_image/* isImage */.wu)((0,ecs_images/* imageOf */.dT)(definition, container), imageTag));
            if (found === undefined)
                continue;
            const release = (0,releases/* asRelease */.M)(found, container);
            return { ...release, standing: (0,standings/* standingOf */.YP)(services, color, release.id) };
        }
        return undefined;
    }
}

// EXTERNAL MODULE: ./build/src/target/ecs/places.js
var places = __webpack_require__(8159);
// EXTERNAL MODULE: ./build/src/target/ecs/definition-changes.js
var definition_changes = __webpack_require__(9774);
// EXTERNAL MODULE: ./build/src/target/ecs/plan-calls.js
var plan_calls = __webpack_require__(7196);
// EXTERNAL MODULE: ./build/src/target/ecs/plan-notes.js
var plan_notes = __webpack_require__(9636);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./build/src/target/ecs/scalable-targets.js



const DIMENSION = 'ecs:service:DesiredCount';
const ATTEMPTS = 5;
const PAUSE_MS = 1_000;
/** The scalable targets of the two services, where there are any: none is ever made or removed. */
class ScalableTargets {
    #settings;
    #aws;
    #opened;
    /** What we have changed ourselves: answers may still be the picture from before it. */
    #changed = new Map();
    #none = false;
    constructor(aws, settings) {
        this.#settings = settings;
        this.#aws = aws;
    }
    /** Both in one call; no call once it is known that there are none. */
    async describe() {
        if (this.#none)
            return { blue: undefined, green: undefined };
        const { sdk, client } = await this.#open();
        const ids = release_color/* COLORS */.lm.map((color) => this.#resourceId(color));
        const { ScalableTargets: found = [] } = await (0,ecs_aws/* read */.LF)('application-autoscaling:DescribeScalableTargets', () => client.send(new sdk.DescribeScalableTargetsCommand({
            ServiceNamespace: 'ecs',
            ResourceIds: ids,
            ScalableDimension: DIMENSION,
        })));
        this.#none = found.length === 0;
        const stateOf = (color) => {
            const target = found.find(({ ResourceId }) => ResourceId === this.#resourceId(color));
            if (target === undefined)
                return undefined;
            const { MinCapacity: min = 0, MaxCapacity: max = 0, SuspendedState: state } = target;
            return {
                min,
                max,
                suspended: {
                    in: state?.DynamicScalingInSuspended ?? false,
                    out: state?.DynamicScalingOutSuspended ?? false,
                    scheduled: state?.ScheduledScalingSuspended ?? false,
                },
                ...this.#changed.get(color),
            };
        };
        return { blue: stateOf('blue'), green: stateOf('green') };
    }
    /**
     * Changes a scalable target that there is. AWS pulls the desired count into the bounds on *every* such call, "even
     * if you don't include the MinCapacity or MaxCapacity request parameters": never call it for a parked color that is
     * below its minimum.
     */
    async register(color, change) {
        const former = this.#changed.get(color);
        this.#changed.delete(color);
        await this.confirm(color, change);
        this.#changed.set(color, { ...former, ...change });
    }
    /** Like `register`, with what is there already. */
    async confirm(color, { min, max, suspended }) {
        const { sdk, client } = await this.#open();
        await this.#patiently(() => client.send(new sdk.RegisterScalableTargetCommand({
            ServiceNamespace: 'ecs',
            ResourceId: this.#resourceId(color),
            ScalableDimension: DIMENSION,
            MinCapacity: min,
            MaxCapacity: max,
            SuspendedState: {
                DynamicScalingInSuspended: suspended.in,
                DynamicScalingOutSuspended: suspended.out,
                ScheduledScalingSuspended: suspended.scheduled,
            },
        })));
    }
    async close() {
        if (this.#opened !== undefined)
            (await this.#opened).client.destroy();
    }
    /** A target with an update under way, as while a policy strikes, refuses another one; the SDK doesn't try again. */
    #patiently(call) {
        return (0,ecs_aws/* modify */.JP)('application-autoscaling:RegisterScalableTarget', async () => {
            for (let attempt = 1;; attempt += 1) {
                try {
                    return await call();
                }
                catch (error) {
                    if ((0,ecs_aws/* errorName */.Is)(error) !== 'ConcurrentUpdate' || attempt === ATTEMPTS)
                        throw error;
                    await (0,promises_.setTimeout)(attempt * PAUSE_MS);
                }
            }
        });
    }
    #resourceId(color) {
        return `service/${this.#settings.cluster}/${this.#settings.services[color]}`;
    }
    /** Loaded when it is needed: who leaves scaling alone doesn't pay for its client. */
    #open() {
        this.#opened ??= __webpack_require__.e(/* import() */ 514).then(__webpack_require__.bind(__webpack_require__, 4514)).then((sdk) => ({
            sdk,
            client: this.#aws.open(sdk.ApplicationAutoScalingClient),
        }));
        return this.#opened;
    }
}

;// CONCATENATED MODULE: ./build/src/target/ecs/scaling-state.js

const ALL_SUSPENDED = { in: true, out: true, scheduled: true };
const sameSuspended = (a, b) => a.in === b.in && a.out === b.out && a.scheduled === b.scheduled;
const isAsleep = ({ suspended }) => sameSuspended(suspended, ALL_SUSPENDED);
/** AWS pulls a count that is not into the bounds, whenever it is told anything about them. */
const isWithin = ({ min, max }, count) => count >= min && count <= max;
/** The color goes on growing, and does not shrink. */
const withoutScalingIn = (state) => ({
    ...state,
    suspended: { ...state.suspended, in: true },
});
/**
 * How a color that slept scales while its users come, all but scaling in: as the `old` one did. With a single scalable
 * target there is nothing to take over: it wakes up as it fell asleep.
 */
function wakened(own, old) {
    const { min, max } = old ?? own;
    return withoutScalingIn({ min, max, suspended: wantedSuspended(old ?? own) });
}
/** What the user wants suspended: where all is, and by us, that says nothing. */
const wantedSuspended = ({ suspended, before }) => before !== undefined && sameSuspended(suspended, ALL_SUSPENDED) ? before : suspended;
/** `in+scheduled`, in characters that tags take; `none` where nothing is. */
const encodeSuspended = (suspended) => ['in', 'out', 'scheduled'].filter((process) => suspended[process]).join('+') || 'none';
/** Nothing for a text that `encodeSuspended` did not write. */
function decodeSuspended(text) {
    const named = text.split('+');
    const state = {
        in: named.includes('in'),
        out: named.includes('out'),
        scheduled: named.includes('scheduled'),
    };
    return encodeSuspended(state) === text ? state : undefined;
}
/** `min=2 max=10 suspended=none before=in`, for the journal; empty for a service without a scalable target. */
const encodeScaling = (state) => state === undefined
    ? ''
    : [
        `min=${state.min}`,
        `max=${state.max}`,
        `suspended=${encodeSuspended(state.suspended)}`,
        ...(state.before === undefined ? [] : [`before=${encodeSuspended(state.before)}`]),
    ].join(' ');
/** @throws DeployError `journal-unreadable` for a text that `encodeScaling` did not write: nothing is guessed */
function decodeScaling(text) {
    if (text === '')
        return undefined;
    const { min, max, suspended, before } = /^min=(?<min>\d+) max=(?<max>\d+) suspended=(?<suspended>[a-z+]+)(?: before=(?<before>[a-z+]+))?$/.exec(text)?.groups ?? {};
    const state = {
        min: Number(min),
        max: Number(max),
        suspended: decodeSuspended(suspended ?? ''),
        before: before === undefined ? undefined : decodeSuspended(before),
    };
    if (state.suspended !== undefined && encodeScaling(state) === text)
        return state;
    throw new errors/* DeployError */.s(`The record of an unfinished run can't be read: its scaling is ${JSON.stringify(text)}.`, {
        code: 'journal-unreadable',
        hint: 'It was written by another version of this action, or by hand. Restore or remove its entries (docs/ecs.md), then run again.',
    });
}

;// CONCATENATED MODULE: ./build/src/target/ecs/scaling.js




/**
 * What was suspended on a parked color before we suspended all of it: written before that is done, gone when it is
 * live again. So a color that gets live by other hands, or alone has a scalable target, is not left asleep.
 */
const BEFORE_TAG = `${ecs_tags/* TAG_PREFIX */.C_}suspended-before`;
/** Hands Application Auto Scaling over from one color's service to the other's. */
class EcsScaling {
    #options;
    #targets;
    /** The colors that this run has woken: their bounds, and their count, are for AWS and schedules to change since. */
    #woken = new Set();
    constructor(options) {
        this.#options = options;
        this.#targets = new ScalableTargets(options.aws, options.settings);
    }
    /**
     * Makes sure beforehand that the hand-over is allowed. IAM has no other way to ask for
     * RegisterScalableTarget than to call it: with what is set already, which changes nothing.
     */
    async check(services, live) {
        if (this.#options.settings.autoscaling === 'ignore')
            return;
        const states = await this.#targets.describe();
        for (const color of [live, (0,release_color/* otherColor */.IP)(live)]) {
            const state = states[color];
            const count = services[color].desiredCount ?? 0;
            if (state === undefined || !isWithin(state, count))
                continue;
            await this.#targets.confirm(color, { suspended: state.suspended });
            return;
        }
    }
    async save() {
        if (this.#options.settings.autoscaling === 'ignore')
            return { colors: { blue: '', green: '' } };
        const { services: names } = this.#options.settings;
        const states = await this.#states();
        const [lonely] = release_color/* COLORS */.lm.filter((color) => states[color] && states[(0,release_color/* otherColor */.IP)(color)] === undefined);
        const warning = lonely === undefined
            ? undefined
            : `Service ${names[lonely]} has a scalable target and ${names[(0,release_color/* otherColor */.IP)(lonely)]} has none: while ${(0,release_color/* otherColor */.IP)(lonely)} is live, its count stays as it is. Give both services one, with the same policies.`;
        return { colors: { blue: encodeScaling(states.blue), green: encodeScaling(states.green) }, warning };
    }
    async hold(color) {
        const state = (await this.#states())[color];
        if (state === undefined || isAsleep(state))
            return;
        const { services, asked } = this.#options;
        const count = asked(color);
        await this.#suspend(color, state, count ?? (await services.describe())[color].desiredCount ?? 0);
        // A policy may have struck between the start and this.
        if (count !== undefined)
            await services.update(color, { desiredCount: count });
    }
    /**
     * Schedules of the old color are left to strike, though one may lower its maximum: they know nothing of its share, so
     * that what they want is what their owner wants for all of the traffic; and AWS never makes up for one that it skipped
     * (a minimum for the morning would be missing until the next day, wherever the users are then).
     */
    async share(to, saved) {
        const from = (0,release_color/* otherColor */.IP)(to);
        const [old, own] = [decodeScaling(saved[from]), decodeScaling(saved[to])];
        const now = await this.#states();
        const services = await this.#options.services.recent();
        const count = (color) => services[color].desiredCount ?? 0;
        if (old !== undefined && now[from] !== undefined && isWithin(now[from], count(from)))
            await this.#set(from, now[from], withoutScalingIn(now[from]));
        if (own === undefined || now[to] === undefined)
            return;
        const awake = wakened(own, old);
        // It could not grow anyway, and AWS would pull it down.
        if (count(to) > awake.max)
            return;
        await this.#set(to, now[to], awake);
        this.#woken.add(to);
    }
    async handOver(to, saved, { scaleIn }) {
        const from = (0,release_color/* otherColor */.IP)(to);
        const [old, own] = [decodeScaling(saved[from]), decodeScaling(saved[to])];
        const now = await this.#states();
        const { services } = this.#options;
        if (own !== undefined && now[to] !== undefined) {
            const awake = wakened(own, old);
            const suspended = scaleIn ? wantedSuspended(old ?? own) : awake.suspended;
            // The bounds go over once: what somebody, or a schedule, sets on the color from then on is theirs.
            const { min, max } = scaleIn || this.#woken.has(to) ? now[to] : awake;
            await this.#set(to, now[to], { min, max, suspended });
            this.#woken.add(to);
        }
        const described = await services.describe();
        if (old !== undefined && now[from] !== undefined) {
            const wanted = wantedSuspended(old);
            const sleeps = isAsleep(now[from]);
            // With scaling in, `share` may have suspended the last that was not: all is, and nothing remembers what was.
            if (!sleeps || (now[from].before === undefined && !sameSuspended(wanted, ALL_SUSPENDED)))
                await services.tag(described[from], { [BEFORE_TAG]: encodeSuspended(wanted) });
            if (!sleeps)
                await this.#suspend(from, now[from], described[from].desiredCount ?? 0);
        }
        if (scaleIn && (0,ecs_tags/* tagMap */.lD)(described[to].tags).has(BEFORE_TAG))
            await services.untag(described[to], [BEFORE_TAG]);
    }
    async restore(color, saved, { scaleIn }) {
        const former = decodeScaling(saved);
        const now = (await this.#states())[color];
        if (former === undefined || now === undefined)
            return;
        // It grows already; and to be told anything would pull a count into its bounds that somebody set beyond them.
        if (!scaleIn && !isAsleep(now))
            return;
        const { services, asked, carriesTraffic } = this.#options;
        const described = (await services.describe())[color];
        // A color with users that never slept has its bounds from before the run, or from a schedule that struck since:
        // to put those back would pull its count down.
        const isTheirs = !sameBounds(former, now) && !isAsleep(now) && (await carriesTraffic(color));
        const state = isTheirs ? { ...now, suspended: former.suspended, before: former.before } : former;
        const count = (this.#woken.has(color) ? undefined : asked(color)) ?? described.desiredCount ?? 0;
        const within = Math.min(state.max, Math.max(state.min, count));
        // AWS would pull the count into the bounds, in its own time, and perhaps only after we parked the color.
        if (!same(state, now) && within !== count && !(await carriesTraffic(color)))
            await services.update(color, { desiredCount: within });
        await this.#set(color, now, scaleIn ? state : withoutScalingIn(state));
        this.#woken.delete(color);
        if (scaleIn && state.before === undefined)
            await services.untag(described, [BEFORE_TAG]);
    }
    close() {
        return this.#targets.close();
    }
    async #states() {
        const targets = await this.#targets.describe();
        if (targets.blue === undefined && targets.green === undefined)
            return { blue: undefined, green: undefined };
        const services = await this.#options.services.describe();
        const stateOf = (color) => {
            const before = decodeSuspended((0,ecs_tags/* tagMap */.lD)(services[color].tags).get(BEFORE_TAG) ?? '');
            return targets[color] === undefined ? undefined : { ...targets[color], before };
        };
        return { blue: stateOf('blue'), green: stateOf('green') };
    }
    async #set(color, now, wanted) {
        if (same(now, wanted))
            return;
        const { min, max, suspended } = wanted;
        await this.#targets.register(color, {
            ...(min === now.min ? {} : { min }),
            ...(max === now.max ? {} : { max }),
            suspended,
        });
    }
    /** Suspends all; bounds that the count is outside of give way, since AWS would pull it into them at once. */
    #suspend(color, now, count) {
        return this.#targets.register(color, {
            ...(count < now.min ? { min: count } : {}),
            ...(count > now.max ? { max: count } : {}),
            suspended: ALL_SUSPENDED,
        });
    }
}
const same = (a, b) => sameBounds(a, b) && sameSuspended(a.suspended, b.suspended);
const sameBounds = (a, b) => a.min === b.min && a.max === b.max;

;// CONCATENATED MODULE: ./build/src/target/ecs/plan-scaling.js



/** The calls by which EcsScaling (scaling.ts) hands a pair of services over. Pure. */
function scalingCalls(pair, { to, names, counts, count, isShared, }) {
    const from = (0,release_color/* otherColor */.IP)(to);
    const [old, own] = [pair[from], pair[to]];
    const calls = {
        check: [],
        hold: [],
        share: [],
        handOver: [],
        complete: [],
    };
    const confirmed = [from, to].find((color) => {
        const state = pair[color];
        return state !== undefined && isWithin(state, counts[color]);
    });
    if (confirmed !== undefined)
        calls.check.push(`application-autoscaling:RegisterScalableTarget ${names[confirmed]}: as it is, to find out whether that is allowed`);
    let now = own;
    if (own !== undefined && !isAsleep(own)) {
        now = asleep(own, count);
        calls.hold.push(register(names[to], now), `ecs:UpdateService ${names[to]}: desiredCount ${count}`);
    }
    let left = old;
    if (isShared && old !== undefined && isWithin(old, counts[from]) && !old.suspended.in) {
        left = withoutScalingIn(old);
        calls.share.push(register(names[from], left));
    }
    if (own !== undefined && now !== undefined) {
        const awake = wakened(own, old);
        const wake = isShared && count <= awake.max ? calls.share : calls.handOver;
        if (!same(now, awake))
            wake.push(register(names[to], awake));
        const suspended = wantedSuspended(old ?? own);
        if (!suspended.in)
            calls.complete.push(register(names[to], { ...awake, suspended }));
    }
    if (old !== undefined && left !== undefined && !isAsleep(old)) {
        calls.handOver.push(`ecs:TagResource ${names[from]}: notes what was suspended before`);
        if (!isAsleep(left))
            calls.handOver.push(register(names[from], asleep(old, counts[from])));
    }
    if (own?.before !== undefined)
        calls.complete.push(`ecs:UntagResource ${names[to]}: what was suspended before`);
    return calls;
}
/** Bounds that the count is outside of give way, since AWS would pull it into them. */
const asleep = ({ min, max }, count) => ({
    min: Math.min(min, count),
    max: Math.max(max, count),
    suspended: ALL_SUSPENDED,
});
const register = (name, { min, max, suspended }) => `application-autoscaling:RegisterScalableTarget ${name}: min ${min}, max ${max}, suspended ${encodeSuspended(suspended)}`;

;// CONCATENATED MODULE: ./build/src/target/ecs/plan-traffic.js

async function trafficCalls(traffic, { to, groups, isMandatory, keeper, preview, }) {
    const { rules } = traffic;
    const detached = await traffic.detached(groups);
    const held = await traffic.held();
    const isHeld = (rule) => (held.get(rule) ?? 0) > 0 || (isMandatory && detached.some(({ arn }) => arn === rule.arn));
    const holds = rules.some(isHeld);
    return {
        prepare: detached.map((rule) => modify(rule, `${textOf((0,release_color/* allOn */.PT)((0,release_color/* otherColor */.IP)(to)))} (both target groups)`)),
        shift(weights) {
            const losing = release_color/* COLORS */.lm.find((color) => weights[color] === 0);
            const isLeftOut = losing !== undefined && holds && isMandatory;
            const text = textOf(weights, isLeftOut ? losing : undefined);
            return [
                ...(losing !== undefined && holds
                    ? [`ecs:TagResource ${keeper}: notes how long the rules hold clients, which ends now`]
                    : []),
                // It would be health-checked no longer.
                ...(isLeftOut ? [`elasticloadbalancing:ModifyRule ${preview}: leads to ${losing}`] : []),
                ...rules.map((rule) => modify(rule, text)),
            ];
        },
        putBack: holds
            ? [
                ...rules
                    .filter((rule) => isMandatory || isHeld(rule))
                    .map((rule) => modify(rule, `${textOf((0,release_color/* allOn */.PT)(to))} (holds clients again as it did)`)),
                `ecs:UntagResource ${keeper}: how long the rules held clients`,
            ]
            : [],
    };
}
/** `blue 0, green 100` */
const textOf = (weights, leftOut) => release_color/* COLORS */.lm.filter((color) => color !== leftOut)
    .map((color) => `${color} ${weights[color]}`)
    .join(', ');
const modify = ({ kind, arn }, text) => `elasticloadbalancing:${kind === 'rule' ? 'ModifyRule' : 'ModifyListener'} ${arn.slice(arn.indexOf('listener'))}: ${text}`;

;// CONCATENATED MODULE: ./build/src/target/ecs/worker-images.js


/**
 * The containers of a worker that take the deployed image, that whose log matters most first: its first essential one
 * with an image of the config's repository, and those that `images` names.
 */
function takers(definition, { image, images }) {
    const containers = (0,task_definitions/* containersOf */.Mz)(definition);
    const own = containers.find((one) => one['essential'] !== false &&
        (0,ecs_images/* repositoryOf */._M)(one.image ?? '') === image &&
        !Object.hasOwn(images, one.name ?? ''));
    const named = containers.filter(({ name = '' }) => Object.hasOwn(images, name));
    return [...(own === undefined ? [] : [own]), ...named].map(({ name = '' }) => name);
}
/** What these containers get. */
function workerImages(definition, settings, { image, imageTag }) {
    const { images } = settings;
    return new Map(takers(definition, settings).map((name) => {
        const repository = Object.hasOwn(images, name) ? images[name] : undefined;
        return [name, repository === undefined ? image : (0,ecs_images/* join */.fj)(repository, imageTag)];
    }));
}
/** Whether ECS itself asks the tasks how they are. */
const hasHealthCheck = (definition) => (0,task_definitions/* containersOf */.Mz)(definition).some((one) => one['essential'] !== false && one['healthCheck'] !== undefined);

;// CONCATENATED MODULE: ./build/src/target/ecs/plan.js













/** Looks up what `EcsTarget` would change in a deployment, and by which calls; makes none of them. */
async function planDeployment(options) {
    const { request, course, aws, settings, services, groups, container, definitions } = options;
    const from = (0,release_color/* otherColor */.IP)(request.color);
    const notes = new Set();
    const main = await pairOf(options, notes, {
        services,
        scaling: options.scaling,
        images: () => (0,releases/* imagesOf */.I)(settings, container, request),
    });
    const workers = [];
    for (const { pair, scaling } of options.workers)
        workers.push(await pairOf(options, notes, {
            services: await pair.recent(),
            scaling,
            images: (base) => workerImages(base, settings, request),
        }));
    for (const { live } of [main, ...workers])
        for (const note of (0,plan_notes/* newerRevision */.Jz)(live.definition, await definitions.newest(live.definition.family)))
            notes.add(note);
    const [blue, green] = [await attributesOf(aws, groups.blue), await attributesOf(aws, groups.green)];
    for (const note of [
        ...(0,plan_notes/* differentAttributes */.v)(blue, green),
        ...(0,plan_notes/* differentNetworks */.XV)(services),
        ...(0,plan_notes/* notEmpty */.z2)(services[request.color]),
    ])
        notes.add(note);
    const differs = workers.some(({ same, live }) => (0,ecs_arn/* releaseId */.Bf)(same?.arn ?? '') !== (0,ecs_arn/* releaseId */.Bf)(live.definition.arn) && live.count > 0);
    const release = main.same === undefined ? undefined : { ...(0,releases/* asRelease */.M)(main.same, container), differs };
    const moves = course(release);
    const preview = `the preview rule at priority ${settings['preview-priority']}`;
    const traffic = await trafficCalls(options.traffic, {
        to: request.color,
        groups,
        isMandatory: [blue, green].some(holdsClients),
        keeper: settings.services.blue,
        preview,
    });
    const counted = moves.find((move) => move.do === 'start');
    const count = counted?.do === 'start' ? counted.count : 0;
    const least = main.live.count === 0 ? 1 : 0;
    const isShared = moves.some((move) => move.do === 'share-scaling');
    const all = [main, ...workers].map((pair, index) => withCalls(pair, {
        to: request.color,
        count: index === 0 ? count : Math.max(pair.live.count, least),
        isShared,
    }));
    const facts = {
        to: request.color,
        from,
        services,
        main: all[0],
        workers: all.slice(1),
        traffic,
        preview,
    };
    return {
        image: (0,ecs_images/* imageOf */.dT)({ ...main.wanted, arn: '' }, container),
        ...(release && { release }),
        changes: [main, ...workers].flatMap(changesOf),
        calls: moves.flatMap((move) => (0,plan_calls/* callsOf */.p9)(move, facts)),
        notes: [...notes],
    };
}
async function pairOf({ request: { color }, definitions, registry }, notes, { services, scaling, images, }) {
    const pin = async (wanted) => {
        const pinned = await registry.pin(wanted);
        for (const remark of pinned.remarks)
            notes.add(remark);
        return pinned;
    };
    const live = services[(0,release_color/* otherColor */.IP)(color)];
    const definition = await definitions.get(live.taskDefinition ?? '');
    const parked = await definitions.get(services[color].taskDefinition ?? '');
    const { references, tag } = await pin(images(definition));
    const wanted = (0,task_definitions/* withImages */.nS)(definition, references, tag);
    const candidates = parked.family === definition.family ? [definition, parked] : [definition];
    const { colors, warning } = await scaling.save();
    if (warning !== undefined)
        notes.add(warning);
    return {
        names: { blue: services.blue.serviceName ?? '', green: services.green.serviceName ?? '' },
        live: { definition, count: live.desiredCount ?? 0 },
        counts: { blue: services.blue.desiredCount ?? 0, green: services.green.desiredCount ?? 0 },
        wanted,
        same: await definitions.same(wanted, candidates),
        scaling: { blue: decodeScaling(colors.blue), green: decodeScaling(colors.green) },
    };
}
const withCalls = (pair, { count, ...more }) => ({
    ...pair,
    count,
    calls: scalingCalls(pair.scaling, { names: pair.names, counts: pair.counts, count, ...more }),
});
function changesOf({ live, wanted, same }) {
    const { arn, family } = live.definition;
    const to = same === undefined ? `a new revision of ${family}` : (0,ecs_arn/* releaseId */.Bf)(same.arn);
    return [
        ...(same?.arn === arn ? [] : [{ what: `task definition ${family}`, from: (0,ecs_arn/* releaseId */.Bf)(arn), to }]),
        ...(0,definition_changes/* definitionChanges */.x)(live.definition, wanted),
    ];
}

// EXTERNAL MODULE: ./build/src/target/ecs/preflight.js
var preflight = __webpack_require__(3204);
// EXTERNAL MODULE: ./build/src/target/ecs/preview-rule.js
var preview_rule = __webpack_require__(5430);
// EXTERNAL MODULE: ./build/src/target/ecs/registry.js
var registry = __webpack_require__(9308);
;// CONCATENATED MODULE: ./build/src/target/ecs/scaling-of-all.js
/** Stands in the journal where only workers scale: how they do is on their own services, as a tag has 256 characters. */
const ONLY_WORKERS = 'workers';
/** Hands over the scaling of the services with traffic, and of those that move along. */
class ScalingOfAll {
    #main;
    #workers;
    constructor(main, workers) {
        this.#main = main;
        this.#workers = workers;
    }
    async save() {
        const main = await this.#main.save();
        const warnings = [main.warning];
        const scales = { blue: false, green: false };
        for (const worker of this.#workers.all) {
            const { colors, warning } = await worker.saveScaling();
            warnings.push(warning);
            scales.blue ||= colors.blue !== '';
            scales.green ||= colors.green !== '';
        }
        const text = (color) => main.colors[color] || (scales[color] ? ONLY_WORKERS : '');
        const said = warnings.filter((warning) => warning !== undefined);
        return {
            colors: { blue: text('blue'), green: text('green') },
            ...(said.length > 0 && { warning: said.join(' ') }),
        };
    }
    async hold(color) {
        await this.#main.hold(color);
        for (const worker of await this.#partakers(color))
            await worker.scaling.hold(color);
    }
    /** Workers too, though no share of the traffic is theirs: both colors' are at the queue, and one of them leaves it. */
    async share(to, saved) {
        await this.#main.share(to, { blue: ofMain(saved.blue), green: ofMain(saved.green) });
        for (const worker of await this.#partakers(to))
            await worker.scaling.share(to, await worker.noted());
    }
    async handOver(to, saved, options) {
        await this.#main.handOver(to, { blue: ofMain(saved.blue), green: ofMain(saved.green) }, options);
        for (const worker of await this.#partakers(to))
            await worker.scaling.handOver(to, await worker.noted(), options);
    }
    async restore(color, saved, options) {
        await this.#main.restore(color, ofMain(saved), options);
        for (const worker of this.#workers.all)
            await worker.scaling.restore(color, (await worker.noted())[color], options);
    }
    close() {
        return this.#main.close();
    }
    async #partakers(to) {
        const partakers = [];
        for (const worker of this.#workers.all)
            if (await worker.takesPart(to))
                partakers.push(worker);
        return partakers;
    }
}
const ofMain = (saved) => (saved === ONLY_WORKERS ? '' : saved);

// EXTERNAL MODULE: ./build/src/target/ecs/service-journal.js
var service_journal = __webpack_require__(1286);
;// CONCATENATED MODULE: ./build/src/target/ecs/balancers.js
/** The load balancers of these rules, as metrics name them: `app/shop/50dc6c495c0c9188`. */
const balancersOf = (rules) => [
    ...new Set(rules.map(({ listenerArn }) => /listener\/((?:app|net)\/[^/]+\/\w+)/.exec(listenerArn)?.[1] ?? '')),
];
/** Only application load balancers count answers. */
const countsAnswers = (balancer) => balancer.startsWith('app/');
/** Of a target group behind a load balancer, as CloudWatch wants them. */
const dimensionsOf = (targetGroupArn, balancer) => [
    { Name: 'TargetGroup', Value: targetGroupArn.slice(targetGroupArn.lastIndexOf(':') + 1) },
    { Name: 'LoadBalancer', Value: balancer },
];

;// CONCATENATED MODULE: ./build/src/target/ecs/alarm-definitions.js


/** By this, `setup` knows the alarms that it made: they are its own to change. */
const MARK = 'Made by blue-green-deploy from ecs.alarms.';
/** What is looked at, in seconds, and how many times in a row it must be too much: one slow minute is none of it. */
const PERIOD = 60;
const PERIODS = 2;
/** The alarms of both colors, each on the metrics of its own target group. */
const wantedAlarms = (options) => release_color/* COLORS */.lm.flatMap((color) => [errorAlarm(options, color), latencyAlarm(options, color)]);
function errorAlarm(options, color) {
    const limit = options.alarms['error-rate'];
    const meaning = `more than ${limit} % of the answers of ${color} are 5xx`;
    const sum = (Id, MetricName) => ({
        Id,
        ReturnData: false,
        MetricStat: {
            Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions: dimensions(options, color) },
            Period: PERIOD,
            Stat: 'Sum',
        },
    });
    return alarm(options, color, {
        suffix: '5xx',
        meaning,
        definition: {
            Threshold: limit,
            Metrics: [
                // Where there are no 5xx AWS has no datum of them, hence none of the share either: that is treated as fine.
                { Id: 'share', Expression: '100 * errors / requests', Label: meaning, ReturnData: true },
                sum('errors', 'HTTPCode_Target_5XX_Count'),
                sum('requests', 'RequestCount'),
            ],
        },
    });
}
function latencyAlarm(options, color) {
    const limit = options.alarms['response-time'];
    return alarm(options, color, {
        suffix: 'response-time',
        meaning: `one in twenty answers of ${color} takes longer than ${limit} ms`,
        definition: {
            Namespace: 'AWS/ApplicationELB',
            MetricName: 'TargetResponseTime',
            Dimensions: dimensions(options, color),
            Period: PERIOD,
            ExtendedStatistic: 'p95',
            // Of a handful of requests there is no 95th percentile.
            EvaluateLowSampleCountPercentile: 'ignore',
            Threshold: limit / 1000,
        },
    });
}
const dimensions = ({ groups, balancer }, color) => dimensionsOf(groups[color], balancer);
const alarm = ({ app, environment, alarms }, color, { suffix, meaning, definition }) => ({
    name: `${app}-${environment}-${color}-${suffix}`,
    meaning,
    definition: {
        AlarmDescription: `${MARK} It goes off when ${meaning}, for ${PERIODS} minutes.`,
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: PERIODS,
        DatapointsToAlarm: PERIODS,
        // The idle color has no requests.
        TreatMissingData: 'notBreaching',
        ...(alarms['sns-topic'] !== undefined && { AlarmActions: [alarms['sns-topic']] }),
        ...definition,
    },
});
const isOurs = ({ AlarmDescription = '' }) => AlarmDescription.startsWith(MARK);
/** Which of the things that `setup` decides are otherwise in the alarm as it is. */
const differences = (alarm, { definition }) => Object.entries(definition)
    .filter(([key, value]) => !has(alarm[key], value))
    .map(([key]) => key);
/** The alarm as it is to be: what others have added to it stays. */
function merged(alarm, { name, definition }) {
    const { ActionsEnabled, OKActions, InsufficientDataActions, AlarmActions = [] } = alarm;
    return {
        AlarmName: name,
        ActionsEnabled,
        OKActions,
        InsufficientDataActions,
        ...definition,
        AlarmActions: [...new Set([...AlarmActions, ...(definition.AlarmActions ?? [])])],
    };
}
/** Whether `actual` has all of `wanted`: AWS adds members that it has defaults for, and keeps lists in its own order. */
function has(actual, wanted) {
    if (wanted === undefined)
        return true;
    if (Array.isArray(wanted))
        return Array.isArray(actual) && wanted.every((item) => actual.some((one) => has(one, item)));
    if (typeof wanted !== 'object' || wanted === null)
        return actual === wanted;
    return (typeof actual === 'object' &&
        actual !== null &&
        Object.entries(wanted).every(([key, value]) => has(actual[key], value)));
}

;// CONCATENATED MODULE: ./build/src/target/ecs/setup-alarms.js




/**
 * What is missing of the alarms of `ecs.alarms`, or otherwise than they say.
 * @throws DeployError `foreign-alarm` where somebody else has an alarm of that name
 */
async function alarmSteps(cloudWatch, options) {
    const wanted = wantedAlarms(options);
    const existing = await find(cloudWatch, wanted.map(({ name }) => name));
    return wanted.flatMap((alarm) => {
        const found = existing.get(alarm.name);
        const put = (input, what) => [{ what, make: () => save(cloudWatch, input) }];
        if (found === undefined)
            return put({ AlarmName: alarm.name, ...alarm.definition }, `alarm ${alarm.name}: ${alarm.meaning}`);
        const differing = differences(found, alarm);
        if (differing.length === 0)
            return [];
        if (!isOurs(found))
            throw foreign(alarm);
        return put(merged(found, alarm), `alarm ${alarm.name} with another ${differing.join(', ')}: ${alarm.meaning}`);
    });
}
function find(cloudWatch, AlarmNames) {
    return cloudWatch.read('cloudwatch:DescribeAlarms', async (client, { DescribeAlarmsCommand }) => {
        const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm'] }));
        return new Map(MetricAlarms.map((alarm) => [alarm.AlarmName ?? '', alarm]));
    });
}
async function save(cloudWatch, input) {
    const { client, sdk } = await cloudWatch.open();
    try {
        await (0,ecs_aws/* modify */.JP)('cloudwatch:PutMetricAlarm', () => client.send(new sdk.PutMetricAlarmCommand(input)));
    }
    catch (error) {
        throw withStatement(error, STATEMENTS.setup);
    }
}
const foreign = ({ name }) => new errors/* DeployError */.s(`There is an alarm ${name} already, which setup did not make, and which is not as ecs.alarms says.`, {
    code: 'foreign-alarm',
    hint: 'Delete it, or remove ecs.alarms and go on with your own: stabilize.alarms takes any name.',
});

;// CONCATENATED MODULE: ./build/src/target/ecs/setup.js



/** Makes what is missing, after telling what that is. */
async function setUp(options, announce) {
    // Alarms first: where AWS denies them, nothing of the traffic has been touched.
    const steps = [...(await missingAlarms(options)), ...(await missingGroups(options))];
    const lines = steps.map(({ what }) => what);
    announce(lines);
    for (const { make } of steps)
        await make();
    return lines;
}
async function missingAlarms(options) {
    const { alarms, cloudWatch, traffic } = options;
    if (alarms === undefined)
        return [];
    // All listeners are of one load balancer.
    const [balancer = ''] = balancersOf(traffic.rules);
    if (!countsAnswers(balancer))
        throw new errors/* DeployError */.s(`The load balancer ${balancer} counts no answers: there is nothing for ecs.alarms to look at.`, {
            code: 'not-supported',
            hint: 'Remove ecs.alarms; stabilize.alarms takes alarms of your own on other metrics.',
        });
    return alarmSteps(cloudWatch, { ...options, alarms, balancer });
}
async function missingGroups({ traffic, groups, attach }) {
    const detached = await traffic.detached(groups);
    if (detached.length === 0)
        return [];
    const { blue, green } = await traffic.weights(groups);
    const names = detached.map(({ arn }) => arn).join(', ');
    const what = `both target groups attached at blue ${blue} and green ${green}, so that the idle one is health-checked, on ${names}`;
    return [{ what, make: async () => void (await attach()) }];
}

;// CONCATENATED MODULE: ./build/src/target/ecs/alarms.js
/** Without this list, AWS answers with metric alarms only. */
const TYPES = ['MetricAlarm', 'CompositeAlarm'];
/** What DescribeAlarms takes and gives at most, and DescribeAlarmHistory gives. */
const PAGE = 100;
const STATES = { OK: 'ok', ALARM: 'alarm', INSUFFICIENT_DATA: 'insufficient-data' };
/** CloudWatch's alarms, of both kinds. */
class CloudWatchAlarms {
    #cloudWatch;
    constructor(cloudWatch) {
        this.#cloudWatch = cloudWatch;
    }
    async read(names) {
        const found = [];
        for (let start = 0; start < names.length; start += PAGE)
            found.push(...(await this.#describe(names.slice(start, start + PAGE))));
        return found;
    }
    #describe(AlarmNames) {
        return this.#cloudWatch.read('cloudwatch:DescribeAlarms', async (client, { paginateDescribeAlarms }) => {
            const found = [];
            const pages = paginateDescribeAlarms({ client, pageSize: PAGE }, { AlarmNames, AlarmTypes: TYPES });
            for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages)
                found.push(...MetricAlarms.map((alarm) => stateOf(alarm, windowMs(alarm))), ...CompositeAlarms.map((alarm) => stateOf(alarm, 0)));
            return found;
        });
    }
    wentOff(name, since) {
        return this.#cloudWatch.read('cloudwatch:DescribeAlarmHistory', async (client, { DescribeAlarmHistoryCommand }) => {
            const { AlarmHistoryItems = [] } = await client.send(new DescribeAlarmHistoryCommand({
                AlarmName: name,
                AlarmTypes: TYPES,
                HistoryItemType: 'StateUpdate',
                StartDate: new Date(since),
                ScanBy: 'TimestampDescending',
                MaxRecords: PAGE,
            }));
            for (const { Timestamp, HistoryData, HistorySummary } of AlarmHistoryItems) {
                if ((Timestamp?.getTime() ?? 0) <= since)
                    continue;
                const reason = alarmReason(HistoryData, HistorySummary);
                if (reason !== undefined)
                    return reason;
            }
            return undefined;
        });
    }
}
const stateOf = (alarm, windowMs) => ({
    name: alarm.AlarmName ?? '',
    state: STATES[alarm.StateValue ?? 'INSUFFICIENT_DATA'],
    reason: oneLine(alarm.StateReason ?? ''),
    // StateUpdatedTimestamp moves at each evaluation that changes anything of it, not only with the state.
    since: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.getTime() ?? 0,
    windowMs,
});
/** Alarms on a calculation have their periods in its metrics. */
function windowMs({ Period, Metrics = [], EvaluationPeriods = 1 }) {
    const periods = Metrics.map((metric) => metric.MetricStat?.Period ?? metric.Period ?? 0);
    return 1000 * Math.max(Period ?? 0, ...periods) * EvaluationPeriods;
}
/** Why it went off, of an item of its history; nothing where it became something else. */
function alarmReason(data, summary) {
    const state = newState(data);
    if (state?.stateValue === 'ALARM')
        return oneLine(state.stateReason ?? summary ?? '');
    return state === undefined && /to ALARM\b/.test(summary ?? '') ? oneLine(summary ?? '') : undefined;
}
/** HistoryData is JSON, of which AWS documents no schema. */
function newState(data) {
    try {
        return JSON.parse(data ?? '').newState;
    }
    catch {
        return undefined;
    }
}
/** AWS ends its reasons with a full stop; ours go into sentences. */
const oneLine = (text) => text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');

;// CONCATENATED MODULE: ./build/src/target/ecs/answers.js


/** Load balancers tell CloudWatch what they counted once a minute. */
const MINUTE_MS = 60_000;
/**
 * What CloudWatch keeps of a target group. Of the 5xx, only those that targets gave: what the load balancer answers by
 * itself has no target group, but where a target refused the connection, that is counted.
 */
const METRICS = [
    ['requests', 'RequestCount', 'Sum'],
    ['answers5xx', 'HTTPCode_Target_5XX_Count', 'Sum'],
    ['unanswered', 'TargetConnectionErrorCount', 'Sum'],
    ['latency', 'TargetResponseTime', 'p95'],
];
/** What the load balancers of the listeners counted, by target group, as CloudWatch tells it. */
class BalancerAnswers {
    latency = 'p95';
    // A minute, and up to two until it can be read.
    delayMs = 3 * MINUTE_MS;
    periodMs = MINUTE_MS;
    #cloudWatch;
    /** As metrics name them: `app/shop/50dc6c495c0c9188`. */
    #balancers;
    #groups;
    constructor(options) {
        this.#cloudWatch = options.cloudWatch;
        this.#balancers = options.balancers;
        this.#groups = options.groups;
    }
    async open(since = Date.now()) {
        const queries = queriesFor(this.#balancers, await this.#groups());
        // What came before in that minute can't be told apart; on a color that had no users it is the smoke tests.
        const from = new Date(Math.floor(since / MINUTE_MS) * MINUTE_MS);
        return {
            read: async () => {
                const minutes = byColor(await this.#fetch(queries, from));
                return { blue: sumOf(minutes.blue), green: sumOf(minutes.green) };
            },
        };
    }
    /** Both colors in one call, so that they are of one moment. */
    #fetch(MetricDataQueries, StartTime) {
        return this.#cloudWatch.read('cloudwatch:GetMetricData', async (client, { paginateGetMetricData }) => {
            const found = [];
            // Our clock and AWS's may differ a little, and the minute that runs is wanted too.
            const EndTime = new Date(Math.max(Date.now(), StartTime.getTime()) + 2 * MINUTE_MS);
            const pages = paginateGetMetricData({ client }, { MetricDataQueries, StartTime, EndTime });
            for await (const { MetricDataResults = [] } of pages)
                found.push(...MetricDataResults);
            return found;
        });
    }
}
/** Ids begin with a small letter: `requests_blue_0` is the first load balancer's. */
function queriesFor(balancers, groups) {
    return balancers.flatMap((balancer, index) => release_color/* COLORS */.lm.flatMap((color) => METRICS.map(([metric, MetricName, Stat]) => ({
        Id: `${metric}_${color}_${index}`,
        MetricStat: {
            Metric: {
                Namespace: 'AWS/ApplicationELB',
                MetricName,
                Dimensions: dimensionsOf(groups[color], balancer),
            },
            Period: MINUTE_MS / 1000,
            Stat,
        },
    }))));
}
function byColor(results) {
    const minutes = { blue: new Map(), green: new Map() };
    for (const { Id = '', Timestamps = [], Values = [] } of results) {
        const [metric, color, index] = Id.split('_');
        for (const [at, time] of Timestamps.entries()) {
            const key = `${index} ${time.getTime()}`;
            minutes[color].set(key, { ...minutes[color].get(key), [metric]: Values[at] ?? 0 });
        }
    }
    return minutes;
}
/**
 * Minutes without requests, or without errors, are not there. Percentiles of several minutes can't be put together to
 * that of all of them; their mean, each as heavy as it had requests, is close as long as the minutes are alike.
 */
function sumOf(minutes) {
    let [requests, errors, measured, seconds] = [0, 0, 0, 0];
    for (const { requests: of = 0, answers5xx = 0, unanswered = 0, latency } of minutes.values()) {
        requests += of;
        // Connections are tried more than once for one request.
        errors += Math.min(of, answers5xx + unanswered);
        if (latency === undefined)
            continue;
        measured += of;
        seconds += latency * of;
    }
    return { requests, errors, ...(measured > 0 && { latencyMs: (1000 * seconds) / measured }) };
}

;// CONCATENATED MODULE: ./build/src/target/ecs/signals.js



/** What CloudWatch tells of a release behind these listeners and rules. */
function signalsFrom(cloudWatch, rules, groups) {
    const alarms = new CloudWatchAlarms(cloudWatch);
    const balancers = balancersOf(rules);
    if (!balancers.every(countsAnswers))
        return { alarms };
    return { alarms, answers: new BalancerAnswers({ cloudWatch, balancers, groups }) };
}

;// CONCATENATED MODULE: ./build/src/target/ecs/situation.js





/** What the services and the weights tell. */
async function situationOf(seen) {
    const { services, weights } = seen;
    const journal = (0,service_journal/* readJournal */.a0)([services.blue, services.green]);
    const colors = {
        blue: await situation_stateOf(seen, 'blue'),
        green: await situation_stateOf(seen, 'green'),
    };
    return { live: (0,live_color/* liveColor */.K)(weights, journal?.from), weights, colors, journal };
}
async function situation_stateOf({ settings, services, definitions, workers }, color) {
    const service = services[color];
    const definition = await definitions.get(service.taskDefinition ?? '');
    const release = (0,releases/* asRelease */.M)(definition, (0,wiring/* containerOf */.t8)(settings, services, color));
    return {
        release,
        standing: (0,standings/* standingOf */.YP)(services, color, release.id),
        liveSince: (0,standings/* liveSinceOf */.mR)(services, color, release.id),
        desired: service.desiredCount ?? 0,
        running: service.runningCount ?? 0,
        ...(workers.all.length > 0 && {
            workers: workers.desired(color),
            lags: workers.lags(color),
        }),
    };
}

// EXTERNAL MODULE: ./build/src/target/ecs/tasks.js
var tasks = __webpack_require__(7989);
// EXTERNAL MODULE: ./build/src/target/ecs/traffic.js + 2 modules
var traffic = __webpack_require__(8439);
;// CONCATENATED MODULE: ./build/src/target/ecs/worker-record.js


/** What of a run concerns one worker; kept as tags on its own services, as one tag takes 256 characters only. */
const KEYS = ['release', 'parked-release', 'parked-count', 'scaling'];
class WorkerRecords {
    #pair;
    /** What this run has written; else what the tags say. */
    #records = new Map();
    constructor(pair) {
        this.#pair = pair;
    }
    /** As far as the services were seen. */
    read(color) {
        const own = this.#records.get(color);
        if (own !== undefined)
            return own;
        const tags = (0,ecs_tags/* tagMap */.lD)(this.#pair.seen[color]?.tags);
        return Object.fromEntries(KEYS.flatMap((key) => {
            const value = tags.get((0,ecs_tags/* journalTag */.cP)(key));
            return value === undefined ? [] : [[key, value]];
        }));
    }
    async write(color, service, record) {
        this.#records.set(color, { ...this.read(color), ...record });
        await this.#pair.tag(service, (0,ecs_tags/* journalTags */.jN)(record));
    }
    async forget() {
        const services = await this.#pair.known();
        for (const color of release_color/* COLORS */.lm) {
            if (Object.keys(this.read(color)).length > 0)
                await this.#pair.untag(services[color], KEYS.map(ecs_tags/* journalTag */.cP));
            this.#records.set(color, {});
        }
    }
}

;// CONCATENATED MODULE: ./build/src/target/ecs/worker.js












/**
 * How many looks in a row must find a task of a new release running. Nothing asks a worker whether it works, and ECS
 * calls a rollout completed as soon as its tasks run: that one crashes at its start shows only in the time after that
 * (facts/ecs.md 3, row 29). With the default interval these are nine seconds.
 */
const PROOF_LOOKS = 4;
/**
 * Two services without traffic, one per color, which move along with those that have it. A worker of the new release
 * runs beside the old one from stage to retire: only tasks that run are a proof (facts/ecs.md 4b: at a desired count of
 * 0 a deployment completes without ever running one), and the old one, untouched until then, is what users fall back on.
 */
class Worker {
    pair;
    scaling;
    #options;
    #anchors = new Map();
    /** The colors on which this run started a release that nobody has seen run before. */
    #unproven = new Set();
    /** Counts that this run asked for. */
    #asked = new Map();
    /** What a parked or restored service will show in the end. */
    #told = new Map();
    /** Its release by the id of the release that it belongs to. */
    #created = new Map();
    #records;
    /** How its services scale, as `scaling.save` found it, until it is written. */
    #saved;
    constructor(options) {
        const { aws, settings, names, path, carriesTraffic } = options;
        this.#options = options;
        this.pair = new ecs_services/* ServicePair */.Oq(aws, settings, { names, path });
        this.#records = new WorkerRecords(this.pair);
        this.scaling = new EcsScaling({
            aws,
            settings: { ...settings, services: names },
            services: this.pair,
            asked: (color) => this.#asked.get(color),
            carriesTraffic,
        });
    }
    /** Creates its revision of the release `of`; true where the live worker runs another. */
    async create(request, of, pin) {
        const { color } = request;
        const { definitions, settings } = this.#options;
        const services = await this.pair.recent();
        const [live, parked] = [services[(0,release_color/* otherColor */.IP)(color)], services[color]];
        const base = await definitions.get(live.taskDefinition ?? '');
        const former = await definitions.get(parked.taskDefinition ?? '');
        const { references, tag } = await pin(workerImages(base, settings, request));
        const definition = await definitions.register((0,task_definitions/* withImages */.nS)(base, references, tag), former.family === base.family ? [base, former] : [base]);
        this.#created.set(of, (0,ecs_arn/* releaseId */.Bf)(definition.arn));
        return definition.arn !== live.taskDefinition && (live.desiredCount ?? 0) > 0;
    }
    /** Writes down what is needed to undo what a run is about to do, before that is written for the whole. */
    async note(color, record) {
        const from = (0,release_color/* otherColor */.IP)(color);
        const scaling = this.#saved;
        this.#saved = undefined;
        if (record['phase'] === 'staging') {
            const services = await this.pair.describe();
            const parked = services[color];
            await this.#records.write(color, parked, {
                release: this.#created.get(record['release'] ?? '') ?? (await this.#former(parked, record)),
                'parked-release': (0,ecs_arn/* releaseId */.Bf)(parked.taskDefinition ?? ''),
                'parked-count': String(parked.desiredCount ?? 0),
                scaling: scaling?.[color] ?? '',
            });
            if (scaling !== undefined && scaling[from] !== '')
                await this.#records.write(from, services[from], { scaling: scaling[from] });
        }
        else if (scaling !== undefined && scaling[from] !== '') {
            await this.#records.write(from, (await this.pair.known())[from], { scaling: scaling[from] });
        }
    }
    forget() {
        return this.#records.forget();
    }
    /** Reads how it scales now, for `note`; whether any of its services does. */
    async saveScaling() {
        const { colors, warning } = await this.scaling.save();
        this.#saved = colors;
        return { colors, warning };
    }
    /** How it scaled when that was noted. */
    async noted() {
        await this.pair.known();
        return {
            blue: this.#records.read('blue').scaling ?? '',
            green: this.#records.read('green').scaling ?? '',
        };
    }
    /** Whether the run under way, or the dead one, has to do with it: the config may have changed in between. */
    async takesPart(to) {
        await this.pair.known();
        return this.#records.read(to).release !== undefined;
    }
    /**
     * Starts as many as the live color runs, which may be none: then there is nothing to prove.
     * @param least where nothing is live
     */
    async start(color, { warm, least }) {
        const services = await this.pair.recent();
        const { release } = this.#records.read(color);
        if (release === undefined)
            return;
        const service = services[color];
        const running = this.#asked.get(color) ?? 0;
        const count = Math.max(services[(0,release_color/* otherColor */.IP)(color)].desiredCount ?? 0, least, warm ? running : 0);
        if (warm && running > 0 && running === count)
            return;
        const primary = (0,ecs_services/* primaryDeployment */.sg)(service);
        const same = (0,ecs_arn/* releaseId */.Bf)(service.taskDefinition ?? '') === release;
        const keep = warm && same && (service.runningCount ?? 0) > 0 && primary?.rolloutState !== 'FAILED';
        this.#told.delete(color);
        const updated = await this.pair.update(color, keep || (same && count === 0)
            ? { desiredCount: count }
            : { taskDefinition: release, desiredCount: count, ...(count > 0 && { forceNewDeployment: true }) });
        this.#asked.set(color, count);
        this.#anchors.set(color, new ecs_anchor/* Anchor */.M((0,ecs_services/* primaryDeployment */.sg)(updated), count, keep ? 'woken' : 'fresh'));
        // What users had before, or what is proven already, needs no second proof: a rollback must be quick.
        if (warm)
            this.#unproven.delete(color);
        else
            this.#unproven.add(color);
    }
    async health(color, { given, since }) {
        const { aws, tasks, places, logs, definitions, settings } = this.#options;
        const service = (await this.pair.recent())[color];
        let anchor = this.#anchors.get(color);
        if (anchor === undefined) {
            const desired = service.desiredCount ?? 0;
            anchor =
                since === undefined
                    ? new ecs_anchor/* Anchor */.M((0,ecs_services/* primaryDeployment */.sg)(service), desired, 'found')
                    : ecs_anchor/* Anchor */.M.ofLive((0,ecs_arn/* releaseId */.Bf)(service.taskDefinition ?? ''), desired, since);
            this.#anchors.set(color, anchor);
            const { release } = this.#records.read(color);
            const runs = (0,ecs_arn/* releaseId */.Bf)(service.taskDefinition ?? '');
            if (release !== undefined && release !== runs)
                return replaced(runs, release);
        }
        const wanted = given ? Math.min(anchor.wanted, service.desiredCount ?? 0) : anchor.wanted;
        if (anchor.wanted === 0 || (given && wanted === 0 && anchor.sees(service)))
            return undefined;
        const definition = await definitions.get(service.taskDefinition ?? '');
        return (0,health/* look */.O)({
            aws,
            tasks,
            places,
            logs,
            service,
            anchor,
            wanted,
            hasUsers: given,
            isChecked: hasHealthCheck(definition),
            images: takers(definition, settings),
            looks: this.#unproven.has(color) ? PROOF_LOOKS : 1,
            container: this.#container(definition),
        });
    }
    async diagnose(color) {
        const anchor = this.#anchors.get(color);
        if (anchor?.last === undefined)
            return undefined;
        const definition = await this.#options.definitions.get(anchor.last.service.taskDefinition ?? '');
        return (0,health/* explain */.W)(anchor, this.#options.logs, this.#container(definition));
    }
    /** Two releases do not share a queue for longer than they must: none is kept warm. */
    async park(color) {
        // A run that began without it has started no other in its place.
        if (!(await this.takesPart((0,release_color/* otherColor */.IP)(color))))
            return;
        await this.pair.update(color, { desiredCount: 0 });
        this.#told.set(color, { count: 0 });
    }
    async restore(color) {
        await this.pair.known();
        const record = this.#records.read(color);
        if (record.release === undefined)
            return;
        const count = Number(record['parked-count'] ?? 0);
        const release = record['parked-release'] ?? '';
        this.#anchors.delete(color);
        this.#asked.delete(color);
        await putBack(this.pair, color, release, count);
        this.#told.set(color, { release, count });
    }
    /** How many it is meant to run, as far as the last look showed. */
    desired(color) {
        return this.pair.seen[color]?.desiredCount ?? 0;
    }
    /** Whether ECS shows something else than it was told last. */
    lags(color) {
        const [told, shown] = [this.#told.get(color), this.pair.seen[color]];
        if (told === undefined || shown === undefined)
            return false;
        const { release = '' } = told;
        return (shown.desiredCount !== told.count ||
            (release !== '' && (0,ecs_arn/* releaseId */.Bf)(shown.taskDefinition ?? '') !== release));
    }
    close() {
        return this.scaling.close();
    }
    /**
     * The release to go back to: what it was parked with, unless that is another tag's and there is one of the right tag
     * (it may have been parked before it moved along, or the rollback goes further back).
     */
    async #former(parked, record) {
        const { definitions, settings } = this.#options;
        const tag = record['image-tag'] ?? '';
        const held = await definitions.get(parked.taskDefinition ?? '');
        const has = (definition) => takers(definition, settings).some((name) => (0,release_image/* isImage */.wu)((0,ecs_images/* imageOf */.dT)(definition, name), tag));
        if (has(held))
            return (0,ecs_arn/* releaseId */.Bf)(held.arn);
        const found = await definitions.find(held.family, has);
        return (0,ecs_arn/* releaseId */.Bf)((found ?? held).arn);
    }
    #container(definition) {
        return takers(definition, this.#options.settings)[0] ?? '';
    }
}
/** Only where another run started it: somebody, or ECS's circuit breaker, put another release there since. */
function replaced(runs, release) {
    const reason = `it runs ${runs}, and not ${release} that was proven there`;
    const hint = 'Somebody, or the circuit breaker of ECS, replaced it. Run operation: abort, then stage again.';
    return {
        ready: 0,
        wanted: 1,
        detail: reason,
        failure: { code: 'superseded', reason, hint, details: [] },
    };
}

;// CONCATENATED MODULE: ./build/src/target/ecs/worker-problems.js




/** What would make a worker fail, or not be one, as far as it can be seen beforehand. */
function workerProblems({ settings, services, definition, live, path, }) {
    return [
        ...release_color/* COLORS */.lm.flatMap((color) => [
            ...(0,preflight/* controllerProblems */.xg)(services[color]),
            ...(0,preflight/* schedulingProblems */.th)(services[color]),
            ...balancerProblems(services[color], path),
        ]),
        ...imageProblems(settings, definition, path),
        ...colorProblems(services, live, path),
    ];
}
function balancerProblems({ serviceName, loadBalancers = [] }, path) {
    if (loadBalancers.length === 0)
        return [];
    return [
        problem(`Service ${serviceName} of ${path} has a load balancer, whose traffic would not move.`, 'Workers have no traffic: name services with traffic in ecs.services.', true),
    ];
}
function imageProblems(settings, definition, path) {
    if (takers(definition, settings).length > 0)
        return [];
    const images = (0,task_definitions/* containersOf */.Mz)(definition).map(({ name, image }) => `${name} (${image})`);
    return [
        problem(`No essential container of ${definition.arn}, which ${path} runs, has an image of ${settings.image}.`, `Its containers are ${images.join(', ')}: name the one that gets the tag, with its repository, in ecs.images.`),
    ];
}
/** The names the wrong way around: the one that works would be stopped for the release that it has not. */
function colorProblems(services, live, path) {
    const idle = (0,release_color/* otherColor */.IP)(live);
    if ((services[live].desiredCount ?? 0) > 0 || (services[idle].desiredCount ?? 0) === 0)
        return [];
    return [
        problem(`${live} is live, and of ${path} only ${idle} runs (${services[idle].serviceName}).`, `Correct ${path} if blue and green are the wrong way around; else start ${services[live].serviceName}, and stop the other one.`, true),
    ];
}
const problem = (message, fix, forceable = false) => ({ message, fix, forceable });

;// CONCATENATED MODULE: ./build/src/target/ecs/workers.js




/** All services without traffic that move along, in the order of the config. */
class Workers {
    all;
    #options;
    /** Whose tasks were not proven at the last look, per color; nothing where those behind the load balancer were not. */
    #behind = new Map();
    constructor(options) {
        this.#options = options;
        this.all = options.settings.workers.map((names, index) => new Worker({ ...options, names, path: `ecs.workers[${index}]` }));
    }
    get pairs() {
        return this.all.map(({ pair }) => pair);
    }
    /** What the live ones run. */
    async definitions(live) {
        const found = [];
        for (const { pair } of this.all)
            found.push(await this.#options.definitions.get((await pair.recent())[live].taskDefinition ?? ''));
        return found;
    }
    /** What a deployment would start of them. */
    async starting(request) {
        const { settings } = this.#options;
        const definitions = await this.definitions((0,release_color/* otherColor */.IP)(request.color));
        return Promise.all(this.all.map(async ({ pair }, index) => ({
            service: (await pair.recent())[request.color],
            definition: definitions[index],
            images: workerImages(definitions[index], settings, request),
        })));
    }
    async preflight(live, { readOnly }) {
        const settings = this.#options.settings;
        const problems = [];
        for (const [index, { pair, scaling }] of this.all.entries()) {
            const services = await pair.recent();
            if (!readOnly)
                await scaling.check(services, live);
            const definition = await this.#options.definitions.get(services[live].taskDefinition ?? '');
            const path = `ecs.workers[${index}]`;
            problems.push(...workerProblems({ settings, services, definition, live, path }));
        }
        return problems;
    }
    /** Whether a live worker runs another release than that. */
    async create(request, of, pin) {
        let differs = false;
        for (const worker of this.all)
            if (await worker.create(request, of, pin))
                differs = true;
        return differs;
    }
    async note(color, record) {
        for (const worker of this.all)
            await worker.note(color, record);
    }
    async forget() {
        for (const worker of this.all)
            await worker.forget();
    }
    async start(color, options) {
        for (const worker of this.all)
            await worker.start(color, options);
    }
    async park(color) {
        for (const worker of this.all)
            await worker.park(color);
    }
    async restore(color) {
        for (const worker of this.all)
            await worker.restore(color);
    }
    /** What the color's tasks behind the load balancer came to, and its workers: proven only together. */
    async join(color, main, users) {
        this.#behind.delete(color);
        if (this.all.length === 0 || main.failure !== undefined)
            return main;
        const parts = [main];
        for (const worker of this.all) {
            const health = await worker.health(color, users);
            if (health === undefined)
                continue;
            parts.push(named(worker.pair.names[color], health));
            if (health.ready < health.wanted && !this.#behind.has(color) && main.ready >= main.wanted)
                this.#behind.set(color, worker);
        }
        return {
            ready: sum(parts, ({ ready, wanted }) => Math.min(ready, wanted)),
            wanted: sum(parts, ({ wanted }) => wanted),
            detail: parts.map(({ detail }) => detail).join('; '),
            news: parts.flatMap(({ news = [] }) => news),
            failure: parts.find(({ failure }) => failure !== undefined)?.failure,
        };
    }
    /** Why a worker is not proven where everything else is; nothing where it is not for a worker. */
    async diagnose(color) {
        const worker = this.#behind.get(color);
        const failure = await worker?.diagnose(color);
        if (worker === undefined || failure === undefined)
            return undefined;
        return withName(worker.pair.names[color], failure);
    }
    desired(color) {
        return this.all.map((worker) => worker.desired(color));
    }
    lags(color) {
        return this.all.some((worker) => worker.lags(color));
    }
    async close() {
        for (const worker of this.all)
            await worker.close();
    }
}
const named = (name, { failure, ...health }) => ({
    ...health,
    detail: `${name}: ${health.detail}`,
    news: (health.news ?? []).map((message) => `${name}: ${message}`),
    ...(failure !== undefined && { failure: withName(name, failure) }),
});
const withName = (name, failure) => ({
    ...failure,
    reason: `worker ${name}: ${failure.reason}`,
});
const sum = (parts, of) => parts.reduce((total, part) => total + of(part), 0);

;// CONCATENATED MODULE: ./build/src/target/ecs/ecs.js
































/** Amazon ECS behind a load balancer: one service and one target group for each color. */
class EcsTarget {
    kind = 'ecs';
    description;
    propagationMs;
    signals;
    lock;
    journal;
    scaling;
    #options;
    #settings;
    #aws;
    #services;
    #workers;
    #mainScaling;
    #definitions;
    #tasks;
    #health;
    #releases;
    #places;
    #logs;
    #registry;
    #ahead;
    #cloudWatch;
    #listeners;
    #traffic;
    #idle;
    constructor(options) {
        const { app, environment, settings } = options;
        this.#options = options;
        this.#settings = settings;
        this.#aws = (0,connection/* connectTo */.m)(settings, options.signal);
        this.#definitions = new task_definitions/* TaskDefinitions */.Y_(this.#aws);
        this.#tasks = new tasks/* Tasks */.Z(this.#aws, settings);
        this.#places = new places/* Places */.N(this.#aws, settings);
        this.#logs = new log_tail/* LogTail */.J(this.#aws, this.#definitions);
        this.#registry = new registry/* Registry */.O(this.#aws);
        this.#ahead = new look_ahead/* LookAhead */.d({ aws: this.#aws, tasks: this.#tasks, registry: this.#registry });
        this.#cloudWatch = new CloudWatch(this.#aws);
        const carriesTraffic = (color) => this.#traffic.carries(color);
        const sources = {
            aws: this.#aws,
            settings,
            tasks: this.#tasks,
            places: this.#places,
            logs: this.#logs,
        };
        this.#health = new ColorHealth(sources);
        this.#workers = new Workers({ ...sources, definitions: this.#definitions, carriesTraffic });
        this.#services = new ecs_services/* ServicePair */.Oq(this.#aws, settings, { along: this.#workers.pairs });
        this.#listeners = new traffic/* Traffic */.e(this.#aws, settings.listeners);
        this.#traffic = new ColorTraffic({
            aws: this.#aws,
            settings,
            services: this.#services,
            listeners: this.#listeners,
        });
        this.#idle = new IdleColor({
            services: this.#services,
            traffic: this.#traffic,
            health: this.#health,
            workers: this.#workers,
        });
        this.#releases = new Releases({
            settings,
            services: this.#services,
            definitions: this.#definitions,
            registry: this.#registry,
            workers: this.#workers,
        });
        this.signals = signalsFrom(this.#cloudWatch, this.#listeners.rules, () => this.#traffic.groups());
        this.propagationMs = settings.propagation;
        this.description = `ECS ${settings.region}/${settings.cluster}, ${settings.services.blue} | ${settings.services.green}`;
        const { listenerArn } = this.#listeners.rules[0];
        const locked = { app, environment, listenerArn };
        this.lock = this.#listeners.isNetwork
            ? new ListenerLease(this.#aws, locked)
            : new preview_rule/* PreviewRule */.L(this.#aws, {
                ...locked,
                priority: settings['preview-priority'],
                idleGroup: () => this.#traffic.idleGroup(),
            });
        this.#mainScaling = new EcsScaling({
            aws: this.#aws,
            settings,
            services: this.#services,
            asked: (color) => this.#health.asked(color),
            carriesTraffic,
        });
        this.scaling = new ScalingOfAll(this.#mainScaling, this.#workers);
        this.journal = (0,service_journal/* journalOn */.P3)(this.#services, this.#workers);
    }
    async inspect() {
        const services = await this.#services.describe();
        return situationOf({
            settings: this.#settings,
            services,
            weights: await this.#traffic.weights(services),
            definitions: this.#definitions,
            workers: this.#workers,
        });
    }
    async preflight(request, { readOnly }) {
        const { color, imageTag } = request;
        const services = await this.#services.recent();
        const live = (0,release_color/* otherColor */.IP)(color);
        if (!readOnly)
            await this.#mainScaling.check(services, live);
        const definition = await this.#definitions.get(services[live].taskDefinition ?? '');
        const groups = (0,wiring/* groupsOf */.c1)(this.#settings, services);
        // Machines have to be looked up then; whether that is allowed is found out now.
        if ((0,places/* sharesNetwork */.T)(definition))
            await this.#places.learn(await this.#tasks.running(services[live].serviceName ?? ''));
        const found = await (0,preflight/* findProblems */.o6)({
            aws: this.#aws,
            settings: this.#settings,
            services,
            groups,
            definition,
            container: (0,wiring/* containerOf */.t8)(this.#settings, services, live),
            imageTag,
            loadBalancer: (0,wiring/* balancerOf */.qV)(this.#listeners.rules[0].listenerArn),
            workers: await this.#workers.definitions(live),
        });
        const ofListeners = await (0,listener_problems/* listenerProblems */.F)({
            aws: this.#aws,
            rules: this.#listeners.rules,
            groups,
            held: await this.#listeners.held(),
            priority: this.#settings['preview-priority'],
            url: this.#options.url,
        });
        const ahead = await this.#ahead.look(() => this.#prospect(request), { readOnly });
        return [
            ...found,
            ...(await this.#workers.preflight(live, { readOnly })),
            ...ofListeners,
            ...ahead.problems,
        ];
    }
    async plan(request, course) {
        const services = await this.#services.recent();
        const ahead = await this.#ahead.look(() => this.#prospect(request), { readOnly: true });
        const plan = await planDeployment({
            request,
            course,
            aws: this.#aws,
            settings: this.#settings,
            services,
            groups: (0,wiring/* groupsOf */.c1)(this.#settings, services),
            container: (0,wiring/* containerOf */.t8)(this.#settings, services, (0,release_color/* otherColor */.IP)(request.color)),
            definitions: this.#definitions,
            registry: this.#registry,
            traffic: this.#listeners,
            scaling: this.#mainScaling,
            workers: this.#workers.all,
        });
        return { ...plan, notes: [...plan.notes, ...ahead.notes] };
    }
    prepare() {
        return this.#traffic.attach();
    }
    async setup(announce) {
        const { app, environment } = this.#options;
        return setUp({
            app,
            environment,
            alarms: this.#settings.alarms,
            cloudWatch: this.#cloudWatch,
            traffic: this.#listeners,
            groups: await this.#traffic.groups(),
            attach: () => this.prepare(),
        }, announce);
    }
    createRelease(request) {
        return this.#releases.create(request);
    }
    findRelease(imageTag) {
        return this.#releases.find(imageTag);
    }
    start(color, release, count, options) {
        return this.#idle.start(color, release, count, options);
    }
    async health(color, since) {
        const main = await this.#health.look(color, await this.#services.describe(), since);
        return this.#workers.join(color, main, { given: this.#health.isGiven(color), since });
    }
    async diagnose(color) {
        if (!this.#health.hasLooked(color))
            return undefined;
        return (await this.#workers.diagnose(color)) ?? this.#health.explain(color);
    }
    /** Load balancers weigh in single percents. */
    splitting() {
        return Promise.resolve([]);
    }
    async shift(weights) {
        await this.#traffic.shift(weights, (group) => this.lock.way(group));
        this.#health.shifted(weights);
    }
    /** ELBv2 has no call that tells how far its nodes are. */
    settled() {
        return Promise.resolve('unknown');
    }
    /** ALB counts no requests in flight; when tasks stop, their targets are drained by the load balancer itself. */
    inFlight() {
        return Promise.resolve('unknown');
    }
    lingerMs() {
        return this.#traffic.lingerMs();
    }
    park(color, keep) {
        return this.#idle.park(color, keep);
    }
    restore(color, release, count) {
        return this.#idle.restore(color, release, count);
    }
    mark(color, standing, liveSince) {
        return (0,standings/* markRelease */.vJ)(this.#services, color, standing, liveSince);
    }
    async preview() {
        const way = await this.lock.way(await this.#traffic.idleGroup());
        if (way === undefined)
            return undefined;
        return {
            url: await (0,base_url/* baseUrl */.p)(this.#aws, this.#listeners.rules[0].listenerArn, this.#options.url),
            ...way,
        };
    }
    async close() {
        this.#aws.ecs.destroy();
        this.#aws.elb.destroy();
        this.#logs.close();
        await this.#registry.close();
        this.#ahead.close();
        await this.#cloudWatch.close();
        await this.scaling.close();
        await this.#workers.close();
    }
    /** What a deployment would start. */
    async #prospect(request) {
        const { color } = request;
        const services = await this.#services.recent();
        const live = (0,release_color/* otherColor */.IP)(color);
        const main = {
            service: services[color],
            definition: await this.#definitions.get(services[live].taskDefinition ?? ''),
            images: (0,releases/* imagesOf */.I)(this.#settings, (0,wiring/* containerOf */.t8)(this.#settings, services, live), request),
        };
        return {
            starting: [main, ...(await this.#workers.starting(request))],
            services: [services.blue, services.green],
            loadBalancer: (0,ecs_arn/* loadBalancerArn */.yb)(this.#listeners.rules[0].listenerArn),
        };
    }
}


/***/ })

};
