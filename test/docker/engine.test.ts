import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { DockerCli } from '../../src/target/docker/docker-cli.ts';
import { ContainerFiles } from '../../src/target/docker/proxy/container-files.ts';
import { TransientError } from '../../src/target/target.ts';
import { cliOf } from './host.ts';
import { type Engine, startEngine } from './lab/engine.ts';
import { loadImage } from './lab/images.ts';
import { docker } from './lab/parts.ts';

describe('the engine’s own API, on the CLI’s way to it', { skip: docker.skip }, () => {
  let engine: Engine;
  let cli: DockerCli;
  before(async () => {
    engine = await startEngine();
    cli = cliOf(engine);
    const image = await loadImage(engine, 'caddy');
    const script = [
      'echo a > /flags/file; ln -s /flags/file /absolute; ln -s ../flags/file /etc/relative',
      'ln -s /flags /folder; ln -s /nowhere /broken; sleep 1000',
    ].join(';');
    await engine.docker(['run', '-d', '--name', 'box', '-v', 'flags:/flags', image, 'sh', '-c', script]);
  });
  after(async () => {
    cli?.close();
    await engine?.close();
  });

  test('what is there is inspected, and what is gone is left out', async () => {
    const [box, ...more] = await cli.inspect<{ Name: string }>('container', ['box', 'gone']);
    assert.deepEqual([box?.Name, more], ['/box', []]);
    const images = await cli.inspect('image', ['caddy:2.6', '127.0.0.1:5000/acme/shop:v1']);
    assert.equal(images.length, 1);
    assert.deepEqual(await cli.inspect('network', ['gone']), []);
    assert.deepEqual(await cli.tagsOf(['caddy', 'shop']), ['caddy:2.6']);
    assert.equal((await cli.containers({})).length, 1);
    assert.deepEqual(await cli.containers({ label: ['not-there'] }), []);
  });

  test('files of a container come and go byte for byte, through mounts and links', async () => {
    const files = new ContainerFiles(cli, 'box');
    const file = { text: 'not UTF-8: \xff', mode: 0o640, modified: 1_600_000_000_000 };
    await files.write('/flags/bytes', file);
    assert.deepEqual(await files.read('/flags/bytes'), file);
    for (const link of ['/absolute', '/etc/relative']) assert.equal((await files.read(link))?.text, 'a\n');
    for (const folder of ['/flags', '/folder'])
      assert.deepEqual([...((await files.list(folder))?.keys() ?? [])].toSorted(), ['bytes', 'file']);
    assert.deepEqual([await files.read('/flags/none'), await files.list('/none')], [undefined, undefined]);
    assert.equal(await files.read('/broken'), undefined);
    await assert.rejects(files.write('/none/file', file), { name: 'DockerError' });
    await assert.rejects(new ContainerFiles(cli, 'gone').list('/flags'), /No such container/);
  });

  test('a connection that broke is made again, and an engine that is away is no news', async () => {
    await engine.restart();
    assert.equal((await cli.inspect('container', ['box'])).length, 1, 'asked on a connection from before');
    await engine.stop();
    await assert.rejects(cli.inspect('container', ['box']), TransientError);
    await engine.start();
    assert.equal((await cli.inspect('container', ['box'])).length, 1);
  });
});
