import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DockerCli } from '../../src/target/docker/docker-cli.ts';
import { VolumeJournal } from '../../src/target/docker/journal.ts';
import { LockContainer } from '../../src/target/docker/lock.ts';
import { StashContainer } from '../../src/target/docker/stash-container.ts';
import type { LockOwner } from '../../src/target/target.ts';
import { cliOf, hostOf } from './host.ts';
import { type Engine, startEngine } from './lab/engine.ts';
import { loadImage } from './lab/images.ts';
import { docker } from './lab/parts.ts';

const owner = (id: string): LockOwner => ({
  id,
  runUrl: `https://github.example/runs/${id}`,
  actor: 'ada',
  reason: 'a = "b"\nand more: ümläut',
  operation: 'deploy',
});
const scope = { app: 'shop', environment: 'production' };
const lost = { code: 'lock-lost' };
const journalOf = (docker: DockerCli) =>
  new VolumeJournal({ docker, ...scope, stash: new StashContainer({ docker, ...scope }) });

describe('lock and journal on a real engine', { skip: docker.skip }, () => {
  let engine: Engine;
  let cli: DockerCli;
  const left = async () => ({
    containers: await engine.docker(['ps', '-aq']),
    images: await engine.docker(['images', '-aq']),
    volumes: await engine.docker(['volume', 'ls', '-q']),
  });
  const nothing = { containers: '', images: '', volumes: '' };
  before(async () => {
    engine = await startEngine();
    cli = cliOf(engine);
  });
  after(() => engine.close());

  test('tells who holds it and until when, and leaves nothing behind', async () => {
    const lock = new LockContainer({ docker: cli, ...scope });
    assert.equal(await lock.read(), undefined);
    const before = Date.now();
    const lease = await lock.acquire(owner('1/1'), 60_000);
    assert.ok(lease);
    const state = await lock.read();
    assert.deepEqual(state?.owner, owner('1/1'));
    assert.equal(state?.handle, lease.handle);
    assert.ok(state.expires >= before + 60_000);
    for (const _ of [1, 2, 3]) {
      const { expires = 0 } = (await lock.read()) ?? {};
      await delay(2);
      await lease.renew();
      assert.ok(((await lock.read())?.expires ?? 0) > expires, 'each renewal counts');
    }
    await lease.release({ keepPreview: false });
    assert.equal(await lock.read(), undefined);
    await lease.release({ keepPreview: false });
    assert.deepEqual(await left(), nothing);
  });

  test('only one of many gets it', async () => {
    const runs = Array.from({ length: 6 }, (_, index) => ({
      id: `${index}/1`,
      lock: new LockContainer({ docker: cliOf(engine), ...scope }),
    }));
    const leases = await Promise.all(runs.map(({ id, lock }) => lock.acquire(owner(id), 60_000)));
    const won = leases.filter((lease) => lease !== undefined);
    assert.equal(won.length, 1);
    const winner = runs[leases.findIndex((lease) => lease !== undefined)]!;
    assert.equal((await runs[0]!.lock.read())?.owner.id, winner.id);
    // One whose answer was lost asks again, and gets what is its own.
    const again = await winner.lock.acquire(owner(winner.id), 60_000);
    assert.equal(again?.handle, won[0]!.handle);
    await won[0]!.release({ keepPreview: true });
    assert.deepEqual(await left(), nothing);
  });

  test('whoever lost it can not renew it, and hits nobody else’s', async () => {
    const dead = new LockContainer({ docker: cli, ...scope });
    const next = new LockContainer({ docker: cliOf(engine), ...scope });
    const old = await dead.acquire(owner('1/1'), 1);
    assert.ok(old);
    const seen = await next.read();
    assert.ok(seen && seen.expires <= Date.now());
    await next.break(seen);
    await next.break(seen);
    await assert.rejects(old.renew(), lost);
    const lease = await next.acquire(owner('2/1'), 60_000);
    assert.ok(lease);
    await assert.rejects(old.renew(), lost);
    assert.equal(await dead.resume(old.handle, 60_000), undefined);
    await next.break(seen);
    await old.release({ keepPreview: false });
    await lease.renew();
    assert.equal((await next.read())?.owner.id, '2/1');
    // The post step, in a process of its own.
    const post = await new LockContainer({ docker: cliOf(engine), ...scope }).resume(lease.handle, 90_000);
    assert.ok(post);
    assert.ok(((await next.read())?.expires ?? 0) > Date.now() + 80_000);
    await post.release({ keepPreview: false });
    assert.deepEqual(await left(), nothing);
  });

  test('a renewal that was cut off takes nothing away', async () => {
    const lock = new LockContainer({ docker: cli, ...scope });
    const lease = await lock.acquire(owner('1/1'), 60_000);
    assert.ok(lease);
    await lease.renew();
    const { expires } = (await lock.read())!;
    await lease.renew();
    // Half of the second one: the first one still holds.
    await engine.docker(['cp', '-', `${lease.handle}:/`], { input: tarOf('lease/0', '2999-01') });
    assert.equal((await lock.read())?.expires, expires);
    await lease.release({ keepPreview: false });
  });

  test('a container of somebody else’s that has the name is left alone', async () => {
    await loadImage(engine, 'app');
    await engine.docker(['create', '--name', 'shop-production-lock', '--network', 'none', 'app:base']);
    const lock = new LockContainer({ docker: cli, ...scope });
    await assert.rejects(lock.read(), { code: 'name-taken' });
    await assert.rejects(lock.acquire(owner('1/1'), 1), { code: 'name-taken' });
    await engine.docker(['rm', 'shop-production-lock']);
    // `shop-production` of `a` and `production` of `a-shop` have the same names.
    const other = new LockContainer({ docker: cli, app: 'shop-production', environment: 'x' });
    const same = new LockContainer({ docker: cli, app: 'shop', environment: 'production-x' });
    const lease = await other.acquire(owner('1/1'), 60_000);
    assert.ok(lease);
    await assert.rejects(same.read(), /is used by shop-production x/);
    await lease.release({ keepPreview: false });
    await engine
      .docker(['rmi', '-f', ...(await engine.docker(['images', '-aq'])).split('\n')])
      .catch(() => {});
  });

  test('an engine that is away is no news about the lock', async () => {
    const host = hostOf(engine);
    let away = false;
    const cut = new DockerCli({
      ...host,
      get env() {
        return away ? { ...engine.env, DOCKER_HOST: 'unix:///nonexistent.sock' } : engine.env;
      },
    });
    const lock = new LockContainer({ docker: cut, ...scope });
    const lease = await lock.acquire(owner('1/1'), 60_000);
    assert.ok(lease);
    away = true;
    await assert.rejects(lease.renew(), { name: 'TransientError' });
    await assert.rejects(lock.read(), { name: 'TransientError' });
    await assert.rejects(lease.release({ keepPreview: false }), { name: 'TransientError' });
    away = false;
    await lease.renew();
    await lease.release({ keepPreview: false });
  });

  test('the journal is its newest record, and outlives its process', async () => {
    const [journal, next] = [journalOf(cli), journalOf(cliOf(engine))];
    assert.equal(await journal.read(), undefined);
    await journal.write('green', { phase: 'staging', reason: 'ü "x" = y', empty: '' });
    assert.deepEqual(await next.read(), { phase: 'staging', reason: 'ü "x" = y', empty: '' });
    for (const [i, phase] of ['shifting', 'retiring', 'staged'].entries())
      await (i % 2 === 0 ? journal : next).write('green', { phase });
    // The tenth comes after the ninth.
    for (let i = 5; i <= 10; i += 1) await journal.write('green', { phase: `${i}` });
    assert.deepEqual(await next.read(), { phase: '10' });
    await journal.clear();
    await journal.clear();
    assert.equal(await next.read(), undefined);
    await next.write('green', { phase: 'staging' });
    assert.deepEqual(await journal.read(), { phase: 'staging' });
    await journal.clear();
    assert.deepEqual(await left(), nothing);
  });

  test('a journal that is cleared half-way still tells how far the run had got', async () => {
    const journal = journalOf(cli);
    for (const phase of ['staging', 'shifting', 'retiring']) await journal.write('green', { phase });
    const clearing = journalOf({
      inspect: async () => [],
      api: {
        get: (path: string) => cli.api.get(path),
        delete: async (path: string) => {
          if (path.endsWith('-2')) throw new Error('killed');
          await cli.api.delete(path);
        },
      },
    } as unknown as DockerCli);
    await assert.rejects(clearing.clear(), /killed/);
    assert.deepEqual(await journal.read(), { phase: 'retiring' });
    await journal.clear();
    assert.deepEqual(await left(), nothing);
  });

  test('a volume of somebody else with the name is not taken for a record', async () => {
    await engine.docker(['volume', 'create', 'shop-production-journal-1']);
    await assert.rejects(journalOf(cli).write('green', { phase: 'staging' }), { code: 'name-taken' });
    assert.equal(await journalOf(cli).read(), undefined);
    await engine.docker(['volume', 'rm', 'shop-production-journal-1']);
    assert.deepEqual(await left(), nothing);
  });

  test('the stash is whole, and ends with its journal', async () => {
    const [journal, stash] = [journalOf(cli), new StashContainer({ docker: cli, ...scope })];
    assert.equal(await stash.read(), undefined);
    await journal.write('green', { phase: 'staging' });
    const secrets = `{"text":"${'ü€😀'.repeat(10_000)}"}`;
    await stash.write(secrets);
    assert.equal(await new StashContainer({ docker: cliOf(engine), ...scope }).read(), secrets);
    await journal.write('green', { phase: 'staged' });
    assert.equal(await stash.read(), secrets);
    // One that was cut off.
    await engine.docker(['cp', '-', 'shop-production-stash:/'], {
      input: tarOf('stash/parked.json', '{"text":"'),
    });
    assert.equal(await stash.read(), undefined);
    await stash.write(secrets);
    // Somebody clears up, and takes the journal only.
    await engine.docker(['volume', 'rm', 'shop-production-journal-1', 'shop-production-journal-2']);
    await journal.write('green', { phase: 'staging' });
    assert.equal(await stash.read(), undefined, 'what another run had kept');
    await stash.write(secrets);
    await journal.clear();
    assert.equal(await stash.read(), undefined);
    assert.deepEqual(await left(), { ...nothing, images: await engine.docker(['images', '-aq']) });
    await (await new LockContainer({ docker: cli, ...scope }).acquire(owner('1/1'), 60_000))?.release({
      keepPreview: false,
    });
    assert.deepEqual(await left(), nothing);
  });

  test('a staged release keeps its journal, and the next run clears up', async () => {
    const lock = new LockContainer({ docker: cli, ...scope });
    const journal = journalOf(cli);
    const lease = await lock.acquire(owner('1/1'), 60_000);
    await journal.write('green', { phase: 'staged' });
    await lease!.release({ keepPreview: true });
    assert.deepEqual(await journal.read(), { phase: 'staged' });
    const next = await lock.acquire(owner('2/1'), 60_000);
    await journal.clear();
    await next!.release({ keepPreview: false });
    assert.deepEqual(await left(), nothing);
  });
});

/** A tar of one file, as GNU tar makes it: not with the code that is tested. */
function tarOf(name: string, text: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write(`0000644\0${'0000000\0'.repeat(2)}`, 100);
  block.write(`${Buffer.byteLength(text).toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0        0`, 124);
  block.write('ustar  ', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const content = Buffer.alloc(512);
  content.write(text);
  return Buffer.concat([block, content, Buffer.alloc(1024)]);
}
