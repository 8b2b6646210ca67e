import { text } from './fields.ts';

/** A repository as `docker pull` takes it, without the tag: that comes with each deployment. */
export const repository = text(
  /^(?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/,
  'write the repository only, without a tag, as in `registry.example.com/shop`',
);
