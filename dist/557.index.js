export const id = 557;
export const ids = [557];
export const modules = {

/***/ 6557:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  NativeTarget: () => (/* binding */ NativeTarget)
});

// EXTERNAL MODULE: ./build/src/release/color.js
var release_color = __webpack_require__(9478);
// EXTERNAL MODULE: ./build/src/release/image.js
var release_image = __webpack_require__(4388);
// EXTERNAL MODULE: ./build/src/target/ecs/arn.js
var arn = __webpack_require__(6692);
// EXTERNAL MODULE: ./build/src/target/ecs/connection.js + 1 modules
var connection = __webpack_require__(1362);
// EXTERNAL MODULE: ./build/src/target/ecs/images.js
var ecs_images = __webpack_require__(5829);
// EXTERNAL MODULE: ./build/src/target/ecs/log-tail.js
var log_tail = __webpack_require__(7952);
// EXTERNAL MODULE: ./build/src/target/ecs/look-ahead.js + 4 modules
var look_ahead = __webpack_require__(750);
// EXTERNAL MODULE: ./build/src/target/ecs/live-color.js
var live_color = __webpack_require__(1655);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-ecs/dist-es/commands/UpdateServiceCommand.js
var UpdateServiceCommand = __webpack_require__(9623);
// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(2544);
// EXTERNAL MODULE: ./build/src/target/ecs/aws.js
var ecs_aws = __webpack_require__(3550);
// EXTERNAL MODULE: ./build/src/target/ecs/service-calls.js + 1 modules
var service_calls = __webpack_require__(8304);
;// CONCATENATED MODULE: ./build/src/target/ecs/native-service.js






/** How old a look may be that several steps share, in ms: about as long as ECS's own reads may lag behind it. */
const RECENT_MS = 2_000;
/** The single ECS service whose deployment strategy moves the traffic by itself. */
class NativeService {
    #aws;
    #settings;
    #last;
    constructor(aws, settings) {
        this.#aws = aws;
        this.#settings = settings;
    }
    async known() {
        return this.#last?.service ?? this.describe();
    }
    /** The last look, when it was a moment ago and we updated nothing since (tags aside); else a new one. */
    async recent() {
        if (this.#last === undefined || Date.now() - this.#last.at > RECENT_MS)
            return this.describe();
        return this.#last.service;
    }
    /** With its tags. @throws DeployError `cluster-not-found`, `service-not-found` */
    async describe() {
        const at = Date.now();
        const { native: name } = this.#settings.services;
        const services = await (0,service_calls/* describeServices */.Ge)(this.#aws, this.#settings, [name]);
        const service = services.find(({ status }) => status !== 'INACTIVE');
        if (service === undefined)
            throw new errors/* DeployError */.s(`There is no ECS service ${name} in cluster ${this.#settings.cluster}.`, {
                code: 'service-not-found',
                hint: 'Create it, or correct ecs.services.native.',
            });
        this.#last = { service, at };
        return service;
    }
    /** Asks ECS for a deployment of the revision, also where the service runs it already. */
    async deploy(taskDefinition) {
        const { cluster, services } = this.#settings;
        if (this.#last !== undefined)
            this.#last = { ...this.#last, at: Number.NEGATIVE_INFINITY };
        await (0,ecs_aws/* modify */.JP)('ecs:UpdateService', () => this.#aws.ecs.send(new UpdateServiceCommand/* UpdateServiceCommand */.k({
            cluster,
            service: services.native,
            taskDefinition,
            forceNewDeployment: true,
        })));
    }
    async tag(tags) {
        await (0,service_calls/* tagService */.Gl)(this.#aws, await this.known(), tags);
    }
    async untag(tagKeys) {
        await (0,service_calls/* untagService */.tS)(this.#aws, await this.known(), tagKeys);
    }
}
/** @throws DeployError `not-native` where ECS does not move the service's traffic, or not in a way that we can follow */
function wiringOf(service) {
    const name = service.serviceName ?? '';
    const controller = service.deploymentController?.type ?? 'ECS';
    const strategy = service.deploymentConfiguration?.strategy ?? 'ROLLING';
    if (controller !== 'ECS')
        throw notNative(`Service ${name} has the deployment controller ${controller}.`, 'Recreate it with the controller ECS.');
    if (strategy === 'ROLLING')
        throw notNative(`Service ${name} has the deployment strategy ROLLING, which keeps no former release.`, 'Set its strategy to BLUE_GREEN, LINEAR or CANARY, or give ecs.services a service for blue and one for green.');
    const balancers = (service.loadBalancers ?? []).filter(isAlternating);
    const [balancer, another] = balancers;
    if (balancer === undefined || another !== undefined)
        throw notNative(`Service ${name} has ${another === undefined ? 'no load balancer' : `${balancers.length} load balancers`} with an alternate target group and a production listener rule.`, 'Give its load balancer an advancedConfiguration, one of them (docs/ecs.md).');
    const { advancedConfiguration: { alternateTargetGroupArn, productionListenerRule, testListenerRule }, } = balancer;
    const production = (0,arn/* trafficRule */.UZ)(productionListenerRule);
    if (/:listener\/net\//.test(production.listenerArn))
        throw notNative(`Service ${name} is behind a network load balancer, which has no rules: there would be no lock.`, 'Use a service behind an application load balancer.');
    return {
        strategy,
        groups: { blue: balancer.targetGroupArn, green: alternateTargetGroupArn },
        production,
        ...(testListenerRule === undefined ? {} : { test: (0,arn/* trafficRule */.UZ)(testListenerRule) }),
        container: balancer.containerName ?? '',
    };
}
/** The container that takes the image: the configured one, else the one that the load balancer points at. */
const containerIn = (settings, { container }) => settings.container ?? container;
const isAlternating = (balancer) => balancer.targetGroupArn !== undefined &&
    balancer.advancedConfiguration?.alternateTargetGroupArn !== undefined &&
    balancer.advancedConfiguration.productionListenerRule !== undefined;
const colorOf = (groups, targetGroup) => release_color/* COLORS */.lm.find((color) => groups[color] === targetGroup);
const notNative = (message, hint) => new errors/* DeployError */.s(message, { code: 'not-native', hint });

// EXTERNAL MODULE: ./build/src/target/ecs/since.js
var since = __webpack_require__(4597);
// EXTERNAL MODULE: ./build/src/target/ecs/standings.js
var standings = __webpack_require__(8746);
// EXTERNAL MODULE: ./build/src/target/ecs/tags.js
var ecs_tags = __webpack_require__(5730);
;// CONCATENATED MODULE: ./build/src/target/ecs/native-standings.js



/** The release that users have, as this action last accepted it; and the one that they had before it. */
const WAS_LIVE = `${ecs_tags/* TAG_PREFIX */.C_}was-live`;
const FORMER = `${ecs_tags/* TAG_PREFIX */.C_}former`;
/** Since when users have it. */
const LIVE_SINCE = `${ecs_tags/* TAG_PREFIX */.C_}live-since`;
/** Where a rollback leads from `live`, as far as our tags know: nothing where somebody else deployed since. */
function formerOf(service, live) {
    const tags = (0,ecs_tags/* tagMap */.lD)(service.tags);
    return tags.get(WAS_LIVE) === live ? tags.get(FORMER) || undefined : undefined;
}
function standingIn(service, release) {
    if ((0,standings/* rolledBack */.EN)(service).includes(release))
        return 'rolled-back';
    const tags = (0,ecs_tags/* tagMap */.lD)(service.tags);
    return tags.get(WAS_LIVE) === release || tags.get(FORMER) === release ? 'was-live' : 'unknown';
}
const liveSinceIn = (service, release) => (0,since/* sinceIn */.y)((0,ecs_tags/* tagMap */.lD)(service.tags).get(LIVE_SINCE), release);
/** @param former empty where the release took nobody's place */
async function markAccepted(target, { release, former, liveSince }) {
    const service = await target.describe();
    await target.tag({
        [WAS_LIVE]: release,
        [LIVE_SINCE]: (0,since/* sinceValue */.a)(release, liveSince),
        ...(former === '' ? {} : { [FORMER]: former }),
        // Users have it again, and are content: it is forgiven.
        ...((0,standings/* rolledBack */.EN)(service).includes(release) ? (0,standings/* withoutRolledBack */.QE)(service, release) : {}),
    });
}
async function markRejected(target, release) {
    await target.tag((0,standings/* withRolledBack */.kl)(await target.describe(), release));
}

// EXTERNAL MODULE: ./build/src/target/ecs/releases.js
var releases = __webpack_require__(4285);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-ecs/dist-es/commandBuilder.js
var commandBuilder = __webpack_require__(2044);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-ecs/dist-es/schemas/schemas_0.js + 2 modules
var schemas_0 = __webpack_require__(5939);
;// CONCATENATED MODULE: ../main/node_modules/@aws-sdk/client-ecs/dist-es/commands/ListServiceDeploymentsCommand.js


class ListServiceDeploymentsCommand extends (0,commandBuilder/* command */.G5)(commandBuilder/* _ep0 */.lq, commandBuilder/* _mw0 */.yt, "ListServiceDeployments", schemas_0/* ListServiceDeployments$ */.aK2) {
}

;// CONCATENATED MODULE: ../main/node_modules/@aws-sdk/client-ecs/dist-es/commands/DescribeServiceDeploymentsCommand.js


class DescribeServiceDeploymentsCommand extends (0,commandBuilder/* command */.G5)(commandBuilder/* _ep0 */.lq, commandBuilder/* _mw0 */.yt, "DescribeServiceDeployments", schemas_0/* DescribeServiceDeployments$ */.bm1) {
}

;// CONCATENATED MODULE: ../main/node_modules/@aws-sdk/client-ecs/dist-es/commands/DescribeServiceRevisionsCommand.js


class DescribeServiceRevisionsCommand extends (0,commandBuilder/* command */.G5)(commandBuilder/* _ep0 */.lq, commandBuilder/* _mw0 */.yt, "DescribeServiceRevisions", schemas_0/* DescribeServiceRevisions$ */.Nqi) {
}

;// CONCATENATED MODULE: ../main/node_modules/@aws-sdk/client-ecs/dist-es/commands/StopServiceDeploymentCommand.js


class StopServiceDeploymentCommand extends (0,commandBuilder/* command */.G5)(commandBuilder/* _ep0 */.lq, commandBuilder/* _mw0 */.yt, "StopServiceDeployment", schemas_0/* StopServiceDeployment$ */.F0p) {
}

;// CONCATENATED MODULE: ../main/node_modules/@aws-sdk/client-ecs/dist-es/commands/ContinueServiceDeploymentCommand.js


class ContinueServiceDeploymentCommand extends (0,commandBuilder/* command */.G5)(commandBuilder/* _ep0 */.lq, commandBuilder/* _mw0 */.yt, "ContinueServiceDeployment", schemas_0/* ContinueServiceDeployment$ */.sJF) {
}

;// CONCATENATED MODULE: ./build/src/target/ecs/service-deployments.js



/** The service deployments of one service: what ECS calls what it does about a new revision. */
class ServiceDeployments {
    #aws;
    #settings;
    /** By their short names, as the journal holds them: an ARN may be longer than a tag. */
    #arns = new Map();
    /** Revisions never change once it is known which target group they got. */
    #revisions = new Map();
    constructor(aws, settings) {
        this.#aws = aws;
        this.#settings = settings;
    }
    /** The newest first. AWS documents no order, so they are ordered by their time. */
    async list() {
        const { cluster, services } = this.#settings;
        const all = [];
        let nextToken;
        do {
            const page = await (0,ecs_aws/* read */.LF)('ecs:ListServiceDeployments', () => this.#aws.ecs.send(new ListServiceDeploymentsCommand({
                cluster,
                service: services.native,
                maxResults: 100,
                nextToken,
            })));
            const { serviceDeployments = [] } = page;
            all.push(...serviceDeployments);
            // A hundred are plenty, as long as they are the newest.
            const [first, last] = [serviceDeployments[0], serviceDeployments.at(-1)];
            const isNewestFirst = first === undefined || last === undefined || timeOf(first) >= timeOf(last);
            nextToken = isNewestFirst ? undefined : page.nextToken;
        } while (nextToken !== undefined);
        for (const { serviceDeploymentArn = '' } of all)
            this.#arns.set(idOf(serviceDeploymentArn), serviceDeploymentArn);
        return all.sort((a, b) => timeOf(b) - timeOf(a));
    }
    /** @throws DeployError `rollout-gone` when ECS does not know it; it keeps them for 90 days */
    async get(id) {
        const arn = await this.#arnOf(id);
        const { serviceDeployments = [] } = await (0,ecs_aws/* read */.LF)('ecs:DescribeServiceDeployments', () => this.#aws.ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] })));
        if (serviceDeployments[0] === undefined)
            throw gone(id);
        return serviceDeployments[0];
    }
    /** In the order of the ARNs; nothing for a revision that ECS does not know. */
    async revisions(arns) {
        const unknown = arns.filter((arn) => !this.#revisions.has(arn));
        const found = new Map(this.#revisions);
        if (unknown.length > 0) {
            const { serviceRevisions = [] } = await (0,ecs_aws/* read */.LF)('ecs:DescribeServiceRevisions', () => this.#aws.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: unknown })));
            for (const revision of serviceRevisions) {
                found.set(revision.serviceRevisionArn ?? '', revision);
                if (groupsOf(revision).length > 0)
                    this.#revisions.set(revision.serviceRevisionArn ?? '', revision);
            }
        }
        return arns.map((arn) => found.get(arn));
    }
    /** Users get the former revision again. Does nothing to one that has ended, or goes back already. */
    async stop(id) {
        const serviceDeploymentArn = await this.#arnOf(id);
        await (0,ecs_aws/* modify */.JP)('ecs:StopServiceDeployment', async () => {
            try {
                await this.#aws.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
            }
            catch (error) {
                // It has ended meanwhile: how, is for whoever looks at it next.
                if ((0,ecs_aws/* errorName */.Is)(error) !== 'Conflict')
                    throw error;
            }
        });
    }
    /** Lets it go on from a PAUSE hook. Does nothing where that hook waits no more. */
    async goOn(id, hookId) {
        const serviceDeploymentArn = await this.#arnOf(id);
        try {
            await (0,ecs_aws/* modify */.JP)('ecs:ContinueServiceDeployment', () => this.#aws.ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action: 'CONTINUE' })));
        }
        catch (error) {
            if (!(error instanceof errors/* DeployError */.s && error.code === 'aws-refused'))
                throw error;
            // An answer may have been lost, or somebody else was quicker: then it waits no more.
            const { lifecycleHookDetails = [] } = await this.get(id);
            const waits = lifecycleHookDetails.some((hook) => hook.hookId === hookId && hook.status === 'AWAITING_ACTION');
            if (waits)
                throw error;
        }
    }
    async #arnOf(id) {
        if (!this.#arns.has(id))
            await this.list();
        const arn = this.#arns.get(id);
        if (arn === undefined)
            throw gone(id);
        return arn;
    }
}
/** `arn:aws:ecs:REGION:ACCOUNT:service-deployment/CLUSTER/SERVICE/ID` */
const idOf = (arn) => arn.slice(arn.lastIndexOf('/') + 1);
/** The target groups that ECS really gave a revision; the service's own settings name both. */
const groupsOf = ({ resolvedConfiguration }) => resolvedConfiguration?.loadBalancers?.flatMap(({ targetGroupArn }) => targetGroupArn ?? []) ?? [];
const timeOf = ({ createdAt }) => createdAt?.getTime() ?? 0;
const gone = (id) => new errors/* DeployError */.s(`ECS knows no service deployment ${id} of this service.`, {
    code: 'rollout-gone',
    hint: 'Look at the service’s deployments in the ECS console.',
});

// EXTERNAL MODULE: ./build/src/target/ecs/service-journal.js
var service_journal = __webpack_require__(1286);
// EXTERNAL MODULE: ./build/src/target/ecs/traffic.js + 2 modules
var traffic = __webpack_require__(8439);
;// CONCATENATED MODULE: ./build/src/target/ecs/native-colors.js









const NOTHING = { standing: 'unknown', desired: 0, running: 0 };
/** What each of the two target groups stands for, told from ECS's service deployments and their revisions. */
class NativeColors {
    #aws;
    #settings;
    #deployments;
    #definitions;
    constructor({ aws, settings, deployments, definitions }) {
        this.#aws = aws;
        this.#settings = settings;
        this.#deployments = deployments;
        this.#definitions = definitions;
    }
    async situation(service) {
        const wiring = wiringOf(service);
        const journal = (0,service_journal/* readJournal */.a0)([service]);
        const weights = await this.weights(wiring);
        const list = await this.#deployments.list();
        const newest = list[0]?.serviceDeploymentArn;
        const deployment = newest === undefined ? undefined : await this.#deployments.get(idOf(newest));
        const isUnderWay = deployment !== undefined && !isOver(deployment);
        const from = isUnderWay
            ? ((await this.colorOf(wiring, deployment.sourceServiceRevisions?.[0]?.arn)) ?? journal?.from)
            : journal?.from;
        const live = (0,live_color/* liveColor */.K)(weights, from);
        const colors = isUnderWay
            ? await this.#underWay(service, wiring, deployment, live)
            : await this.#settled(service, wiring, deployment, live);
        return { live, weights, colors, journal };
    }
    weights({ production, groups }) {
        return new traffic/* Traffic */.e(this.#aws, [production.arn]).weights(groups);
    }
    async live(wiring) {
        return (0,live_color/* liveColor */.K)(await this.weights(wiring), undefined);
    }
    /** While ECS is at work, both colors hold a revision of its deployment. */
    async #underWay(service, wiring, deployment, live) {
        const { targetServiceRevision: target, sourceServiceRevisions: sources = [] } = deployment;
        const targetColor = (await this.colorOf(wiring, target?.arn)) ??
            (0,release_color/* otherColor */.IP)((await this.colorOf(wiring, sources[0]?.arn)) ?? live);
        const state = async (summary) => {
            const [revision] = await this.#deployments.revisions(summary?.arn === undefined ? [] : [summary.arn]);
            if (revision === undefined)
                return NOTHING;
            const release = await this.release(wiring, revision.taskDefinition);
            return {
                release,
                standing: standingIn(service, release.id),
                desired: summary?.requestedTaskCount ?? 0,
                running: summary?.runningTaskCount ?? 0,
            };
        };
        const byRole = { target: await state(target), source: await state(sources[0]) };
        const of = (color) => (color === targetColor ? byRole.target : byRole.source);
        return { blue: of('blue'), green: of('green') };
    }
    /** With nothing under way, one color holds all tasks; the other one stands for the release before. */
    async #settled(service, wiring, newest, live) {
        const now = await this.release(wiring, await this.#liveDefinition(service, wiring, newest, live));
        const formerId = formerOf(service, now.id) ?? (await this.#sourceOf(now.id));
        const former = formerId === undefined || formerId === now.id ? undefined : await this.release(wiring, formerId);
        const standing = former === undefined ? 'unknown' : standingIn(service, former.id);
        const states = {
            [live]: {
                release: now,
                standing: standingIn(service, now.id),
                liveSince: liveSinceIn(service, now.id),
                desired: service.desiredCount ?? 0,
                running: service.runningCount ?? 0,
            },
            [(0,release_color/* otherColor */.IP)(live)]: {
                ...NOTHING,
                ...(former === undefined ? {} : { release: former }),
                // ECS's own history tells that users had it, where our tags do not.
                standing: former !== undefined && standing === 'unknown' ? 'was-live' : standing,
            },
        };
        return states;
    }
    /** What the live color holds after the newest deployment has ended, one way or the other. */
    async #liveDefinition(service, wiring, newest, live) {
        const { targetServiceRevision, sourceServiceRevisions = [] } = newest ?? {};
        for (const { arn } of [
            ...(targetServiceRevision ? [targetServiceRevision] : []),
            ...sourceServiceRevisions,
        ]) {
            if (arn === undefined || (await this.colorOf(wiring, arn)) !== live)
                continue;
            const [revision] = await this.#deployments.revisions([arn]);
            return revision?.taskDefinition;
        }
        return service.taskDefinition;
    }
    /** What the deployment that brought the release took the place of, as ECS remembers it. */
    async #sourceOf(release) {
        const successful = (await this.#deployments.list()).find(({ status }) => status === 'SUCCESSFUL');
        if (successful?.serviceDeploymentArn === undefined)
            return undefined;
        const { targetServiceRevision, sourceServiceRevisions = [] } = await this.#deployments.get(idOf(successful.serviceDeploymentArn));
        const arns = [targetServiceRevision?.arn, sourceServiceRevisions[0]?.arn];
        if (arns.includes(undefined))
            return undefined;
        const [target, source] = await this.#deployments.revisions(arns);
        return (0,arn/* releaseId */.Bf)(target?.taskDefinition ?? '') === release
            ? (0,arn/* releaseId */.Bf)(source?.taskDefinition ?? '') || undefined
            : undefined;
    }
    async release(wiring, taskDefinition) {
        if (taskDefinition === undefined)
            return { id: '', image: '' };
        return (0,releases/* asRelease */.M)(await this.#definitions.get((0,arn/* releaseId */.Bf)(taskDefinition)), containerIn(this.#settings, wiring));
    }
    async colorOf(wiring, revision) {
        if (revision === undefined)
            return undefined;
        const [found] = await this.#deployments.revisions([revision]);
        const groups = found === undefined ? [] : groupsOf(found);
        return groups.map((group) => colorOf(wiring.groups, group)).find((color) => color !== undefined);
    }
    /** Which deployment took the place of one that was stopped. */
    async successor(id) {
        const list = await this.#deployments.list();
        const own = list.findIndex(({ serviceDeploymentArn = '' }) => idOf(serviceDeploymentArn) === id);
        const next = list[own - 1];
        if (next?.serviceDeploymentArn === undefined)
            return undefined;
        const [revision] = await this.#deployments.revisions([next.targetServiceRevisionArn ?? '']);
        return `${(0,arn/* releaseId */.Bf)(revision?.taskDefinition ?? '')} (deployment ${idOf(next.serviceDeploymentArn)})`;
    }
}
const OVER = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];
const isOver = ({ status }) => OVER.includes(status ?? '');

// EXTERNAL MODULE: ./build/src/target/ecs/anchor.js + 2 modules
var ecs_anchor = __webpack_require__(7061);
// EXTERNAL MODULE: ./build/src/target/ecs/health.js + 6 modules
var health = __webpack_require__(8399);
;// CONCATENATED MODULE: ./build/src/target/ecs/native-health.js




/** The health of the tasks that the rollout started, beside those of the former release in the same service. */
class NativeHealth {
    #options;
    #anchor;
    constructor(options) {
        this.#options = options;
    }
    /** @param since for who comes later: ends count from then on, ms since the epoch */
    async look(color, since) {
        const { colors, rollouts } = this.#options;
        const service = await this.#options.service.describe();
        if (since !== undefined) {
            const wanted = service.desiredCount ?? 0;
            // What users have, which after a deployment that went back is not what the service was asked for last.
            this.#anchor ??= {
                rollout: '',
                anchor: ecs_anchor/* Anchor */.M.ofLive((await colors.situation(service)).colors[color].release?.id ?? '', wanted, since),
            };
            return this.#lookAt(service, { color, wanted, anchor: this.#anchor.anchor, hasUsers: true });
        }
        const { seen } = rollouts;
        if (seen === undefined || seen.rollout.color !== color)
            return { ready: 0, wanted: 1, detail: 'ECS does not show the deployment yet' };
        const { rollout, summary } = seen;
        const wanted = summary?.requestedTaskCount || (service.desiredCount ?? 0);
        if (this.#anchor?.rollout !== rollout.id)
            this.#anchor = { rollout: rollout.id, anchor: await this.#newAnchor(rollout, wanted) };
        const hasUsers = rollout.weights[color] > 0;
        return this.#lookAt(service, { color, wanted, anchor: this.#anchor.anchor, hasUsers });
    }
    /** Nothing where nobody has looked yet. */
    async explain() {
        const anchor = this.#anchor?.anchor;
        if (anchor?.last === undefined)
            return undefined;
        const { settings, logs } = this.#options;
        return (0,health/* explain */.W)(anchor, logs, containerIn(settings, wiringOf(anchor.last.service)));
    }
    #lookAt(service, { color, ...sight }) {
        const { settings, aws, tasks, places, logs } = this.#options;
        const wiring = wiringOf(service);
        const container = containerIn(settings, wiring);
        return (0,health/* look */.O)({
            aws,
            tasks,
            places,
            logs,
            images: [container, ...Object.keys(settings.images)],
            service,
            ...sight,
            targetGroup: wiring.groups[color],
            container,
        });
    }
    async #newAnchor({ id, release }, wanted) {
        const { createdAt } = await this.#options.deployments.get(id);
        const ours = ({ taskDefinitionArn = '', createdAt: born }) => (0,arn/* releaseId */.Bf)(taskDefinitionArn) === release.id && (born?.getTime() ?? 0) >= (createdAt?.getTime() ?? 0);
        return new ecs_anchor/* Anchor */.M({ id, createdAt }, wanted, 'fresh', ours);
    }
}

// EXTERNAL MODULE: ./build/src/target/ecs/definition-changes.js
var definition_changes = __webpack_require__(9774);
// EXTERNAL MODULE: ./build/src/target/ecs/plan-calls.js
var plan_calls = __webpack_require__(7196);
// EXTERNAL MODULE: ./build/src/target/ecs/plan-notes.js
var plan_notes = __webpack_require__(9636);
// EXTERNAL MODULE: ./build/src/target/ecs/task-definitions.js
var task_definitions = __webpack_require__(1873);
;// CONCATENATED MODULE: ./build/src/target/ecs/native-plan.js








/** Looks up what `NativeTarget` would change in a deployment, and by which calls; makes none of them. */
async function planNative(options) {
    const { course, live, container, images, definitions, registry } = options;
    const { references, tag, remarks } = await registry.pin(images);
    const wanted = (0,task_definitions/* withImages */.nS)(live, references, tag);
    const same = await definitions.same(wanted, [live]);
    const release = same === undefined ? undefined : (0,releases/* asRelease */.M)(same, container);
    const revision = release?.id ?? `a new revision of ${live.family}`;
    const from = (0,arn/* releaseId */.Bf)(live.arn);
    return {
        image: (0,ecs_images/* imageOf */.dT)({ ...wanted, arn: '' }, container),
        ...(release && { release }),
        changes: [
            ...(release?.id === from ? [] : [{ what: `task definition ${live.family}`, from, to: revision }]),
            ...(0,definition_changes/* definitionChanges */.x)(live, wanted),
        ],
        calls: course(release).flatMap((move) => callsOf(move, options, release?.id)),
        notes: [...remarks, ...(0,plan_notes/* newerRevision */.Jz)(live, await definitions.newest(live.family))],
    };
}
/** By which calls `NativeTarget` makes a change: kept in step with it by test/e2e/ecs/native-plan.test.ts. */
function callsOf(move, { request, service, strategy, live, priority }, revision) {
    const preview = `the preview rule at priority ${priority}`;
    switch (move.do) {
        case 'lock':
            return [`elasticloadbalancing:CreateRule ${preview}: the lock, kept by elasticloadbalancing:AddTags`];
        case 'unlock':
            return [`elasticloadbalancing:DeleteRule ${preview}`];
        case 'create-release':
            return revision === undefined ? [(0,plan_calls/* registration */.An)(live.family, live)] : [];
        case 'note':
            return [(0,plan_calls/* note */.N4)(service, `the run is ${move.phase}`)];
        case 'start':
            return [
                `ecs:UpdateService ${service}: taskDefinition ${revision ?? `the new revision of ${live.family}`}, forceNewDeployment; ECS brings it up on ${move.color}, moves the traffic (${strategy}) and takes ${(0,release_color/* otherColor */.IP)(request.color)} down`,
            ];
        case 'go-on':
            return [`ecs:ContinueServiceDeployment ${service}: goes on each time it pauses at ${move.at}`];
        case 'mark':
            return [(0,plan_calls/* note */.N4)(service, 'that users had this release')];
        case 'forget':
            return [(0,plan_calls/* forget */.y6)(service)];
        default:
            return [];
    }
}

// EXTERNAL MODULE: ./build/src/target/ecs/listener-problems.js
var listener_problems = __webpack_require__(6004);
// EXTERNAL MODULE: ./build/src/target/ecs/preflight.js
var preflight = __webpack_require__(3204);
// EXTERNAL MODULE: ./build/src/target/ecs/wiring.js
var ecs_wiring = __webpack_require__(9873);
;// CONCATENATED MODULE: ./build/src/target/ecs/native-preflight.js



/** What would make ECS's own deployment of the service fail, or keep us from following it. */
async function nativeProblems({ aws, settings, service, wiring, definition, container, imageTag, url, }) {
    const { groups, production, test } = wiring;
    const loadBalancer = (0,ecs_wiring/* balancerOf */.qV)(production.listenerArn);
    return [
        ...emptyProblems(service),
        ...(0,preflight/* containerProblems */.Yx)(settings, definition, container),
        ...(0,preflight/* digestProblems */.bv)(settings, imageTag),
        ...(await (0,preflight/* groupProblems */.Uh)(aws, groups, loadBalancer, definition)),
        // With a test listener, nothing but the lock stands on the rule.
        ...(test === undefined
            ? await (0,listener_problems/* listenerProblems */.F)({
                aws,
                rules: [production],
                groups,
                held: new Map(),
                priority: settings['preview-priority'],
                url,
            })
            : []),
    ];
}
function emptyProblems({ serviceName, desiredCount = 0 }) {
    if (desiredCount > 0)
        return [];
    return [
        (0,preflight/* problem */.CC)(`Service ${serviceName} has a desired count of 0: ECS would call a deployment successful without running a task.`, 'Set its desired count to what the live release should have.'),
    ];
}

// EXTERNAL MODULE: ./build/src/target/driven.js
var driven = __webpack_require__(5307);
// EXTERNAL MODULE: ./build/src/target/ecs/base-url.js
var base_url = __webpack_require__(2546);
// EXTERNAL MODULE: ./build/src/target/ecs/preview-rule.js
var preview_rule = __webpack_require__(5430);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeRulesCommand.js
var DescribeRulesCommand = __webpack_require__(1566);
;// CONCATENATED MODULE: ./build/src/target/ecs/test-way.js



/**
 * How requests meet the service's test listener rule: its listener's address, the host that it asks for, and the header
 * that it asks for. Paths are the smoke tests' own; conditions on addresses, methods and query strings can't be met.
 */
async function testWay(aws, test, url) {
    const { Rules } = await (0,ecs_aws/* read */.LF)('elasticloadbalancing:DescribeRules', () => aws.elb.send(new DescribeRulesCommand/* DescribeRulesCommand */.G({ RuleArns: [test.arn] })));
    const conditions = Rules?.[0]?.Conditions ?? [];
    const host = plain(conditions.find(({ Field }) => Field === 'host-header'));
    const known = url === undefined ? undefined : new URL(url).hostname;
    return {
        url: await (0,base_url/* ownAddress */.X)(aws, test.listenerArn, host ?? known),
        headers: Object.fromEntries(conditions
            .filter(({ Field }) => Field === 'http-header')
            .map((condition) => [condition.HttpHeaderConfig?.HttpHeaderName ?? '', anyOf(condition)])),
    };
}
const valuesOf = ({ HostHeaderConfig, HttpHeaderConfig, Values }) => HttpHeaderConfig?.Values ?? HostHeaderConfig?.Values ?? Values ?? [];
/** A name without wildcards. */
const plain = (condition) => condition === undefined ? undefined : valuesOf(condition).find((value) => !/[*?]/.test(value));
/** A value that meets the condition: `*` stands for any characters, `?` for one. */
const anyOf = (condition) => plain(condition) ?? (valuesOf(condition)[0] ?? '').replaceAll('*', '').replaceAll('?', 'x');

;// CONCATENATED MODULE: ./build/src/target/ecs/native-preview.js






/** The preview rule, which is the lock, on a listener that only the service knows; and the service's test listener. */
class NativePreview {
    #options;
    #known;
    constructor(options) {
        this.#options = options;
    }
    async read() {
        return (await this.#rule()).read();
    }
    async acquire(owner, ttlMs) {
        return (await this.#rule()).acquire(owner, ttlMs);
    }
    async resume(handle, ttlMs) {
        return (await this.#rule()).resume(handle, ttlMs);
    }
    async break(state) {
        await (await this.#rule()).break(state);
    }
    /** Through the service's test listener once ECS has led it to the new release, else through the rule of the lock. */
    async way() {
        const { aws, url, service, colors, rollouts } = this.#options;
        const wiring = wiringOf(await service.known());
        const newest = rollouts.seen?.rollout ?? (await rollouts.newest());
        const isTested = newest?.state === 'under-way' && (0,driven/* hasCome */.v0)(newest, 'testable');
        if (wiring.test !== undefined && isTested)
            return { ...(await testWay(aws, wiring.test, url)), since: rollouts.testableSince ?? Date.now() };
        const idle = newest?.state === 'under-way' ? newest.color : (0,release_color/* otherColor */.IP)(await colors.live(wiring));
        const way = await (await this.#rule()).way(wiring.groups[idle]);
        if (way === undefined)
            return undefined;
        return { url: await (0,base_url/* baseUrl */.p)(aws, wiring.production.listenerArn, url), ...way };
    }
    async #rule() {
        if (this.#known !== undefined)
            return this.#known;
        const { aws, app, environment, settings, service, colors } = this.#options;
        const wiring = wiringOf(await service.known());
        this.#known = new preview_rule/* PreviewRule */.L(aws, {
            app,
            environment,
            listenerArn: wiring.production.listenerArn,
            priority: settings['preview-priority'],
            idleGroup: async () => wiring.groups[(0,release_color/* otherColor */.IP)(await colors.live(wiring))],
        });
        return this.#known;
    }
}

;// CONCATENATED MODULE: ./build/src/target/ecs/rollout.js


/** What ECS tells of a service deployment, in the procedure's words. Pure. */
/** ECS's lifecycle stages, in their order (facts/ecs.md 1.3). */
const STAGES = {
    RECONCILE_SERVICE: 'starting',
    PRE_SCALE_UP: 'starting',
    SCALE_UP: 'starting',
    POST_SCALE_UP: 'started',
    TEST_TRAFFIC_SHIFT: 'started',
    POST_TEST_TRAFFIC_SHIFT: 'testable',
    PRE_PRODUCTION_TRAFFIC_SHIFT: 'testable',
    PRODUCTION_TRAFFIC_SHIFT: 'shifting',
    POST_PRODUCTION_TRAFFIC_SHIFT: 'shifted',
    BAKE_TIME: 'shifted',
    CLEAN_UP: 'clearing',
};
const STATES = {
    SUCCESSFUL: 'done',
    STOP_REQUESTED: 'going-back',
    ROLLBACK_REQUESTED: 'going-back',
    ROLLBACK_IN_PROGRESS: 'going-back',
    ROLLBACK_SUCCESSFUL: 'gone-back',
    ROLLBACK_FAILED: 'stopped',
    STOPPED: 'stopped',
};
/** Where the service's own PAUSE hooks hold each deployment, in ECS's order. */
function pausePointsOf(hooks) {
    const order = Object.keys(STAGES);
    return hooks
        .filter(({ targetType }) => targetType === 'PAUSE')
        .flatMap(({ lifecycleStages = [], timeoutConfiguration }) => lifecycleStages.map((name) => ({
        name,
        stage: STAGES[name] ?? 'starting',
        otherwise: otherwise(timeoutConfiguration?.action),
    })))
        .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}
function rolloutOf({ deployment, release, color, weights, successor }) {
    const { lifecycleStage: at = '', status = 'PENDING', lifecycleHookDetails = [] } = deployment;
    const state = STATES[status] ?? 'under-way';
    const waiting = lifecycleHookDetails.find(({ targetType, status: hook }) => targetType === 'PAUSE' && hook === 'AWAITING_ACTION');
    const pause = state !== 'under-way' || waiting?.hookId === undefined
        ? undefined
        : {
            id: waiting.hookId,
            otherwise: otherwise(waiting.timeoutAction),
            ...(waiting.expiresAt === undefined ? {} : { until: waiting.expiresAt.getTime() }),
        };
    const failure = failureOf(deployment, state, successor);
    return {
        id: idOf(deployment.serviceDeploymentArn ?? ''),
        release,
        color,
        stage: state === 'done' ? 'clearing' : stageOf(at, weights, color),
        at,
        state,
        told: tell(deployment, weights[color], pause),
        ...(failure === undefined ? {} : { failure }),
        weights,
        ...(pause === undefined ? {} : { pause }),
    };
}
const otherwise = (action) => action === 'CONTINUE' ? 'goes on' : 'goes back';
/** Linear and canary deployments come to PRE_PRODUCTION_TRAFFIC_SHIFT before each step: the weights tell of the first. */
function stageOf(at, weights, color) {
    const told = STAGES[at] ?? 'starting';
    if (weights[color] === 0 || told === 'shifted' || told === 'clearing')
        return told;
    return at === '' && (0,release_color/* isAllOn */.TF)(weights, color) ? 'shifted' : 'shifting';
}
/** `ECS: BAKE_TIME (IN_PROGRESS), 2 of 2 tasks run, 100 % of the traffic` */
function tell({ status = 'PENDING', lifecycleStage, targetServiceRevision }, weight, pause) {
    const { requestedTaskCount = 0, runningTaskCount = 0 } = targetServiceRevision ?? {};
    const until = pause?.until === undefined ? '' : ` until ${new Date(pause.until).toISOString()}`;
    return [
        lifecycleStage === undefined ? `ECS: ${status}` : `ECS: ${lifecycleStage} (${status})`,
        `${runningTaskCount} of ${requestedTaskCount} tasks run`,
        `${weight} % of the traffic`,
        ...(pause === undefined ? [] : [`waits at its PAUSE hook${until}`]),
    ].join(', ');
}
/** Why ECS does not go on. */
function failureOf(deployment, state, successor) {
    if (state === 'under-way' || state === 'done')
        return undefined;
    const { status = '', lifecycleStage, statusReason, rollback, lifecycleHookDetails = [] } = deployment;
    const details = [
        ...(statusReason === undefined ? [] : [`ECS: ${statusReason}`]),
        ...lifecycleHookDetails
            .filter((hook) => hook.status === 'FAILED' || hook.status === 'TIMED_OUT')
            .map(({ targetArn, targetType, status: hook }) => `lifecycle hook ${targetArn ?? targetType}: ${hook}`),
    ];
    if (status === 'STOPPED' && successor !== undefined)
        return {
            code: 'superseded',
            reason: `another deployment took the place of ours: ${successor}`,
            hint: 'Find the other pipeline, or the person, that deploys to this service without the lock of this action.',
            details,
        };
    const why = causeOf(deployment) ?? rollback?.reason ?? statusReason ?? 'no reason given';
    const where = lifecycleStage === undefined ? '' : ` at ${lifecycleStage}`;
    if (state === 'stopped')
        return {
            code: 'platform-stalled',
            reason: status === 'ROLLBACK_FAILED'
                ? `ECS could not roll the deployment back${where}: ${why}`
                : `ECS stopped the deployment${where}, and does not go back: ${why}`,
            hint: 'Look at the service’s events and the weights of its listener rule, then deploy the release that users should have.',
            details,
        };
    return {
        code: 'platform-rolled-back',
        reason: `ECS ${state === 'gone-back' ? 'rolled' : 'is rolling'} the deployment back: ${why}`,
        hint: 'Mend the release as the reason says, then deploy again.',
        details,
    };
}
function causeOf({ deploymentCircuitBreaker: breaker, alarms, lifecycleHookDetails = [], }) {
    if (breaker?.status === 'TRIGGERED')
        return `its circuit breaker counted ${breaker.failureCount} failed tasks (${breaker.threshold} are too many)`;
    if (alarms?.status === 'TRIGGERED')
        return `alarm ${(alarms.triggeredAlarmNames ?? alarms.alarmNames ?? []).join(', ')} of the service went off`;
    const hook = lifecycleHookDetails.find(({ status }) => status === 'FAILED' || status === 'TIMED_OUT');
    if (hook === undefined)
        return undefined;
    const name = hook.targetType === 'PAUSE' ? 'PAUSE hook' : `lifecycle hook ${hook.targetArn ?? ''}`;
    return hook.status === 'TIMED_OUT' ? `nobody answered its ${name} in time` : `its ${name} failed`;
}

;// CONCATENATED MODULE: ./build/src/target/ecs/native-rollouts.js







/** ECS's service deployments as rollouts: begun, and looked at. */
class NativeRollouts {
    #service;
    #deployments;
    #colors;
    /** Those that there were before `begin`: what comes after it is ours, if it is of our release. */
    #before;
    #seen;
    #testableSince;
    constructor({ service, deployments, colors }) {
        this.#service = service;
        this.#deployments = deployments;
        this.#colors = colors;
    }
    /** What was observed last. */
    get seen() {
        return this.#seen;
    }
    /** Since when test traffic leads to what was observed. */
    get testableSince() {
        return this.#testableSince;
    }
    async begin(release) {
        const list = await this.#deployments.list();
        if (this.#before?.release !== release.id)
            this.#before = {
                release: release.id,
                ids: new Set(list.map(({ serviceDeploymentArn = '' }) => idOf(serviceDeploymentArn))),
            };
        // The answer to the first call may have been lost: a second deployment would take the place of the first.
        if ((await this.begun(release)) !== undefined)
            return;
        await this.#service.deploy(release.id);
    }
    async begun(release) {
        const before = this.#before?.release === release.id ? this.#before.ids : new Set();
        const added = (await this.#deployments.list()).filter(({ serviceDeploymentArn = '' }) => !before.has(idOf(serviceDeploymentArn)));
        const targets = await this.#deployments.revisions(added.map(({ targetServiceRevisionArn = '' }) => targetServiceRevisionArn));
        const own = added.find((_, index) => (0,arn/* releaseId */.Bf)(targets[index]?.taskDefinition ?? '') === release.id);
        return own?.serviceDeploymentArn === undefined ? undefined : idOf(own.serviceDeploymentArn);
    }
    async newest() {
        const [newest] = await this.#deployments.list();
        return newest?.serviceDeploymentArn === undefined
            ? undefined
            : this.observe(idOf(newest.serviceDeploymentArn));
    }
    async observe(id) {
        const wiring = wiringOf(await this.#service.known());
        const deployment = await this.#deployments.get(id);
        const weights = await this.#colors.weights(wiring);
        const target = deployment.targetServiceRevision;
        const source = deployment.sourceServiceRevisions?.[0]?.arn;
        const [revision] = await this.#deployments.revisions(target?.arn === undefined ? [] : [target.arn]);
        const from = await this.#colors.colorOf(wiring, source);
        // Before ECS has chosen the target group, it is the one that has no traffic.
        const color = (await this.#colors.colorOf(wiring, target?.arn)) ?? (0,release_color/* otherColor */.IP)(from ?? (0,live_color/* liveColor */.K)(weights, undefined));
        const release = await this.#colors.release(wiring, revision?.taskDefinition);
        const successor = deployment.status === 'STOPPED' ? await this.#colors.successor(id) : undefined;
        const rollout = rolloutOf({ deployment, release, color, weights, successor });
        this.#seen = { rollout, summary: target };
        if ((0,driven/* hasCome */.v0)(rollout, 'testable'))
            this.#testableSince ??= Date.now();
        return rollout;
    }
}

// EXTERNAL MODULE: ./build/src/target/ecs/places.js
var places = __webpack_require__(8159);
// EXTERNAL MODULE: ./build/src/target/ecs/registry.js
var registry = __webpack_require__(9308);
// EXTERNAL MODULE: ./build/src/target/ecs/tasks.js
var ecs_tasks = __webpack_require__(7989);
;// CONCATENATED MODULE: ./build/src/target/ecs/native.js























/**
 * One ECS service whose deployment strategy (BLUE_GREEN, LINEAR, CANARY) moves the traffic by itself. The colors are its
 * two target groups, between which ECS alternates; which one is live, its production listener rule tells.
 */
class NativeTarget {
    kind = 'ecs';
    moves = 'by-itself';
    description;
    propagationMs;
    /** ECS itself looks at the alarms of the service, and goes back. */
    signals = {};
    lock;
    journal;
    #options;
    #settings;
    #aws;
    #service;
    #deployments;
    #definitions;
    #colors;
    #rollouts;
    #health;
    #logs;
    #registry;
    #ahead;
    constructor(options) {
        const { app, environment, url, settings } = options;
        this.#options = options;
        this.#settings = settings;
        this.propagationMs = settings.propagation;
        this.description = `ECS ${settings.region}/${settings.cluster}, ${settings.services.native} (ECS’s own blue/green)`;
        const aws = (0,connection/* connectTo */.m)(settings, options.signal);
        const service = new NativeService(aws, settings);
        const deployments = new ServiceDeployments(aws, settings);
        const definitions = new task_definitions/* TaskDefinitions */.Y_(aws);
        const logs = new log_tail/* LogTail */.J(aws, definitions);
        const colors = new NativeColors({ aws, settings, deployments, definitions });
        const rollouts = new NativeRollouts({ service, deployments, colors });
        this.#aws = aws;
        this.#service = service;
        this.#deployments = deployments;
        this.#definitions = definitions;
        this.#logs = logs;
        this.#colors = colors;
        this.#rollouts = rollouts;
        this.#registry = new registry/* Registry */.O(aws);
        const tasks = new ecs_tasks/* Tasks */.Z(aws, settings);
        this.#ahead = new look_ahead/* LookAhead */.d({ aws, tasks, registry: this.#registry });
        this.#health = new NativeHealth({
            aws,
            settings,
            service,
            deployments,
            colors,
            rollouts,
            tasks,
            places: new places/* Places */.N(aws, settings),
            logs,
        });
        this.lock = new NativePreview({ aws, app, environment, url, settings, service, colors, rollouts });
        this.journal = (0,service_journal/* journalOnOne */.B5)(service);
    }
    async inspect() {
        return this.#colors.situation(await this.#service.describe());
    }
    async preflight(request, { readOnly }) {
        const { color, imageTag } = request;
        const service = await this.#service.recent();
        const wiring = wiringOf(service);
        const live = (await this.inspect()).colors[(0,release_color/* otherColor */.IP)(color)].release;
        const definition = await this.#definitions.get(live?.id ?? service.taskDefinition ?? '');
        const found = await nativeProblems({
            aws: this.#aws,
            settings: this.#settings,
            service,
            wiring,
            definition,
            container: containerIn(this.#settings, wiring),
            imageTag,
            url: this.#options.url,
        });
        const ahead = await this.#ahead.look(async () => this.#prospect(service, definition, request), {
            readOnly,
        });
        return [...found, ...ahead.problems];
    }
    async plan(request, course) {
        const service = await this.#service.recent();
        const wiring = wiringOf(service);
        const container = containerIn(this.#settings, wiring);
        const live = await this.#base(service, request.color);
        const prospect = async () => this.#prospect(service, live, request);
        const ahead = await this.#ahead.look(prospect, { readOnly: true });
        const plan = await planNative({
            request,
            course,
            service: service.serviceName ?? '',
            strategy: wiring.strategy,
            live,
            container,
            images: (0,releases/* imagesOf */.I)(this.#settings, container, request),
            priority: this.#settings['preview-priority'],
            definitions: this.#definitions,
            registry: this.#registry,
        });
        return { ...plan, notes: [...plan.notes, ...ahead.notes] };
    }
    async createRelease({ color, image, imageTag }) {
        const service = await this.#service.recent();
        const container = containerIn(this.#settings, wiringOf(service));
        const base = await this.#base(service, color);
        const images = (0,releases/* imagesOf */.I)(this.#settings, container, { image, imageTag });
        const { references, tag, remarks } = await this.#registry.pin(images);
        const definition = await this.#definitions.register((0,task_definitions/* withImages */.nS)(base, references, tag), [base]);
        return { ...(0,releases/* asRelease */.M)(definition, container), remarks };
    }
    async findRelease(imageTag) {
        const service = await this.#service.recent();
        const container = containerIn(this.#settings, wiringOf(service));
        const { family } = await this.#definitions.get(service.taskDefinition ?? '');
        const found = await this.#definitions.find(family, (definition) => (0,release_image/* isImage */.wu)((0,ecs_images/* imageOf */.dT)(definition, container), imageTag));
        if (found === undefined)
            return undefined;
        const release = (0,releases/* asRelease */.M)(found, container);
        return { ...release, standing: standingIn(service, release.id) };
    }
    async pausePoints() {
        const { deploymentConfiguration } = await this.#service.recent();
        return pausePointsOf(deploymentConfiguration?.lifecycleHooks ?? []);
    }
    begin(release) {
        return this.#rollouts.begin(release);
    }
    begun(release) {
        return this.#rollouts.begun(release);
    }
    newest() {
        return this.#rollouts.newest();
    }
    observe(id) {
        return this.#rollouts.observe(id);
    }
    goOn(id, { id: hook }) {
        return this.#deployments.goOn(id, hook);
    }
    callBack(id) {
        return this.#deployments.stop(id);
    }
    health(color, since) {
        return this.#health.look(color, since);
    }
    diagnose() {
        return this.#health.explain();
    }
    preview() {
        return this.lock.way();
    }
    accepted(release, former, liveSince) {
        return markAccepted(this.#service, { release, former, liveSince });
    }
    rejected(release) {
        return markRejected(this.#service, release);
    }
    async close() {
        this.#aws.ecs.destroy();
        this.#aws.elb.destroy();
        this.#logs.close();
        this.#ahead.close();
        await this.#registry.close();
    }
    /** What users have, which after a deployment that went back need not be what was asked for last. */
    async #base(service, color) {
        const { colors } = await this.inspect();
        return this.#definitions.get(colors[(0,release_color/* otherColor */.IP)(color)].release?.id ?? service.taskDefinition ?? '');
    }
    /** What a deployment would start. */
    #prospect(service, definition, request) {
        const wiring = wiringOf(service);
        const images = (0,releases/* imagesOf */.I)(this.#settings, containerIn(this.#settings, wiring), request);
        return {
            starting: [{ service, definition, images }],
            services: [service],
            loadBalancer: (0,arn/* loadBalancerArn */.yb)(wiring.production.listenerArn),
        };
    }
}


/***/ })

};
