import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SIDE_BY_SIDE } from '../side-by-side.ts';
import { startWithWorkers } from '../workers.ts';
import { assertClean, revisionOn, startWorld, type World } from '../world.ts';

// What was tested is what users get, wherever a tag moves meanwhile (facts/ecs.md 4a, 5.14; 3 row 40).

const open = { sandbox: { ecr: true }, config: { identity: { header: 'x-version', value: '{image-tag}' } } };
const asked = ({ sandbox }: World) =>
  sandbox.requests.filter(({ operation }) => operation === 'DescribeImages').length;
const definitionOn = (world: World, color: 'blue' | 'green') =>
  world.sandbox.ecs.world.taskDefinitions.get(revisionOn(world, color))!;
const digestOf = ({ sandbox, app }: World, tag: string) => sandbox.images.get(app.image(tag))!.digest!;
const MOVED = `sha256:${'7'.repeat(64)}`;

describe('digests', { concurrency: SIDE_BY_SIDE }, () => {
  test('ECR tells the digest: it is deployed, found again by its tag, and rolled back to when the tag has moved', async () => {
    await using world = await startWorld({ ...open, app: { versions: ['v1', 'v2', 'v3'] } });
    const { app, sandbox } = world;
    const first = digestOf(world, 'v2');
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'deployed', run.log);
    assert.equal(run.outputs['image'], `${app.image('v2')}@${first}`);
    const { json, tags } = definitionOn(world, 'green');
    assert.equal(json.containerDefinitions[0]!.image, `${app.repository}@${first}`);
    assert.deepEqual(tags, [{ key: 'blue-green:image-tag', value: 'v2' }]);
    assert.equal(asked(world), 1);
    assert.equal((await world.act({ 'image-tag': 'v2' })).outputs['result'], 'unchanged');

    sandbox.addImage(app.image('v2'), { digest: MOVED, env: { VERSION: 'v2' } });
    const again = await world.act({ 'image-tag': 'v2' });
    assert.equal(again.outputs['result'], 'deployed', 'the tag means another image now');
    assert.equal(again.outputs['image'], `${app.image('v2')}@${MOVED}`);
    const back = await world.act({ operation: 'rollback' });
    assert.equal(back.outputs['image'], `${app.image('v2')}@${first}`, back.log);

    assert.equal((await world.act({ 'image-tag': 'v3' })).outputs['result'], 'deployed');
    const byTag = await world.act({ operation: 'rollback', 'image-tag': 'v1' });
    assert.equal(byTag.outputs['image'], app.image('v1'), byTag.log);
    // A tag of a task definition that the digest does not stand for any more is not inherited.
    const config = JSON.parse(world.config);
    delete config.environments.production.identity; // of this app, which knows its tag and not its digest
    const given = await world.act({ 'image-tag': first, config: JSON.stringify(config, null, 1) });
    assert.equal(given.outputs['image'], `${app.repository}@${first}`, given.log);
    assert.deepEqual(definitionOn(world, given.outputs['live-color'] as 'blue' | 'green').tags, []);
    await world.usersSaw();
  });

  test('tag and digest in the input image: the digest counts, and the registry is not asked', async () => {
    await using world = await startWorld({ ...open, load: false });
    const reference = `${world.app.image('v2')}@${digestOf(world, 'v2')}`;
    const run = await world.act({ image: reference });
    assert.equal(run.outputs['result'], 'deployed', run.log);
    assert.equal(run.outputs['image'], reference);
    assert.equal(
      definitionOn(world, 'green').json.containerDefinitions[0]!.image,
      `${world.app.repository}@${digestOf(world, 'v2')}`,
    );
    assert.equal(asked(world), 0);
  });

  test('without the permission: deployed by its tag, and the log says so', async () => {
    await using world = await startWorld({ load: false });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'deployed', run.log);
    assert.equal(run.outputs['image'], world.app.image('v2'));
    assert.match(
      run.log,
      /shop:v2 is deployed by its tag, as its digest could not be found out: AWS denies ecr:DescribeImages/,
    );
    assert.doesNotMatch(run.log, /::(warning|error)/);
  });

  test('ECR does not have it, or gives no answer: tried all the same, as a cache may have it once it is pulled', async () => {
    await using world = await startWorld({ ...open, load: false, config: {} });
    world.sandbox.faults.add({ operation: 'DescribeImages', call: 'every', kind: 'throttle' });
    const first = await world.act({ 'image-tag': 'v2' });
    assert.equal(first.outputs['result'], 'deployed', first.log);
    assert.match(
      first.log,
      /shop:v2 is deployed by its tag, as its digest could not be found out: .*Rate exceeded/,
    );
    world.sandbox.faults.clear();
    const run = await world.act({ 'image-tag': 'v9' });
    assert.match(run.log, /shop:v9 is deployed by its tag: ECR does not have it, or not yet/);
    assert.match(run.report.error.message, /the image is not in the registry/);
  });

  test('web and worker of one release run the same digest, asked for once', async () => {
    await using world = await startWithWorkers({ sandbox: { ecr: true }, load: false });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'deployed', run.log);
    const tasks = [...world.sandbox.ecs.world.tasks.values()].filter(
      ({ wanted, start }) => wanted && start.serviceName.endsWith('-green'),
    );
    const images = tasks.map(({ containers }) => containers.find(({ name }) => name !== 'agent')!.imageName);
    assert.deepEqual([...new Set(images)], [`${world.app.repository}@${digestOf(world, 'v2')}`]);
    assert.equal(asked(world), 1);
    assert.equal(
      (await world.act({ operation: 'rollback', 'image-tag': 'v1' })).outputs['result'],
      'rolled-back',
    );
  });

  test('a tag that moves while the tasks start: told, and never given to users', async () => {
    await using world = await startWorld({ app: { live: { count: 2 } } });
    const { app, sandbox } = world;
    const { options } = sandbox.ecs.world;
    const first = digestOf(world, 'v2');
    // There is room for one of two only, until the tag has moved.
    options.capacity = 3;
    sandbox.onCall((operation) => {
      if (operation !== 'DescribeTargetHealth') return;
      sandbox.addImage(app.image('v2'), { digest: MOVED });
      options.capacity = 10;
    });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.deepEqual([run.outputs['result'], run.outputs['live-color']], ['failed', 'blue'], run.log);
    assert.match(
      run.report.error.message,
      /run different images: container app was started while the tag was moved/,
    );
    assert.deepEqual([...run.report.error.details].sort(), [`1 run ${MOVED}`, `1 run ${first}`].sort());
    await assertClean(world, 'blue');
    await world.usersSaw();
  });
});
