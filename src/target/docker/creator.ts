import type { Container } from './containers.ts';
import type { DockerCli } from './docker-cli.ts';
import { parseExact } from './docker-json.ts';
import { readInjected, writeInjected } from './injected-files.ts';
import { type Creation, copy, type RawContainer, recreation } from './recreate.ts';

/** Creates containers from the inspect of others, without starting them. */
export class Creator {
  readonly #docker: DockerCli;

  constructor(docker: DockerCli) {
    this.#docker = docker;
  }

  /**
   * @param files what had been copied into it (injected-files.ts)
   * @returns the new container's id
   */
  async recreate(
    raw: RawContainer,
    ids: ReadonlyMap<string, string>,
    files: readonly Buffer[],
  ): Promise<string> {
    const id = await this.#create(recreation(raw, { image: await this.#imageOf(raw), ids }));
    await writeInjected(this.#docker, id, files);
    return id;
  }

  /** One more like the container of this id. */
  async copy(id: string, name: string, number: number): Promise<string> {
    const raw = await this.#inspect(id);
    const files = await readInjected(this.#docker, raw);
    const made = await this.#create(copy(raw, { image: await this.#imageOf(raw), name, number }));
    await writeInjected(this.#docker, made, files);
    return made;
  }

  /** Completes one that was made like `template`: with those of its networks, and of the files, that it lacks. */
  async complete(template: Container, { id, name, number, inspected }: Container): Promise<void> {
    if (inspected.State.Status === 'created')
      await writeInjected(
        this.#docker,
        id,
        await readInjected(this.#docker, await this.#inspect(template.id)),
      );
    const present = Object.keys(inspected.NetworkSettings.Networks ?? {});
    const wanted = Object.keys(template.inspected.NetworkSettings.Networks ?? {});
    const missing = wanted.filter((network) => !present.includes(network));
    if (missing.length === 0) return;
    const { endpoints } = copy(await this.#inspect(template.id), { image: '', name, number });
    await this.#connect(
      id,
      endpoints.filter((one) => missing.includes(one.network)),
    );
  }

  async #create({ name, body, endpoints }: Creation): Promise<string> {
    const { Id } = await this.#docker.api.post<{ Id: string }>(
      `/containers/create?name=${encodeURIComponent(name)}`,
      body,
    );
    // The first one is in the body.
    await this.#connect(Id, endpoints.slice(1));
    return Id;
  }

  async #connect(id: string, endpoints: Creation['endpoints']): Promise<void> {
    for (const { network, settings } of endpoints)
      await this.#docker.api.post(`/networks/${encodeURIComponent(network)}/connect`, {
        Container: id,
        EndpointConfig: settings,
      });
  }

  async #inspect(id: string): Promise<RawContainer> {
    const [raw] = parseExact<RawContainer[]>(
      await this.#docker.run(['container', 'inspect', id]),
      'docker container inspect',
    );
    return raw!;
  }

  /** The image's name, for people, while it still means this image; else its id: a tag that moved changes nothing. */
  async #imageOf({ Image, Config }: RawContainer): Promise<string> {
    const [named] = await this.#docker.inspect<{ Id: string }>('image', [Config.Image]);
    return named?.Id === Image ? Config.Image : Image;
  }
}
